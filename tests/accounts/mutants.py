"""What must not go wrong with pictures that strangers see, and with what WeChat tells, each as one sabotaged line."""

from __future__ import annotations

from tests.proof.mutant import Mutant, sabotage

AVATARS, MASK = "chalicelib/accounts/avatars.py", "chalicelib/accounts/mask.py"
EVENTS, PUSH, XML = "chalicelib/push/events.py", "chalicelib/wechat/push.py", "chalicelib/wechat/xml.py"

LOOKED_AT: tuple[Mutant, ...] = (
    sabotage(AVATARS, "what is told early is forgotten", "            Transaction().put(\"trace\", Trace(*key, risky=risky, ttl=_kept())).commit()", "            pass"),
    sabotage(AVATARS, "an early refusal is no refusal", "        actions = _verdict(risky=early.risky)", "        actions = _verdict(risky=False)"),
    sabotage(AVATARS, "who is not told hides pictures", "    if hears(user.mid):", "    if True:"),
    sabotage(AVATARS, "what was never told is never asked again", "    if user.avatar_state is not AvatarState.UNCHECKED:\n        return\n    if", "    if True:\n        return\n    if"),
    sabotage(AVATARS, "a visit asks what is being looked at", "clock.now() < user.looked_at + LOOKING", "False"),
    sabotage(AVATARS, "WeChat is asked for ever", "    if clock.now() >= entry.created_at + VISIT:", "    if False:"),
    sabotage(AVATARS, "an older picture is asked about", "user.picturing != entry.number or ", ""),
    sabotage(EVENTS, "only what passes is a verdict", "    if said not in set(Suggest):", "    if said != Suggest.PASS:"),
    sabotage(PUSH, "one entry alone is none", "    many = value if isinstance(value, list) else [value]", "    many = value if isinstance(value, list) else []"),
    sabotage(PUSH, "entries in a member of their own are none", "holders = [self.fields, *_dicts(self.fields.get(named))]", "holders = [self.fields]"),
    sabotage(PUSH, "all messages of a kind are one", 'derived("push", msgspec.json.encode(self.fields, order="sorted").decode())', 'derived("push", self.kind)'),
    sabotage(XML, "entities are declared", "    parser.StartDoctypeDeclHandler = reader.doctype\n", ""),
    sabotage(XML, "elements are as deep as they like", "len(self.open) == DEEPEST or ", ""),
    sabotage(XML, "elements are as many as they like", " or self.elements > MOST", ""),
    sabotage(XML, "the last of several is all", "            members[name].append(value)", "            members[name] = value"),
)  # fmt: skip
