"""``python -m infra.local.wechat_sim --port 8790 [--port-file F]``: run until SIGTERM or SIGINT."""

from __future__ import annotations

import argparse
import signal
import threading
from pathlib import Path

from infra.local.wechat_sim.server import Server


def main() -> None:
    """Serve on 127.0.0.1; port 0 takes a free one. The port file appears, complete, when it answers."""
    parser = argparse.ArgumentParser(prog="wechat_sim", description="A WeChat on this machine.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--port-file", type=Path)
    options = parser.parse_args()
    stop = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stop.set())
    try:
        server = Server(port=options.port)
    except OSError as taken:
        raise SystemExit(f"wechat simulator: port {options.port} cannot be used: {taken.strerror}") from None
    with server:
        if options.port_file:
            draft = options.port_file.with_suffix(".new")
            draft.write_text(str(server.port))
            draft.replace(options.port_file)
        print(f"wechat simulator ready on {server.url}", flush=True)
        stop.wait()


if __name__ == "__main__":
    main()
