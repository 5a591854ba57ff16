from __future__ import annotations

import os
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from PIL import Image

from chalicelib.core import clock
from chalicelib.core.config import config
from chalicelib.pictures import faces
from chalicelib.pictures.colours import READABLE, rgb
from chalicelib.pictures.document import Palette
from chalicelib.pictures.errands import Refusal
from chalicelib.pictures.light import contrast
from chalicelib.pictures.opening import NotTaken
from tests.emulator import Emulator
from tests.pictures import hostile
from tests.pictures.hostile import encoded, photo, pixel
from tests.pictures.server import GOOD, Host, chunked, dripping, endless, host, now, plain, silent

HOST = "https://thirdwx.qlogo.cn/mmopen/"


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    """A host in the place of WeChat's."""
    with host() as made:
        monkeypatch.setitem(os.environ, "RIPPLE_WECHAT_AVATAR_URL", made.url)
        config.cache_clear()
        yield made
    config.cache_clear()


def refusal(name: str) -> tuple[Refusal, int | None]:
    with pytest.raises(NotTaken) as refused:
        faces.portrait(HOST + name)
    return refused.value.why, refused.value.limit


def test_good_portraits_of_all_forms_are_fetched(there: Host) -> None:
    for form in ("JPEG", "PNG", "WEBP"):
        there.says[form] = plain(encoded(photo(132, 132), form))
        image = faces.portrait(HOST + form)
        assert image.mode == "RGB" and image.size == (132, 132)
    assert there.asked[0] == "/thirdwx.qlogo.cn/mmopen/JPEG"
    there.says["chunks"] = chunked(*(encoded(photo(), "PNG")[at : at + 999] for at in range(0, 99_999, 999)))
    assert faces.portrait(HOST + "chunks").size == (320, 240)
    there.says["unsaid"] = endless(encoded(photo(), "PNG"), 1)
    assert faces.portrait(HOST + "unsaid").size == (320, 240)
    there.says["clear"] = plain(encoded(Image.new("RGBA", (99, 99), (0, 0, 0, 0)), "PNG"))
    assert faces.pixel(portrait(HOST + "clear"), 9, 9) == (255, 255, 255)


def test_what_is_no_portrait_is_refused(there: Host) -> None:
    whole = encoded(photo(200, 200), "JPEG")
    answers = {
        "html": (plain(hostile.HTML), Refusal.NOT_A_PICTURE, None),
        "svg": (plain(hostile.SVG, more="Content-Type: image/png\r\n"), Refusal.NOT_A_PICTURE, None),
        "gif": (plain(hostile.GIF), Refusal.NOT_A_PICTURE, None),
        "empty": (plain(b""), Refusal.NOT_A_PICTURE, None),
        "half": (plain(whole[:2000]), Refusal.TRUNCATED, None),
        "moving": (plain(hostile.frames("WEBP")), Refusal.ANIMATED, None),
        "bomb": (plain(hostile.bomb(30_000, 3_000)), Refusal.TOO_LARGE, faces.MOST),
        "wide": (plain(encoded(Image.new("L", (2049, 2048)), "PNG")), Refusal.TOO_LARGE, faces.MOST),
        "tiny": (plain(encoded(photo(31, 31), "PNG")), Refusal.TOO_SMALL, faces.LEAST),
        "packed": (plain(b"\x1f\x8b" + bytes(99), more="Content-Encoding: gzip\r\n"), Refusal.NOT_A_PICTURE, None),
        "shorter": (plain(whole, says=2000), Refusal.TRUNCATED, None),
        "longer": (plain(whole[:2000], says=len(whole)), Refusal.TRUNCATED, None),
        "less_than_none": (plain(whole, more="Content-Length: -5\r\n"), None, None),
        "gone": (plain(whole, status="404 Not Found"), Refusal.UNREACHABLE, None),
        "broken": (plain(whole, status="500 Oh"), Refusal.UNREACHABLE, None),
        "moved": (plain(b"", status="302 Found", more="Location: /a/ok\r\n"), Refusal.UNREACHABLE, None),
        "no_http": (lambda asker: asker.sendall(b"SSH-2.0-x\r\n"), Refusal.UNREACHABLE, None),
        "nothing": (lambda asker: None, Refusal.UNREACHABLE, None),
        "many_heads": (endless_head, Refusal.UNREACHABLE, None),
        "wrong_chunk": (lambda asker: asker.sendall(GOOD + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n"),
                        Refusal.UNREACHABLE, None),
    }  # fmt: skip
    there.says |= {name: say for name, (say, _, _) in answers.items()} | {"ok": plain(whole)}
    for name, (_, why, limit) in answers.items():
        if why is None:
            with pytest.raises(NotTaken):
                faces.portrait(HOST + name)
        else:
            assert refusal(name) == (why, limit), name
    assert len(there.asked) == len(answers), "a redirect was followed, or something asked twice"


def endless_head(asker: socket.socket) -> None:
    asker.sendall(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100_000)


def test_no_more_than_a_megabyte_is_read(there: Host) -> None:
    sent = 0

    def flood(asker: socket.socket) -> None:
        nonlocal sent
        asker.sendall(GOOD + b"Content-Length: 104857600\r\n\r\n")
        for _ in range(1600):
            asker.sendall(bytes(65536))
            sent += 65536

    there.says["flood"] = flood
    there.says["unsaid"] = endless(bytes(65536), 1600)
    there.says["chunks"] = chunked(*[bytes(65536)] * 100)
    for name in there.says:
        assert refusal(name) == (Refusal.TOO_LARGE, faces.BYTES)
    assert sent < 30 * faces.BYTES, "what the machine keeps for a slow reader, and no more"


def test_two_seconds_in_all_however_the_bytes_come(there: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faces, "SECONDS", 0.4)
    whole, ended = encoded(photo(200, 200), "JPEG"), there.ended
    there.says = {
        "silent": silent(ended),
        "body": dripping(GOOD + b"Content-Length: 9000\r\n\r\n" + whole[:200], whole[:1], 0.05, ended),
        "unsaid": dripping(GOOD + b"\r\n" + whole, b"\0", 0.05, ended),
        "head": dripping(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"z", 0.05, ended),
        "heads": dripping(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n", 0.05, ended),
        "chunks": dripping(GOOD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nz\r\n", 0.05, ended),
        "size_of_chunk": dripping(GOOD + b"Transfer-Encoding: chunked\r\n\r\n", b"0", 0.05, ended),
        "continue": dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.05, ended),
    }
    for name in list(there.says):
        began = now()
        assert refusal(name) == (Refusal.UNREACHABLE, None), name
        assert now() - began < 5, name
    assert threading.active_count() < 30


def test_other_hosts_are_never_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faces, "fetched", lambda url: pytest.fail(url))
    for url in (
        *("http://thirdwx.qlogo.cn/a", "https://qlogo.cn/a", "https://a.qlogo.cn.evil.com/a", "https://evil.com/a"),
        *("https://evil.com/#.qlogo.cn/a", "https://x@y.qlogo.cn/a", "https://a.qlogo.cn:22/a", "https://a.qlogo.cn"),
        *("https://169.254.169.254/latest", "file:///etc/passwd", "", "https://a.b.qlogo.cn/a", "HTTPS://a.qlogo.cn/a"),
        *(
            "https://a.qlogo.cn/a?b=c",
            "https://a.qlogo.cn/a\r\nHost: b",
            "https://a.qlogo.cn/a\n",
            "https://a.qlogo.cn/图",
        ),
    ):
        with pytest.raises(NotTaken) as refused:
            faces.portrait(url)
        assert refused.value.why is Refusal.UNREACHABLE


def test_nobody_there_is_unreachable(there: Host) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    with pytest.raises(NotTaken) as refused:
        faces.fetched(f"http://127.0.0.1:{port}/a")
    assert refused.value.why is Refusal.UNREACHABLE


def test_a_host_that_nobody_vouches_for_is_unreachable(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    today = clock.now()
    signed = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    signed = signed.serial_number(7).not_valid_before(today).not_valid_after(today + timedelta(days=1))
    pem = signed.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    pem += key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "both.pem").write_bytes(pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "both.pem")
    refused: list[Exception] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            asker, _ = server.accept()
            with asker:
                try:
                    context.wrap_socket(asker, server_side=True).close()
                except OSError as alert:
                    refused.append(alert)

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(NotTaken):
            faces.fetched(f"https://127.0.0.1:{server.getsockname()[1]}/a")
        thread.join(5)
    assert refused, "it was believed"


def test_a_portrait_is_cut_round_with_smooth_edges() -> None:
    image = Image.new("RGB", (300, 200), "red")
    image.paste("blue", (0, 0, 50, 200))
    image.paste("blue", (250, 0, 300, 200))
    cut = faces.round_portrait(image, 96)
    assert cut.mode == "RGBA" and cut.size == (96, 96)
    assert pixel(cut, 48, 48) == (255, 0, 0, 255) and pixel(cut, 1, 48)[:3] == (255, 0, 0)
    assert pixel(cut, 0, 0)[3] == 0 and pixel(cut, 95, 95)[3] == 0
    alpha = cut.getchannel("A")
    assert len(alpha.getcolors() or ()) > 12 and alpha.tobytes() == alpha.transpose(Image.Transpose.ROTATE_90).tobytes()


def test_a_missing_portrait_is_the_name_s_first_letter_on_its_colour(type_there: Emulator) -> None:
    palette = Palette()
    names = ("安妮", "安迪", "lina", "Lina", "🐳小鲸鱼", "👨\u200d👩\u200d👧家", "·", "  ", "", None)
    figures = {name: faces.missing(name, 96, palette) for name in names}
    for figure in figures.values():
        assert figure.mode == "RGBA" and figure.size == (96, 96) and pixel(figure, 0, 0)[3] == 0
    assert figures[None].tobytes() == figures[""].tobytes() == figures["  "].tobytes()
    assert figures["安妮"].tobytes() == faces.missing("安妮", 96, palette).tobytes()
    shades = {name: pixel(figure, 48, 4)[:3] for name, figure in figures.items() if name and name.strip()}
    assert len(set(shades.values())) >= 4 and all("#" + bytes(shade).hex() in faces.SHADES for shade in shades.values())
    white = (255, 255, 255, 255)
    assert white in figures["安妮"].get_flattened_data() and white in figures["lina"].get_flattened_data()
    assert len(figures["🐳小鲸鱼"].getcolors(9999) or []) > len(figures["安妮"].getcolors(9999) or []) > 20


def test_white_can_be_read_on_every_colour_of_names() -> None:
    for shade in faces.SHADES:
        assert contrast(rgb(shade), (255, 255, 255)) >= READABLE, shade
