"""Who goes next: actors in threads of which one runs at a time, stopped before every call to storage or WeChat.

A run is a list of choices. `explore` walks all of them up to a number of preemptions (an actor that could go on is
stopped for another one); `sample` draws them from a seed. Either way a run is repeated exactly by its choices.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.proof.trace import Trace

Policy = Callable[[Sequence[int], "int | None"], int]
"""Chooses among the actors that can go on; the one that went last is named, or None when it has ended."""


@dataclass
class Choice:
    """One decision of a run."""

    able: tuple[int, ...]
    last: int | None
    taken: int


@dataclass
class Run:
    """What happened: every decision, every actor's result, and the trace."""

    choices: list[Choice] = field(default_factory=list)
    results: dict[str, Any] = field(default_factory=dict)

    @property
    def taken(self) -> list[int]:
        """The choices that repeat this run."""
        return [choice.taken for choice in self.choices]


class _Actor:
    def __init__(self, name: str, act: Callable[[], Any]) -> None:
        self.name = name
        self.act = act
        self.go = threading.Semaphore(0)
        self.ended = False
        self.result: Any = None


class Scheduler:
    """Runs actors one at a time. `turn` is called by the gates of storage and WeChat, in the actor's own thread."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._parked = threading.Semaphore(0)
        self._here = threading.local()

    def turn(self) -> None:
        """Stop the calling actor until it is chosen again; whoever is not an actor goes on at once."""
        actor: _Actor | None = getattr(self._here, "actor", None)
        if actor is not None:
            self._parked.release()
            actor.go.acquire()

    def run(self, acts: Mapping[str, Callable[[], Any]], policy: Policy) -> Run:
        """Let all actors act to their end. What an actor raises is its result."""
        actors = [_Actor(name, act) for name, act in acts.items()]
        threads = [threading.Thread(target=self._live, args=(actor,), daemon=True) for actor in actors]
        for thread in threads:
            thread.start()
            self._parked.acquire()
        run, last = Run(), None
        while able := tuple(n for n, actor in enumerate(actors) if not actor.ended):
            if last is not None and actors[last].ended:
                last = None
            taken = policy(able, last)
            run.choices.append(Choice(able, last, taken))
            self._trace.actor = actors[taken].name
            actors[taken].go.release()
            self._parked.acquire()
            last = taken
        for thread in threads:
            thread.join()
        self._trace.actor = ""
        run.results = {actor.name: actor.result for actor in actors}
        return run

    def _live(self, actor: _Actor) -> None:
        self._here.actor = actor
        self.turn()
        try:
            actor.result = actor.act()
        except BaseException as raised:
            actor.result = raised
        actor.ended = True
        self._parked.release()


def follow(taken: Sequence[int]) -> Policy:
    """The given choices; after them whoever went last goes on, and the first when that one has ended."""
    rest = iter(taken)

    def policy(able: Sequence[int], last: int | None) -> int:
        chosen = next(rest, None)
        if chosen is not None and chosen in able:
            return chosen
        return able[0] if last is None else last

    return policy


def sampled(seed: int) -> Policy:
    """Anybody at any time, reproducibly; now and then somebody goes on for a while."""
    rng = random.Random(seed)

    def policy(able: Sequence[int], last: int | None) -> int:
        return last if last is not None and rng.random() < 0.3 else rng.choice(able)

    return policy


def explore(run: Callable[[Policy], Run], preemptions: int) -> Iterator[Run]:
    """Every run with at most so many preemptions, each once."""
    open_prefixes: list[list[int]] = [[]]
    while open_prefixes:
        prefix = open_prefixes.pop()
        done = run(follow(prefix))
        yield done
        spent = 0
        for n, choice in enumerate(done.choices):
            if n >= len(prefix):
                for other in choice.able:
                    cost = choice.last is not None and other != choice.last
                    if other != choice.taken and spent + cost <= preemptions:
                        open_prefixes.append([*done.taken[:n], other])
            spent += choice.last is not None and choice.taken != choice.last
