"""What must not go wrong with the texts of shares, and with codes in texts, each as one sabotaged line."""

from __future__ import annotations

from tests.proof.mutant import Mutant, sabotage

TEXTS, UNLINKED, ENTRIES, LINKS = (
    f"chalicelib/sharing/{name}.py" for name in ("texts", "unlinked", "entries", "links")
)
FOUND = "chalicelib/voucher/texts.py"

TEXTED: tuple[Mutant, ...] = (
    sabotage(TEXTS, "without a link there is no text", "if none.problem is not LINK_UNAVAILABLE:", "if True:"),
    sabotage(TEXTS, "anything that WeChat makes is passed on", "return (link, until) if lawful else None", "return link, until"),
    sabotage(TEXTS, "a link that another app opens is passed on", " and not any(leads_out(part) for part in written[1].split(\"/\"))", ""),
    sabotage(TEXTS, "a link is as long as it is", ".{1,90}", ".{1,900}"),
    sabotage(TEXTS, "a title says what it says", "(unlinked(row.title[:left]), *said)", "(row.title[:left], *said)"),
    sabotage(TEXTS, "a title is as long as it is", "unlinked(row.title[:left])", "unlinked(row.title)"),
    sabotage(TEXTS, "a name says what it says", "unlinked(merchant(mid).name[:NAME_LETTERS])", "merchant(mid).name[:NAME_LETTERS]"),
    sabotage(TEXTS, "a name is as long as it is", "merchant(mid).name[:NAME_LETTERS]", "merchant(mid).name"),
    sabotage(TEXTS, "a mark leads to nobody's share", "objects.mark(row.share_id)", "objects.mark(row.object)"),
    sabotage(TEXTS, "anything is passed on as a code", "if code is not None and passed_on is None:", "if False:"),
    sabotage(TEXTS, "a code is passed on as it was typed", "localised(words.CODE, language) + passed_on", "localised(words.CODE, language) + str(code)"),
    sabotage(TEXTS, "a text outlives its campaign", "(made[1] if made else None, row.ends_at)", "(made[1] if made else None,)"),
    sabotage(TEXTS, "a text outlives its link", "min(ends, default=None)", "max(ends, default=None)"),
    sabotage(LINKS, "a link has its title whole", "unlinked(row.title[:TITLE_LETTERS])", "row.title[:TITLE_LETTERS]"),
    sabotage(UNLINKED, "what nobody sees hides a link", 'if unicodedata.category(sign) not in ("Cf", "Cc"))', ")"),
    sabotage(UNLINKED, "width hides a link", 'unicodedata.normalize("NFKC", sign).lower()', "sign.lower()"),
    sabotage(UNLINKED, "case hides a link", 'unicodedata.normalize("NFKC", sign).lower()', 'unicodedata.normalize("NFKC", sign)'),
    sabotage(UNLINKED, "any full stop is an address", "[0-9a-z]\\.(?:{DOMAINS})(?![0-9a-z])", "[0-9a-z]\\.[a-z]+"),
    sabotage(UNLINKED, "a title brings another's mark", "    r\"|s=[0-9a-z]{16}\"\n", ""),
    sabotage(ENTRIES, "a code comes before a share", "    if share is None:\n        return _alone(mid, code, way)\n    keys", "    if share is None or code is not None:\n        return _alone(mid, code, way)\n    keys"),
    sabotage(ENTRIES, "a code is forgotten beside a share", "None if refused else sure, code)", "None if refused else sure, None)"),
    sabotage(ENTRIES, "an invite code is a text code too", 'return Named(share, target, text.replace(written[0], " "))', "return Named(share, target, text)"),
    sabotage(ENTRIES, "a share that is not known hides a code", "    if target is None:\n        return _alone(mid, code, way)", "    if target is None:\n        return _alone(mid, None, way)"),
    sabotage(ENTRIES, "every number is looked up", "islice(word.form.finditer(text), MOST_WORDS)", "word.form.finditer(text)"),
    sabotage("chalicelib/sharing/routes.py", "a paste has one line", ', extra_json_schema={"x-multiline": True})] | None = None\n    \"\"\"What somebody typed', ')] | None = None\n    \"\"\"What somebody typed'),
    sabotage("chalicelib/sharing/routes.py", "a code alone counts as an entry", "        counted=False,\n", "        counted=True,\n"),
    sabotage(FOUND, "a mistyped code is one", "if is_code(letters) and is_right(letters) else None", "if is_code(letters) else None"),
    sabotage(FOUND, "what a text calls a code is like any other", "    if named:\n", "    if False:\n"),
    sabotage(FOUND, "the first that a text calls a code is it", "return named[-1]", "return named[0]"),
    sabotage(FOUND, "numbers are codes", 'return any("0" <= sign <= "9" for sign in written) and any(sign.isalpha() for sign in written)', 'return any("0" <= sign <= "9" for sign in written)'),
    sabotage(FOUND, "words are codes", 'return any("0" <= sign <= "9" for sign in written) and any(sign.isalpha() for sign in written)', "return any(sign.isalpha() for sign in written)"),
    sabotage(FOUND, "a code that is written apart is none", "    if _is_mixed(whole):\n", "    if False:\n"),
    sabotage(FOUND, "a code in capitals is none without digits", " and (_is_mixed(written) or (written.isupper() and not written.isalpha())):", " and _is_mixed(written):"),
    sabotage(FOUND, "small letters are a code", "(written.isupper() and not written.isalpha())", "not written.isalpha()"),
    sabotage(FOUND, "capitals are a code", "written.isupper() and not written.isalpha()", "written.isupper()"),
    sabotage(FOUND, "hyphens stand anywhere", "if form.fullmatch(written) and", "if written.isascii() and"),
    sabotage(FOUND, "a part of something longer is a code", "form.fullmatch(written)", "form.search(written)"),
    sabotage(FOUND, "what is around it is of it", 'AROUND.sub("", run)', "run"),
    sabotage(FOUND, "width hides a code", 'plain = unicodedata.normalize("NFKC", text)', "plain = text"),
)  # fmt: skip
