"""``python -m infra.local.emulator``: the embedded AWS in this process; the environment says where (`environment`).

Functions run on the bare interpreter instead of this virtual environment: they find what the artefact holds, no more.
"""

from __future__ import annotations

import sys
from pathlib import Path

from infra.local.addresses import teach
from infra.local.endpoint import CREDENTIALS, REGION
from infra.local.unpacking import share

PASSED = ("PATH", "LANG", "LC_ALL", "HOME", "SSL_CERT_FILE", "LD_LIBRARY_PATH")


def environment(inherited: dict[str, str], *, port: int, scratch: Path, enforce_roles: bool) -> dict[str, str]:
    """What the embedded AWS is told. Functions inherit it, so that nothing of the caller's own may slip in."""
    passed = {name: inherited[name] for name in PASSED if name in inherited}
    return (
        passed
        | CREDENTIALS
        | {
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(port),
            "MINISTACK_REGION": REGION,
            "TMPDIR": str(scratch),
            "AUTH": str(enforce_roles).lower(),
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "LAMBDA_WARM_TTL_SECONDS": "86400",
            "LOG_LEVEL": "WARNING",
        }
    )


def main() -> None:
    """Serve until told to stop."""
    sys.executable = getattr(sys, "_base_executable", sys.executable)
    from ministack.app import main as serve  # reads the interpreter's path when it is imported
    from ministack.core import lambda_runtime
    from ministack.services.cloudformation import provisioners

    share(lambda_runtime)
    teach(provisioners)
    sys.argv = sys.argv[:1]
    serve()


if __name__ == "__main__":
    main()
