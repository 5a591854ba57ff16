"""What must never be forgotten of transfers, messages, cards and tokens."""

from __future__ import annotations

from tests.proof.mutant import Mutant, sabotage

TRANSFER, NOTICE = "chalicelib/wechat/transfer.py", "chalicelib/wechat/notification.py"
EGRESS, FORWARDING = "chalicelib/wechat/egress.py", "chalicelib/wechat/forwarding.py"
FUNCTIONS = "chalicelib/core/functions.py"
BILLFILE = "chalicelib/wechat/billfile.py"
MESSAGE, CARD, CONTENT = (f"chalicelib/wechat/{name}.py" for name in ("message", "card", "content"))
HTTP, TOKEN = "chalicelib/wechat/http.py", "chalicelib/wechat/token.py"
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

MESSAGED: tuple[Mutant, ...] = (
    sabotage(HTTP, "what may have been sent is unsent", 'raise Unknown("timeout") from late', 'raise Unsent("timeout") from late'),
    sabotage(HTTP, "a busy answer is unsent", 'raise Unknown("busy")', 'raise Unsent("busy")'),
    sabotage(HTTP, "a garbled answer is unsent", 'log.warning("wechat_api_garbled", path=path)\n        raise Unknown(', 'log.warning("wechat_api_garbled", path=path)\n        raise Unsent('),
    sabotage(HTTP, "a broken gateway is unsent", 'raise Unknown(f"status {answer.status}")', 'raise Unsent(f"status {answer.status}")'),
    sabotage(HTTP, "a connection that takes too long is unknown", 'raise Unsent("timeout") from nobody', 'raise Unknown("timeout") from nobody'),
    sabotage(HTTP, "where nobody listens is unknown", 'raise Unsent("connection") from nobody', 'raise Unknown("connection") from nobody'),
    sabotage(TOKEN, "a token that cannot be had is unknown", 'raise Unsent(f"token: {silent.reason}") from silent', "raise"),
    sabotage(MESSAGE, "a token that is refused is a refusal of the message", "except (WechatError, RippleError) as none:", "except RippleError as none:"),
    sabotage(MESSAGE, "a token that cannot be stored is a crash", "except (WechatError, RippleError) as none:", "except WechatError as none:"),
    sabotage(MESSAGE, "a refusal of the message is unsent", "            return refusal\n", "            raise\n"),
    sabotage(MESSAGE, "a stale token is the end", "if refusal.code in STALE:", "if False:"),
    sabotage(MESSAGE, "texts are escaped", '{"value": value}', '{"value": value.encode("unicode_escape").decode()}'),
    sabotage(MESSAGE, "a message opens the home page", 'body["page"] = message.page', "pass"),
    sabotage(MESSAGE, "every message is of the released version", '"miniprogram_state": message.state', '"miniprogram_state": "formal"'),
    sabotage(MESSAGE, "every message is Chinese", '"lang": message.language', '"lang": "zh_CN"'),
    sabotage(MESSAGE, "an odd msgid is one", "if isinstance(said, (int, str)) and not isinstance(said, bool) else", "if said is not None else"),
    sabotage(CARD, "a card starts without a path", "_update(app, activity_id, STARTED, path=path, version_type=version)", "_update(app, activity_id, STARTED, version_type=version)"),
    sabotage(CARD, "a card that counts has started", "JOINING, STARTED = 0, 1", "JOINING, STARTED = 1, 1"),
    sabotage(CARD, "who is there is who is needed", "member_count=str(have), room_limit=str(need)", "member_count=str(need), room_limit=str(have)"),
    sabotage(CARD, "a card is waited for as long as ever", "seconds_left(until, CARD_SECONDS)", "CARD_SECONDS"),
    sabotage(CARD, "a token for a card is waited for as long as ever", "with_token(app, call, until)", "with_token(app, call)"),
    sabotage(CARD, "a card need not end", "if not isinstance(ends, int):", "if False:"),
    sabotage(CONTENT, "a picture is a sound", "PICTURE = 2", "PICTURE = 1"),
    sabotage(CONTENT, "a check need not be found again", "if not isinstance(trace_id, str) or not trace_id:", "if False:"),
)  # fmt: skip
