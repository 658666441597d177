"""What is printed of where an ingest is."""

import io
import re
import time
from pathlib import Path

import pytest
from rich.console import Console

from bot.cli.output import time_left
from bot.cli.progress import Ticker, bar_on, described, in_words, lines, shown
from bot.errors import INTERRUPTED, Interrupted
from retrieval.ingest.progress import Progress
from retrieval.ingest.reports import FileReport

NOW = Progress(Path("films/talk.mp4"), "screen text", 0.5, 3, 12, 0.34, 700.0)


def report(name: str) -> FileReport:
    return FileReport(Path(name), "talk", "new", "", (), 7, 3.25)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "time left unknown"),
        (0.0, "less than 1 min left"),
        (44.0, "less than 1 min left"),
        (46.0, "about 1 min left"),
        (700.0, "about 12 min left"),
        (5399.0, "about 90 min left"),
        (5400.0, "about 1.5 h left"),
        (7200.0, "about 2 h left"),
        (90_000.0, "about 25 h left"),
    ],
)
def test_time_left_is_never_said_more_exactly_than_it_is_known(seconds: float | None, words: str) -> None:
    assert time_left(seconds) == words


def test_a_line_says_file_stage_share_and_time_left() -> None:
    assert in_words(NOW) == "file 3 of 12: talk.mp4: screen text, 34% of all, about 12 min left"
    assert in_words(NOW, passed=400.0).endswith("about 5 min left")
    assert in_words(NOW, passed=9000.0).endswith("less than 1 min left")
    waiting = Progress(Path("a.mp4"), "waiting", 0.0, 1, 2)
    assert in_words(waiting) == "file 1 of 2: a.mp4: waiting until nobody writes to it"


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("name", ["talk.mp4", "a-name-that-somebody-thought-about-for-a-long-time-" * 3 + ".mp4"])
def test_a_bar_is_readable_at_every_width(width: int, name: str) -> None:
    written = io.StringIO()
    console = Console(file=written, force_terminal=True, width=width, no_color=True, legacy_windows=False)
    bar, move = bar_on(console)
    move("file 123 of 1234: embedding frames", name, "34%, less than 1 min left", 0.34)
    console.print(bar.get_renderable())
    line = re.sub(r"\x1b\[[\d;?]*[a-zA-Z]", "", written.getvalue()).strip("\n")
    assert line.startswith("file 123 of 1234: embedding frames ")
    assert line.rstrip().endswith(" 34%, less than 1 min left")
    assert len(line) <= width
    assert (name[:10] in line) == (width > 60)
    assert ("━" in line) == (width == 120)


def test_names_of_files_do_nothing_to_a_terminal() -> None:
    line = in_words(Progress(Path("a\x1b[31m\n.mp4"), "reading", 0.0))
    assert "\x1b" not in line
    assert "\n" not in line


def test_a_line_comes_every_so_often_also_while_nothing_moves() -> None:
    said: list[str] = []
    with lines(said.append, every=0.02) as ticker:
        ticker(NOW)
        until = time.monotonic() + 20
        while len(said) < 3 and time.monotonic() < until:
            time.sleep(0.01)
    assert said[:3] == [in_words(NOW)] * 3
    count = len(said)
    time.sleep(0.1)
    assert len(said) == count


def test_that_a_file_is_waited_for_is_said_once_and_nothing_at_rest() -> None:
    said: list[str] = []
    ticker = Ticker(said.append, clock=lambda: 0.0)
    ticker.tick()
    for _ in range(3):
        ticker(Progress(Path("a.mp4"), "waiting", 0.0))
    assert said == ["a.mp4: waiting until nobody writes to it"]
    ticker(NOW)
    ticker.rest()
    ticker.tick()
    assert len(said) == 1


def test_finished_files_are_listed_and_a_run_that_is_broken_off_says_how_to_go_on(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(Interrupted) as raised, shown(quiet=False) as told:
        assert told.on_progress is not None
        assert told.on_report is not None
        told.on_progress(NOW)
        told.on_report(report("one.mp4"))
        told.on_report(report("two.mp4"))
        raise KeyboardInterrupt
    assert raised.value.exit_code == INTERRUPTED
    assert raised.value.message == "interrupted; 2 of 12 files are finished"
    assert "same command goes on" in raised.value.hint
    assert capsys.readouterr().err.splitlines() == [described(report("one.mp4")), described(report("two.mp4"))]


def test_nothing_is_printed_where_a_program_reads_the_output(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Interrupted) as raised, shown(quiet=True) as told:
        assert told.on_progress is not None
        told.on_progress(NOW)
        raise KeyboardInterrupt
    assert capsys.readouterr() == ("", "")
    assert raised.value.message == "interrupted; 0 of 12 files are finished"
