"""Where an ingest is, and how long it will still take: estimated from the stages seen so far and the files to come.

What a stage of a file costs grows with the length of the file. How much it costs for each second is learnt as the run
goes on, from what is usual and corrected by how fast the stages so far were. Pure.
"""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

WAITING, CHECKING, LOADING, SAVING, FINISHING = "waiting", "checking", "loading models", "saving", "finishing"
"""Stages beside those of `retrieval.ingest.findings` and `retrieval.publishing.stages`."""

ONCE = frozenset([WAITING, LOADING, FINISHING])
"""Stages whose time says nothing of the files to come."""

USUAL = {
    "reading": 0.12,
    "speech": 0.4,
    "screen text": 0.10,
    "describing": 1.0,
    "embedding": 0.02,
    "embedding frames": 0.03,
}
"""Seconds that a stage takes for each second of a film, where nothing better is known yet; in the order of the work."""

ALWAYS = frozenset(["reading", "screen text", "embedding", "embedding frames"])
"""Stages that are expected of every file until a whole one went without them."""

EACH = 1.0
"""Seconds more for each file, however short, where nothing better is known yet."""

FIRST = 1.2
"""Seconds of a stage of a file that say nothing of its length: a process is started, a model warms up."""

HELD_FILM, HELD_WORK, HELD_FILES = 60.0, 3.0, 2
"""What is usual counts as much as so many seconds of film, seconds of work, and files that were seen."""

BYTES = 150_000.0
"""Bytes of a second of film, where no file has told its length yet."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where an ingest is.

    Attributes:
        path: the file that is worked on.
        stage: what is done with it.
        fraction: how much of the stage is done, 0 to 1; never less than before.
        number: which file of the run it is, from 1.
        count: how many files the run has.
        share: how much of the whole run is done, 0 to 1; never less than before.
        left: seconds that the whole run is expected to go on; None where nothing can be said yet.
    """

    path: Path
    stage: str
    fraction: float
    number: int = 1
    count: int = 1
    share: float = 0.0
    left: float | None = None

    @property
    def is_waiting(self) -> bool:
        """Tell whether a file is waited for that somebody still writes to."""
        return self.stage == WAITING

    def left_after(self, passed: float) -> float | None:
        """Return the seconds left when so many have passed without a further sign."""
        return None if self.left is None else max(0.0, self.left - passed)


OnProgress = Callable[[Progress], None]


@dataclass(slots=True)
class _Pace:
    """What a stage took so far, and for how many seconds of film."""

    spent: float = 0.0
    film: float = 0.0


class Course:
    """Follows a run from sign to sign.

    Args:
        sizes: the bytes of each file, in order; 0 of one that is in already.
        lengths: seconds of the files whose length is known.
        stages: stages expected beside those of every file.
        clock: seconds, from any start.
    """

    def __init__(
        self,
        sizes: Mapping[Path, int],
        lengths: Mapping[Path, float] | None = None,
        stages: Collection[str] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._lengths = _lengths(sizes, lengths or {})
        self._waiting = dict.fromkeys(sizes)
        self._count = len(sizes)
        self._expected = ALWAYS | set(stages)
        self._pace: dict[str, _Pace] = {}
        self._other = 0.0
        self._done: list[Path] = []
        self._own: dict[str, float] = {}
        self._in: dict[str, float] = {}
        self._trust = 1.0 if lengths else 0.01  # in what is usual: a guessed length may be far from the true one
        self._at: Progress | None = None
        self._since = self._began = clock()
        self._share = 0.0

    def told(self, path: Path, stage: str, fraction: float) -> Progress:
        """Take a sign of progress, and return it with what it means for the whole run."""
        now = self._clock()
        self._spend(now)
        before = self._at
        if before is not None and (before.path, before.stage) == (path, stage):
            fraction = max(fraction, before.fraction)
        elif before is not None and before.path == path and before.stage in self._own:
            self._own[before.stage] = 1.0
        if stage not in ONCE:
            self._own[stage] = max(self._own.get(stage, 0.0), fraction)
        left = self._left(path, stage)
        elapsed = now - self._began
        share = elapsed / (elapsed + left) if elapsed > 0 else 0.0
        self._share = max(self._share, min(share, 1.0))
        number = min(len(self._done) + 1, self._count)
        self._at = Progress(path, stage, min(1.0, fraction), number, self._count, self._share, left)
        return self._at

    def finished(self, path: Path) -> None:
        """Take note that a file is done with, whatever became of it."""
        self._spend(self._clock())
        self._waiting.pop(path, None)
        self._done.append(path)
        whole = {*self._pace, *self._expected} if "reading" in self._own else set()  # else it was begun before this run
        for name in whole | (self._own.keys() & USUAL.keys()):
            self._pace.setdefault(name, _Pace()).film += self._lengths.get(path, 0.0)
        self._own, self._in, self._at = {}, {}, None

    def _spend(self, now: float) -> None:
        """Count the time since the last sign for the stage that it told of."""
        passed, self._since = now - self._since, now
        stage = None if self._at is None else self._at.stage
        if stage in ONCE:
            return
        if stage is None or stage not in USUAL:
            self._other += passed
        else:
            first = min(passed, max(0.0, FIRST - self._in.get(stage, 0.0)))
            self._in[stage] = self._in.get(stage, 0.0) + passed
            self._other += first
            self._pace.setdefault(stage, _Pace()).spent += passed - first

    def _left(self, path: Path, stage: str) -> float:
        own = self._lengths.get(path, 0.0)
        rates = self._rates(own)
        others = [self._lengths[other] for other in self._waiting if other != path]
        each = (self._other + EACH * HELD_FILES) / (len(self._done) + bool(self._own) + HELD_FILES)
        left = sum(rates.values()) * sum(others) + each * sum(length > 0 for length in others)
        behind = self._behind(stage)
        return left + sum(rate * own * (1 - self._own.get(name, float(name in behind))) for name, rate in rates.items())

    def _behind(self, stage: str) -> Sequence[str]:
        """Return the stages that a file in this stage has left behind, whether it was in them or not."""
        order = list(USUAL)
        return order[: order.index(stage)] if stage in order else order if stage == SAVING else ()

    def _rates(self, own: float) -> dict[str, float]:
        """Return the seconds that each stage takes for a second of film: what was seen, held to what is usual."""
        held_film, held_work = self._trust * HELD_FILM, self._trust * HELD_WORK
        paces = {name: pace for name, pace in self._pace.items() if name in USUAL}
        film = {name: pace.film + own * self._own.get(name, 0.0) for name, pace in paces.items()}
        usual = sum(USUAL[name] * seen for name, seen in film.items())
        speed = (sum(pace.spent for pace in paces.values()) + held_work) / (usual + held_work)
        rates = {}
        for name in {*paces, *(self._expected & USUAL.keys())}:
            spent = paces[name].spent if name in paces else 0.0
            rates[name] = (spent + speed * USUAL[name] * held_film) / (film.get(name, 0.0) + held_film)
        return rates


def telling(course: Course | None, on_progress: OnProgress | None) -> OnProgress:
    """Return what tells of progress with what it means for the whole run; nothing where nobody is told."""

    def tell(now: Progress) -> None:
        if course is not None and on_progress is not None:
            on_progress(course.told(now.path, now.stage, now.fraction))

    return tell


def _lengths(sizes: Mapping[Path, int], lengths: Mapping[Path, float]) -> dict[Path, float]:
    """Return the length of each file, guessed from its bytes where it is not known; 0 where there is nothing to do."""
    told = [path for path in sizes if lengths.get(path) and sizes[path]]
    rate = sum(sizes[path] for path in told) / sum(lengths[path] for path in told) if told else BYTES
    return {path: lengths.get(path, size / rate) if size else 0.0 for path, size in sizes.items()}
