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
        self.go = _closed()
        self.begun = self.ended = False
        self.result: Any = None


def _closed() -> threading.Lock:
    """A lock that somebody else opens: whoever takes it waits for that."""
    lock = threading.Lock()
    lock.acquire()
    return lock


class Scheduler:
    """Runs actors one at a time. `turn` is called by the gates of storage and WeChat, in the actor's own thread.

    Whoever stops asks the policy himself, so that threads change only where actors do.
    """

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._here = threading.local()
        self._over = _closed()
        self._actors: list[_Actor] = []
        self._policy: Policy = follow([])
        self._run = Run()
        self._alone = False
        """Whether there is one actor, who needs no thread of his own."""

    def turn(self) -> None:
        """Stop the calling actor until it is chosen again; whoever is not an actor goes on at once."""
        actor: _Actor | None = getattr(self._here, "actor", None)
        if actor is not None and self._next() is not actor:
            actor.go.acquire()

    def run(self, acts: Mapping[str, Callable[[], Any]], policy: Policy) -> Run:
        """Let all actors act to their end. What an actor raises is its result."""
        self._actors = [_Actor(name, act) for name, act in acts.items()]
        self._policy, self._run = policy, Run()
        self._alone = len(acts) == 1
        first = self._next()
        if first is not None and self._alone:
            self._live(first)
        self._over.acquire()
        self._trace.actor = ""
        self._run.results = {actor.name: actor.result for actor in self._actors}
        return self._run

    def _next(self) -> _Actor | None:
        """Choose who goes on, and let him unless he is the one who asks; None when all have ended."""
        able = tuple(n for n, actor in enumerate(self._actors) if not actor.ended)
        if not able:
            self._over.release()
            return None
        choices = self._run.choices
        last = choices[-1].taken if choices and choices[-1].taken in able else None
        taken = self._policy(able, last)
        choices.append(Choice(able, last, taken))
        chosen = self._actors[taken]
        self._trace.actor = chosen.name
        if not chosen.begun:
            chosen.begun = True
            if not self._alone:
                threading.Thread(target=self._live, args=(chosen,), daemon=True).start()
        elif chosen is not getattr(self._here, "actor", None):
            chosen.go.release()
        return chosen

    def _live(self, actor: _Actor) -> None:
        self._here.actor = actor
        try:
            actor.result = actor.act()
        except BaseException as raised:
            actor.result = raised
        self._here.actor = None
        actor.ended = True
        self._next()


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
