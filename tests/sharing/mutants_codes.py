"""What must not go wrong with mini-program codes, each as one sabotaged line."""

from __future__ import annotations

from tests.proof.mutant import Mutant, sabotage

CODES, CODE, HTTP = "chalicelib/sharing/minicodes.py", "chalicelib/wechat/code.py", "chalicelib/wechat/http.py"
FILES = "chalicelib/core/files.py"

SCANNED: tuple[Mutant, ...] = (
    sabotage(CODES, "a code that is there is made again", "if row is not None and row.file is not None:", "if False:"),
    sabotage(CODES, "nobody waits for whom another forestalled", "        time.sleep(pause)\n", "        break\n"),
    sabotage(CODES, "who died keeps the code for ever", "MiniCode.leased_until.does_not_exist() | (MiniCode.leased_until <= now)", "MiniCode.leased_until.does_not_exist()"),
    sabotage(CODES, "nobody sees that a lease is over", " or row.leased_until <= now:", ":"),
    sabotage(CODES, "a code is said to be there before its picture", "        files.keep(made.file, picture.content, picture.media)\n", "        update_one(key, [MiniCode.file.set(made.file), MiniCode.media.set(picture.media)], when={})\n        files.keep(made.file, picture.content, picture.media)\n"),
    sabotage(CODES, "who was refused keeps others waiting", "        _given_up(key, until, clock.now() + REFUSED if refused.problem is PAGE_NOT_RELEASED else None)\n", ""),
    sabotage(CODES, "WeChat is asked for a page that it does not know again and again", "now < row.refused_until:", "False:"),
    sabotage(CODES, "a code that is lost stays lost", "update_one(key, [MiniCode.file.remove()], when={})", "pass"),
    sabotage(CODES, "codes are made at any rate", 'if not rate.take(mid, "code", CODES):', "if False:"),
    sabotage(CODES, "a page that is missing is a passing trouble", "if refused.code == NOT_RELEASED:", "if False:"),
    sabotage(CODES, "another's refusal is a missing page", "if refused.code == NOT_RELEASED:", "if True:"),
    sabotage(FILES, "a link is told to live for longer than it does", "ExpiresIn=seconds)), until)", "ExpiresIn=seconds)), until + SHOWN)"),
    sabotage(CODES, "the sample is somebody's", 'objects.mark("0" * 16)', '"0" * 16'),
    sabotage(CODE, "any scene is sent", "if not SCENE.fullmatch(scene) or not", "if not"),
    sabotage(CODE, "any page is sent", " or not PAGE.fullmatch(page):", ":"),
    sabotage(CODE, "a picture may be cut", " and ends in content[-END:]:", ":"),
    sabotage(CODE, "anything is a picture", "if content.startswith(begins) and", "if"),
    sabotage(CODE, "a code leads to what is not released", '"check_path": check_page', '"check_path": False'),
    sabotage(CODE, "a code leads to the trial version", '"release"', '"trial"'),
    sabotage(HTTP, "an error is a file", 'if answer.body[:1] == b"{" or "json" in', 'if "json" in'),
    sabotage(HTTP, "what says that it is JSON is a file", 'if answer.body[:1] == b"{" or "json" in answer.headers.get("content-type", ""):', 'if answer.body[:1] == b"{":'),
)  # fmt: skip
