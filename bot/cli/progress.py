"""How an ingest shows where it is: a bar on a terminal, else a line every half minute; files as they are finished.

All of it goes to stderr, but for the files of a watch, which are its output.
"""

import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.cli.output import emit, plural, time_left
from bot.errors import Interrupted
from bot.untrusted import inert_line, inert_name

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress as Bar

    from retrieval.ingest.progress import OnProgress, Progress
    from retrieval.ingest.reports import FileReport

LINE_EVERY = 30.0
"""Seconds from one line to the next where there is no terminal."""

ROOM_FOR_NAME, ROOM_FOR_BAR = 70, 100
"""Columns of a terminal from which there is room beside the words for the name of a file, and for a bar."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is told of a run: where it is, what became of each file, and that there is nothing to do."""

    on_progress: "OnProgress | None" = None
    on_report: "Callable[[FileReport], None] | None" = None
    on_rest: "Callable[[], None] | None" = None


def in_words(now: "Progress", passed: float = 0.0) -> str:
    """Return where a run is, `passed` seconds after it was told."""
    at = f"file {now.number} of {now.count}: {inert_name(now.path.name)}"
    if now.is_waiting:
        return f"{at}: waiting until nobody writes to it"
    return f"{at}: {now.stage}, {now.share:.0%} of all, {time_left(now.left_after(passed))}"


def described(report: "FileReport", *notes: str) -> str:
    """Return what became of a file, in a line."""
    told = "; ".join(filter(None, (report.reason, *notes)))
    reason = f": {inert_line(told)}" if told else ""
    took = f"{plural(report.moments, 'moment')}, {report.seconds:.1f} s"
    before = " as before" if report.is_known else ""
    return f"{inert_name(report.path.name)}: {report.verdict}{before}{reason} ({took})"


@contextmanager
def shown(quiet: bool) -> Iterator[Audience]:
    """Show a run: a bar on a terminal, else lines; and every file as it is finished.

    Raises:
        Interrupted: for a KeyboardInterrupt.
    """
    with _going_on() as count:
        if quiet:
            yield Audience(count.on_progress, count.on_report)
        elif sys.stderr.isatty():
            with _bar() as (on_progress, say, _):
                yield count.beside(Audience(on_progress, lambda report: say(described(report))))
        else:
            with lines(_say) as on_progress:
                yield count.beside(Audience(on_progress, lambda report: _say(described(report))))


@contextmanager
def watched(
    paths: Sequence[Path], as_data: "Callable[[FileReport], Mapping[str, object]] | None"
) -> Iterator[Audience]:
    """Show each file of a watch as it comes: a line of JSON, or one for people; below it a bar on a terminal.

    Args:
        paths: what is watched.
        as_data: what is printed of a file as JSON; None where a person reads.

    Raises:
        Interrupted: for a KeyboardInterrupt.
    """
    rest = f"waiting for changes in {', '.join(inert_name(str(path)) for path in paths)}"
    with _going_on() as count:
        if as_data is not None:
            yield count.beside(Audience(None, lambda report: _emit_at_once(as_data(report))))
        elif sys.stdout.isatty() and sys.stderr.isatty():
            with _bar() as (on_progress, _, say_rest):
                told = Audience(on_progress, _print_whole, lambda: say_rest(rest))
                yield count.beside(told)
        else:
            with lines(_say) as on_progress:
                yield count.beside(Audience(on_progress, _print_whole, lambda: on_rest(on_progress, rest)))


def on_rest(ticker: "Ticker", rest: str) -> None:
    """Say that there is nothing to do, and nothing more until there is."""
    ticker.rest()
    _say(rest)


def _print_whole(report: "FileReport") -> None:
    print(described(report, *report.notes), flush=True)


def _emit_at_once(data: Mapping[str, object]) -> None:
    emit(data)
    sys.stdout.flush()


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


class _Count:
    """Counts the files that a run has and has finished."""

    def __init__(self) -> None:
        self.finished = self.all = 0

    def on_progress(self, now: "Progress") -> None:
        self.all = now.count

    def on_report(self, report: "FileReport") -> None:
        self.finished += 1

    def beside(self, told: Audience) -> Audience:
        """Return who is told, with this counting too."""

        def on_progress(now: "Progress") -> None:
            self.on_progress(now)
            if told.on_progress is not None:
                told.on_progress(now)

        def on_report(report: "FileReport") -> None:
            self.on_report(report)
            if told.on_report is not None:
                told.on_report(report)

        return Audience(on_progress, on_report, told.on_rest)


@contextmanager
def _going_on() -> Iterator[_Count]:
    count = _Count()
    try:
        yield count
    except KeyboardInterrupt as error:
        raise Interrupted(count.finished, count.all) from error


class Ticker:
    """Says where a run is, also while nothing moves; and once of each file that it is waited for."""

    def __init__(self, say: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._say = say
        self._clock = clock
        self._lock = threading.Lock()
        self._now: Progress | None = None
        self._at = 0.0
        self._waited: set[Path] = set()

    def __call__(self, now: "Progress") -> None:
        """Take note of where the run is."""
        with self._lock:
            self._now, self._at = now, self._clock()
            is_new = now.is_waiting and now.path not in self._waited
            self._waited |= {now.path} if is_new else set()
        if is_new:
            self._say(f"{inert_name(now.path.name)}: waiting until nobody writes to it")

    def rest(self) -> None:
        """Have nothing to say until there is a further sign."""
        with self._lock:
            self._now = None

    def tick(self) -> None:
        """Say where the run is now."""
        with self._lock:
            now, passed = self._now, self._clock() - self._at
        if now is not None:
            self._say(in_words(now, passed))


@contextmanager
def lines(say: Callable[[str], None], every: float = LINE_EVERY) -> Iterator[Ticker]:
    """Say a line every so many seconds."""
    ticker, ended = Ticker(say), threading.Event()

    def tick() -> None:
        while not ended.wait(every):
            ticker.tick()

    thread = threading.Thread(target=tick, daemon=True)
    thread.start()
    try:
        yield ticker
    finally:
        ended.set()
        thread.join()


@contextmanager
def _bar() -> "Iterator[tuple[OnProgress, Callable[[str], None], Callable[[str], None]]]":
    """Show a bar; yield what moves it, what prints a line above it, and what has it say that there is nothing to do."""
    from rich.console import Console

    bar, move = bar_on(Console(stderr=True))
    with bar:

        def say(line: str) -> None:
            bar.console.print(line, markup=False, highlight=False, soft_wrap=True)

        def on_progress(now: "Progress") -> None:
            at = f"file {now.number} of {now.count}: {now.stage}"
            move(at, inert_name(now.path.name), f"{now.share:.0%}, {time_left(now.left)}", now.share)

        yield on_progress, say, lambda rest: move(rest, "", "", 0.0)


def bar_on(console: "Console") -> "tuple[Bar, Callable[[str, str, str, float], None]]":
    """Return a bar on a terminal, and what moves it: where the run is, a name, what is left, and a share, 0 to 1.

    The name alone is shortened: the others fit the narrowest usual terminal.
    """
    from rich.progress import BarColumn, ProgressColumn, TextColumn
    from rich.progress import Progress as Bar
    from rich.table import Column

    def column(field: str, **fitted: Any) -> TextColumn:
        return TextColumn(f"{{task.fields[{field}]}}", markup=False, table_column=Column(no_wrap=True, **fitted))

    between: list[ProgressColumn] = []
    if console.width >= ROOM_FOR_NAME:
        between.append(column("name", overflow="ellipsis", ratio=1))
    if console.width >= ROOM_FOR_BAR:
        between.append(BarColumn(12))
    bar = Bar(column("at"), *between, column("left"), console=console, transient=True, expand=True)
    task = bar.add_task("", total=1.0, at="starting", name="", left="")

    def move(at: str, name: str, left: str, share: float) -> None:
        bar.update(task, completed=share, at=at, name=name, left=left)

    return bar, move
