"""A whole Ripple on this machine: embedded AWS, WeChat simulator, metrics forwarder, and the deployed template."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from infra.build import build
from infra.deploy import Deployment
from infra.local import emulator, processes
from infra.local.endpoint import Endpoint, State, load, root, state_file, store
from infra.local.processes import HOST


@dataclass
class Stack:
    """One stage in ``home``, which holds its logs, its state file and the functions' scratch space.

    ``enforce_roles`` gives every function its own role's rights and no more. ``parameters`` are the template's.
    Ports are free ones unless given. ``forward_metrics`` keeps the embedded CloudWatch's metrics up to date.
    """

    home: Path
    stage: str = "local"
    parameters: Mapping[str, str] = field(default_factory=dict)
    enforce_roles: bool = False
    aws_port: int | None = None
    wechat_port: int | None = None
    forward_metrics: bool = False
    say: Callable[[str], None] = lambda line: None

    def start(self) -> Endpoint:
        """Start what does not run, deploy what has changed, return when the API answers.

        Raises `Stopped` and `DeployError`.
        """
        self.home.mkdir(parents=True, exist_ok=True)
        known = load(self.home)
        whole = known.endpoint is not None and all(processes.alive(process) for process in known.processes)
        if known.processes and not whole:
            self.say("the last run was interrupted or something of it has ended: starting anew")
            stop(self.home)
            known = State()
        built = build()
        self.say(f"artefact: {built.megabytes:.1f} MB")
        aws, wechat = self._serve() if known.endpoint is None else (known.endpoint.aws, known.endpoint.wechat)
        theirs = {"WechatApiUrl": wechat, "WechatPayUrl": wechat, "WechatAvatarUrl": f"{wechat}/avatars"}
        parameters = {"Local": "true", **theirs, **self.parameters}
        outputs = Deployment(self.stage, parameters, aws, root(), self.say).run(built)
        endpoint = Endpoint(
            home=str(self.home),
            stage=self.stage,
            api=outputs["ApiUrl"],
            aws=aws,
            wechat=wechat,
            table=outputs["TableName"],
            queue=outputs["DueQueueUrl"],
            secret_prefix=outputs["SecretPrefix"],
            export_bucket=outputs["ExportBucketName"],
            picture_bucket=outputs["PictureBucketName"],
            master_secret=outputs["MasterSecret"],
        )
        running = load(self.home).processes
        store(self.home, State(running, endpoint))
        processes.await_answer(f"{endpoint.api}/v1/health", running[0], self.home)
        if self.forward_metrics and "metrics" not in {process.name for process in running}:
            environment = {**os.environ, "RIPPLE_HOME": str(self.home)}
            running.append(processes.start("metrics", "infra.local.emf", home=self.home, environment=environment))
            store(self.home, State(running, endpoint))
        return endpoint

    def stop(self) -> None:
        """End what `start` has started and delete the functions' scratch space; logs stay."""
        stop(self.home)

    def __enter__(self) -> Endpoint:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _serve(self) -> tuple[str, str]:
        aws_port, wechat_port = self.aws_port or processes.free_port(), self.wechat_port or processes.free_port()
        scratch = self.home / "scratch"
        scratch.mkdir(exist_ok=True)
        environment = emulator.environment(
            dict(os.environ), port=aws_port, scratch=scratch, enforce_roles=self.enforce_roles
        )
        state = State()
        store(self.home, state)
        aws, wechat = f"http://{HOST}:{aws_port}", f"http://{HOST}:{wechat_port}"
        for name, arguments, ready in (
            ("aws", ("infra.local.emulator",), f"{aws}/_ministack/ready"),
            ("wechat", ("infra.local.wechat_sim", "--port", str(wechat_port)), wechat),
        ):
            self.say(f"starting {name} on {ready.split('/')[2]}")
            process = processes.start(name, *arguments, home=self.home, environment=environment)
            state.processes.append(process)
            store(self.home, state)
            processes.await_answer(ready, process, self.home)
        return aws, wechat


def stop(home: Path) -> list[str]:
    """End exactly what was started in ``home``; the names of what still ran."""
    state = load(home)
    running = [process for process in state.processes if processes.alive(process)]
    for process in reversed(state.processes):
        processes.stop(process)
    shutil.rmtree(home / "scratch", ignore_errors=True)
    state_file(home).unlink(missing_ok=True)
    return [process.name for process in running]
