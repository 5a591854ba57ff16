"""``make up``: build, start, deploy, seed, and say how to use it. Run again, it brings what runs up to date."""

from __future__ import annotations

import os
import subprocess
import sys
import time

from infra.deploy import DeployError
from infra.local.endpoint import HOME, ROOT, Endpoint, load
from infra.local.processes import Stopped, is_free
from infra.local.stack import Stack

PORTS = {"RIPPLE_AWS_PORT": 14566, "RIPPLE_WECHAT_PORT": 14567}


def say(line: str) -> None:
    """One step of progress."""
    print(f"  {line}", flush=True)


def chosen_ports() -> dict[str, int]:
    """The ports by variable. Exits with advice when one is no port or taken by somebody else."""
    ports = {}
    for variable, usual in PORTS.items():
        given = os.environ.get(variable, str(usual))
        if not given.isdecimal() or not 1024 <= int(given) <= 65535:
            sys.exit(f"{variable}={given} is not a port between 1024 and 65535")
        ports[variable] = int(given)
        if not load(HOME).processes and not is_free(ports[variable]):
            sys.exit(f"port {given} is taken by another program; choose another: {variable}={int(given) + 100} make up")
    return ports


def run(module: str, endpoint: Endpoint) -> None:
    """Run a module of this project with the stack's environment; its failure is ours."""
    environment = {**os.environ, **endpoint.environment()}
    done = subprocess.run([sys.executable, "-m", module], cwd=ROOT, env=environment, check=False)
    if done.returncode:
        sys.exit(f"{module} failed; logs are in {HOME}")


def main() -> None:
    """Bring everything up, then print the address and the demo."""
    began = time.monotonic()
    print("Ripple is starting on this machine")
    ports = chosen_ports()
    stack = Stack(
        HOME,
        aws_port=ports["RIPPLE_AWS_PORT"],
        wechat_port=ports["RIPPLE_WECHAT_PORT"],
        enforce_roles=True,
        forward_metrics=True,
        say=say,
    )
    try:
        endpoint = stack.start()
    except (Stopped, DeployError) as failed:
        sys.exit(f"{failed}\nLogs are in {HOME}; make down cleans up.")
    say("seeding the demo")
    run("infra.local.seed", endpoint)
    print(f"Ripple answers after {time.monotonic() - began:.0f} s at\n\n  {endpoint.api}\n", flush=True)
    run("infra.local.walk", endpoint)
    print(f"\n  WeChat simulator  {endpoint.wechat}\n  embedded AWS      {endpoint.aws}\n")
    print("  curl $URL/v1/openapi.json   what it can do      make walk   three people buy together")
    print("  make logs                   what it says        make down   stop it")


if __name__ == "__main__":
    main()
