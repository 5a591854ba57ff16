"""What must never be forgotten of transfers."""

from __future__ import annotations

from tests.proof.mutant import Mutant, sabotage

TRANSFER, NOTICE = "chalicelib/wechat/transfer.py", "chalicelib/wechat/notification.py"
EGRESS, FORWARDING = "chalicelib/wechat/egress.py", "chalicelib/wechat/forwarding.py"
FUNCTIONS = "chalicelib/core/functions.py"
BILLFILE = "chalicelib/wechat/billfile.py"
SIGNING, FLOW = "chalicelib/wechat/signing.py", "chalicelib/wechat/fundflow.py"

TRANSFERRED: tuple[Mutant, ...] = (
    sabotage(TRANSFER, "a failed transfer goes on", "(TransferState.SUCCESS, TransferState.FAIL, TransferState.CANCELLED)", "(TransferState.SUCCESS, TransferState.CANCELLED)"),
    sabotage(TRANSFER, "a withdrawal that is under way is over", "(TransferState.SUCCESS, TransferState.FAIL, TransferState.CANCELLED)", "(TransferState.SUCCESS, TransferState.FAIL, TransferState.CANCELLED, TransferState.CANCELING)"),
    sabotage(TRANSFER, "a state that is new to us is a failure", "else TransferState.OTHER", "else TransferState.FAIL"),
    sabotage(TRANSFER, "any number is sent", "if not NUMBER.fullmatch(out_bill_no):", "if False:"),
    sabotage(TRANSFER, "a large transfer has no name", "if amount >= NAME_NEEDED and not name:", "if amount > NAME_NEEDED and not name:"),
    sabotage(TRANSFER, "a small transfer has a name", "if name and amount >= NAME_ALLOWED:", "if name:"),
    sabotage(TRANSFER, "a name is sent as it is", 'body["user_name"] = signing.encrypt(account, name)', 'body["user_name"] = name'),
    sabotage(TRANSFER, "a red packet is a plain page", '{"type": "RED_PACKET"}', '{"type": "CONFIRM_PAGE"}'),
    sabotage(TRANSFER, "an offer without its page is believed", "if found.state is TransferState.WAIT_USER_CONFIRM and found.package_info is None:", "if False:"),
    sabotage(TRANSFER, "any refusal means that there is no transfer", "if refusal.status == 404 and refusal.code in ABSENT:", "if refusal.code:"),
    sabotage(TRANSFER, "a 400 may mean that there is no transfer", "if refusal.status == 404 and refusal.code in ABSENT:", "if refusal.code in ABSENT:"),
    sabotage(TRANSFER, "an unknown transfer is a refusal", "if refusal.status == 404 and refusal.code in ABSENT:", "if False:"),
    sabotage(TRANSFER, "an answer about another transfer is believed", "if found.out_bill_no != out_bill_no:", "if False:"),
    sabotage(TRANSFER, "a garbled answer is a crash", "raise Unknown(\"answer is no transfer\") from wrong", "raise"),
    sabotage(TRANSFER, "the page is of another app", '"appId": account.appid, "package"', '"appId": account.mchid, "package"'),
    sabotage(NOTICE, "any event tells of a transfer", 'if event.event_type != "MCHTRANSFER.BILL.FINISHED":', "if False:"),
    sabotage(NOTICE, "a notice need not say how much", "or told.openid is None or told.amount is None:", "or told.openid is None:"),
    sabotage(NOTICE, "a notice need not say whom", "or told.openid is None or told.amount is None:", "or told.amount is None:"),
    sabotage(NOTICE, "a notice need not say whose", "if told.mchid is None or told.openid", "if told.openid"),
    sabotage(SIGNING, "a name is sealed with another hash", "OAEP(mgf=MGF1(SHA1()), algorithm=SHA1(), label=None)", "OAEP(mgf=MGF1(SHA1()), algorithm=SHA1(), label=b'x')"),
    sabotage(FLOW, "a fund flow need not add up", "if said != counted:", "if False:"),
    sabotage(FLOW, "money that goes comes", "Fen(fen(amount) if way == CAME else -fen(amount))", "fen(amount)"),
    sabotage(FLOW, "a line may neither come nor go", "if way not in (CAME, WENT):", "if False:"),
    sabotage(FLOW, "another account is asked about", "account_type=OPERATION", "account_type=BASIC"),
)  # fmt: skip

SENT_OUT: tuple[Mutant, ...] = (
    sabotage(TRANSFER, "a transfer is offered from anywhere", 'ask(account, "POST", BILLS, body, via=way_out())', 'ask(account, "POST", BILLS, body)'),
    sabotage(TRANSFER, "a transfer is asked about from anywhere", "ask(account, method, path, via=way_out())", "ask(account, method, path)"),
    sabotage(FLOW, "the operations account's bill is fetched from anywhere", "billfile.download(account, target, via=way_out())", "billfile.download(account, target)"),
    sabotage(BILLFILE, "a bill is asked for another way than it is fetched", 'ask(account, "GET", target, via=via)', 'ask(account, "GET", target)'),
    sabotage(BILLFILE, "a bill is fetched another way than it is asked for", "via or transport())", "transport())"),
    sabotage(EGRESS, "the function with the address is not used", "return ThroughFunction(name) if name else transport()", "return transport()"),
    sabotage(EGRESS, "a function is asked where there is none", "return ThroughFunction(name) if name else transport()", "return ThroughFunction(name)"),
    sabotage(FUNCTIONS, "a function that failed has said something", "    if (failed := told.get(\"FunctionError\")) is not None:\n", "    if (failed := None) is not None:\n"),
    sabotage(FUNCTIONS, "a function that is not to be reached is a crash", "except (BotoCoreError, ClientError) as lost:", "except BotoCoreError as lost:"),
    sabotage(FUNCTIONS, "a lost answer of the function is a crash", "except (BotoCoreError, ClientError) as lost:", "except ClientError as lost:"),
    sabotage(EGRESS, "a garbled outcome is a crash", "except (msgspec.MsgspecError, UnicodeDecodeError, zlib.error) as garbled:", "except msgspec.MsgspecError as garbled:"),
    sabotage(FUNCTIONS, "the function is asked again by itself", "attempts=1)", "attempts=3)"),
    sabotage(EGRESS, "the function has no time to start", "CONNECT_SECONDS + timeout + START_SECONDS", "timeout"),
    sabotage(EGRESS, "an answer stays deflated", "msgspec.structs.replace(outcome.answer, body=whole)", "outcome.answer"),
    sabotage(FORWARDING, "an address need not be WeChat's", "return url.startswith(base) and any(", "return any("),
    sabotage(FORWARDING, "a path need only begin well", "path.fullmatch(url.removeprefix(base))", "path.match(url.removeprefix(base))"),
    sabotage(FORWARDING, "any method will do", "method == allowed and path", "path"),
    sabotage(FORWARDING, "any account's bill is fetched", "account_type=OPERATION", "account_type=[A-Z]+"),
    sabotage(FORWARDING, "what is refused is sent", 'raise NotOurs("no business of the operations account")', "pass"),
    sabotage(FORWARDING, "what does not fit is handed over", "if size > LARGEST_ANSWER:", "if False:"),
    sabotage(FORWARDING, "a bill is handed over as it is", "zlib.compress(came.body)", "zlib.compress(came.body, 0)"),
    sabotage(FORWARDING, "a request loses its signature", "errand.url, errand.headers, errand.body", "errand.url, {}, errand.body"),
    sabotage(FORWARDING, "a request loses its body", "errand.headers, errand.body, errand.timeout", "errand.headers, None, errand.timeout"),
    sabotage(FORWARDING, "nobody tells the function how long to wait", "errand.body, errand.timeout)", "errand.body, 60.0)"),
)  # fmt: skip
