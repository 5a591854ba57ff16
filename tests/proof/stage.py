"""A scene set once, and put back before every run."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.core import chance, clock, consumers, due
from chalicelib.core.errors import BUSY, RippleError
from chalicelib.core.table import Key
from infra.local.wechat_sim.transfer_fields import SCENES
from tests import invariants
from tests.proof.faults import Gate, Planned
from tests.proof.schedule import Policy, Run, Scheduler, follow
from tests.proof.trace import Trace
from tests.snapshot import keep, state, stored, transferred
from tests.town import STREAMED, WATCHED, Context, Town

Act = Callable[[], Any]
"""Something an actor does; doing it again is the client's repetition with the same key, or the message told twice."""

Build = Callable[[Town], Mapping[str, Act]]


@dataclass(frozen=True)
class Scene:
    """A situation of a play, and what may happen in it at the same time."""

    name: str
    build: Build


class Broken(AssertionError):
    """A run that broke a promise: what repeats it, and who did what."""


class Stage:
    """A town in which a scene has been set."""

    def __init__(self, town: Town, scene: Scene) -> None:
        self.town = town
        self.scene = scene
        self.acts = dict(scene.build(town))
        self.machinery: dict[str, Act] = {"the workers": self._work, "the stream, late and twice": self._stream}
        """What runs in the background of every scene."""
        self.trace = Trace()
        self._scheduler = Scheduler(self.trace)
        self.gate = Gate(town, self._scheduler, self.trace)
        self.steps: list[str] = []
        """What was done since the scene was set."""
        self._kept = keep(town)
        self._entries = town.items()
        self._whole = set[object]()
        """Books that were found to keep every promise."""
        self._followed = set[tuple[bytes, str]]()
        """From where it is known what follows."""

    def play(
        self, names: tuple[str, ...], policy: Policy, planned: Planned | None = None, weak: int | None = None
    ) -> Run:
        """Set the scene anew and let ``names`` act; a name twice is the same act by two actors. Invariants hold.

        With ``weak``, a seed, reads are now and then as weak as DynamoDB permits. The same arguments are the same run.
        """
        self.reset()
        known = {**self.acts, **self.machinery}
        acts = {f"{n}: {name}": known[name] for n, name in enumerate(names, 1)}
        self.gate.planned, self.gate.unsteady = planned, None if weak is None else random.Random(weak)
        with self.gate:
            run = self._scheduler.run(acts, policy)
        options = (f", {planned}" if planned else "") + (f", weak={weak}" if weak is not None else "")
        self.steps = [f"stage.play({names}, follow({run.taken}){options})"]
        with self.held_to():
            for name, result in run.results.items():
                _insist_answered(name, result, planned)
        if (books := (stored(self.town), transferred(self.town))) not in self._whole:
            with self.held_to():
                invariants.check(self.town.books(), self.town.sim.world)
            self._whole.add(books)
        return run

    def alone(self, name: str, planned: Planned | None = None) -> Run:
        """One actor, undisturbed but for a planned fault."""
        return self.play((name,), follow([]), planned)

    def again(self, name: str) -> Any:
        """The same act once more, after a run and undisturbed."""
        self.steps.append(f"stage.again({name!r})")
        chance._source = random.Random(name)
        with self.held_to():
            return {**self.acts, **self.machinery}[name]()

    def rest(self) -> None:
        """Let everything that is due happen, and hold the house to its promises; what it was left like once before ends
        as it did then, and is left like that."""
        self.steps.append("stage.rest()")
        if self.known("stage.rest()"):
            return
        chance._source = random.Random("rest")
        with self.held_to():
            quiet = rest(self.town)
            invariants.at_rest(self.town.books(), self.town.sim.world, quiet)

    def known(self, follows: str) -> bool:
        """Whether ``follows`` followed before on exactly what stands now, which then ends the same.

        `again` and `rest` begin with randomness of their own, so that nothing else decides what they do.
        """
        here = (state(self.town), follows)
        known = here in self._followed
        self._followed.add(here)
        return known

    def _work(self) -> None:
        """Every shard that the sweeper would find now."""
        for shard in self.town.emulator.shards_due():
            due.work(shard)

    def _stream(self) -> None:
        """All that the stream tells of, that there is or was when the scene began, again and in any order."""
        images = {item.key: item.serialize() for item in [*self._entries, *self.town.items()]}
        told = [
            i
            for k, i in images.items()
            if not i.keys().isdisjoint(WATCHED) or (k.sk.startswith(STREAMED) and "gsi2sk" in i)
        ]
        records = [{"dynamodb": {"NewImage": image}} for image in told] * 2
        random.Random(len(records)).shuffle(records)
        consumers.streamed({"Records": records}, Context())

    @contextmanager
    def held_to(self) -> Iterator[None]:
        """Whatever is raised in the block is told with what repeats it; a promise that is tried alone alone counts."""
        try:
            yield
        except Exception as why:
            if invariants.ONLY is None or isinstance(why, invariants.BrokenPromise):
                raise Broken(f"{why}\n{self.replay}\n{self.trace.text()}") from why

    @property
    def replay(self) -> str:
        """What repeats the last run exactly, in a test that has set this scene."""
        return f"scene: {self.scene.name}\nreplay: {'; '.join(self.steps)}"

    def reset(self) -> None:
        """Set the scene anew."""
        self._kept()
        self.trace.lines.clear()


def _insist_answered(name: str, result: Any, planned: Planned | None) -> None:
    status = getattr(result, "status", None)
    busy = isinstance(result, RippleError) and result.problem is BUSY
    if isinstance(result, Exception) and not (planned and busy):
        raise result
    if status in (400, 422):
        raise AssertionError(f"{name} asks for nonsense: {result.body}")
    if isinstance(status, int) and status >= 500 and not (planned and status == 503):
        raise AssertionError(f"{name} was answered {status}: {result.body}")


@contextmanager
def set_scene(town: Town, scene: Scene) -> Iterator[Stage]:
    """The scene's stage; nobody really sleeps there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "sleep", lambda seconds: None)
        yield Stage(town, scene)


MOST_EVENTS = 400

ENOUGH = 1_000_000
"""Fen that come to an operations account: what waits for them would be offered again for ever."""

PATIENCE = timedelta(minutes=5)
"""How long a user is waited for who does not confirm a transfer."""


def rest(town: Town) -> datetime:
    """Let time pass from one due entry to the next, with stream and notifications, until nothing is left to do.

    Goods that have days to go out or to arrive are left where they are, and so are cases, grants, points, and cash that
    nobody asks for: scenes of their own have acts for the time when these fall due. Operations accounts have money and
    their scenes again, and nobody confirms. Last of all the days so far are compared with WeChat's bills, which may
    give more to do; a merchant's own entries, which ask for that, come back every day for ever. Returns when nothing
    was left but that.
    """
    quiet: datetime | None = None
    for account in town.sim.world.operations.values():
        account.top_up(ENOUGH, clock.now())
    town.sim.world.scenes.update(dict.fromkeys(town.sim.world.scenes, tuple(SCENES)))
    for _ in range(MOST_EVENTS):
        _close_early(town)
        town.stream()
        town.hear()
        town.stream()
        items = town.emulator.waiting()
        waiting = [
            (raw["gsi2sk"]["S"], Key(raw["pk"]["S"], raw["sk"]["S"]))
            for raw in items
            if raw["gsi2pk"]["S"].startswith("DUE") and not _is_daily(raw) and not _takes_days(raw)
        ]
        if not waiting:
            quiet = quiet or clock.now()
            last_day = quiet.astimezone(clock.BEIJING).date().isoformat()
            waiting = [
                (raw["gsi2sk"]["S"], Key(raw["pk"]["S"], raw["sk"]["S"]))
                for raw in items
                if _is_daily(raw) and (raw.get("bill_day") or raw["flow_day"])["S"] <= last_day
            ]
        if not waiting:
            assert quiet is not None
            return quiet
        seen, key = min(waiting)
        ahead = (clock.parse(seen.split("#", 1)[0]) - clock.now()).total_seconds()
        clock.advance(max(0.0, ahead))
        due.handle(key, seen)
    raise AssertionError(f"after {MOST_EVENTS} events something is still due: {waiting}")


def _close_early(town: Town) -> None:
    """Transfers that nobody confirms end after minutes: the day that they may take is a scene's own."""
    for transfer in town.sim.world.running_transfers:
        if transfer.state == "WAIT_USER_CONFIRM" and transfer.due_at is not None:
            transfer.due_at = min(transfer.due_at, max(clock.now(), transfer.changed_at + PATIENCE))


WAITS_FOR_GOODS = ("invite_first_order", "invite_commission")
"""Why something is granted that waits until goods cannot go back any more, and looks daily."""


def _takes_days(raw: dict[str, Any]) -> bool:
    ahead = clock.parse(raw["gsi2sk"]["S"].split("#", 1)[0]) - clock.now()
    if raw.get("why", {}).get("S") in WAITS_FOR_GOODS:
        return ahead > timedelta(hours=12)
    slow = "delivery" in raw or raw["sk"]["S"].startswith(("AFT#", "GRT#", "ACC#", "CSH#"))
    return slow and ahead > timedelta(days=1)


def _is_daily(raw: dict[str, Any]) -> bool:
    return bool(raw["pk"]["S"].endswith("|MER") and raw["sk"]["S"] in ("META", "CASH") and "gsi2sk" in raw)
