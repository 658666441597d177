"""Whatever comes in, the readers answer or refuse soon and in little memory."""

import contextlib
import ctypes
import gc
import json
import signal
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from bot.dialogue.composing.citations import check, quotable
from bot.dialogue.conversation import Conversation
from bot.dialogue.messages import Utterance
from bot.dialogue.planner import RulePlanner
from bot.dialogue.reading.clock import take_times
from bot.dialogue.reading.queries import part_of, read_query
from retrieval.analysis import terms
from retrieval.errors import InvalidAnnotations, InvalidSubtitles
from retrieval.ingest.annotations import read_annotations
from retrieval.ingest.subtitles import MAX_CUES, read_subtitles
from retrieval.types import Entry, Video

SECONDS = 10.0
"""Of the processor; several times what is meant. What grows with the square of its input takes minutes."""

MEGABYTES = 256


PARK = Video("park", "hash", "inputs", 60.0, "complete", "", 1, Entry("library", "the park", Path("/park.mp4")))


def readings(text: str) -> None:
    RulePlanner().readings(Conversation("one"), Utterance(text[:1_000_000], "one", frozenset({"library"})), [PARK])


MANY = 1_000_000
HOSTILE = {
    "quotes": '"' * MANY,
    "digits": "9" * MANY,
    "exclusions": "-a " * (MANY // 3),
    "a letter": "a" * MANY,
    "what and question marks": "what " + "?" * MANY,
    "marks": "[1]" * (MANY // 3),
    "brackets": "[ " * (MANY // 2),
    "clocks": "1:" * (MANY // 2),
    "words and stops": "a . " * (MANY // 4),
    "names": "in the video " * (MANY // 13),
    "wholes": "of the " * (MANY // 7),
    "ligatures of eighteen letters": "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}" * MANY,
    "accents": "a" + "\N{COMBINING ACUTE ACCENT}" * MANY,
}
READERS: dict[str, Callable[[str], object]] = {
    "read_query": read_query,
    "terms": terms,
    "part_of": part_of,
    "take_times": take_times,
    "readings": readings,
    "check": partial(check, shown={1}),
    "quotable": quotable,
}


def stamp(second: int) -> str:
    return f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d},000"


CUES = "".join(f"{n}\n{stamp(n)} --> {stamp(n + 1)}\nWord {n}.\n\n" for n in range(100_000))
MOST_CUES = "\n\n".join(CUES.split("\n\n")[:MAX_CUES])
HOSTILE_SUBTITLES = {
    "as many cues as may be": MOST_CUES,
    "100,000 cues": CUES,
    "times without words": "00:00:00,000 --> 00:00:01,000\n" * 30_000,
    "open tags": "1\n00:00:00,000 --> 00:00:01,000\n" + "<a " * 300_000,
    "braces": "[Events]\nDialogue: " + "{" * MANY,
    "digits": "9" * MANY,
}
HOSTILE_CAPTIONS = {
    "lists": "[" * MANY,
    "objects": '{"a":' * (MANY // 5),
    "digits": '{"v": {"duration": ' + "9" * MANY + "}}",
    "quotes": '"' * MANY,
    "one long video": json.dumps(
        {"v": {"duration": 1e6, "timestamps": [[n, n + 1] for n in range(50_000)], "sentences": ["a dog"] * 50_000}}
    ),
}


@contextlib.contextmanager
def stopped_after(seconds: float) -> Iterator[None]:
    """Fail what takes more of the processor, in the midst of it: some patterns would not end in a lifetime.

    How long it takes by the clock says more of what else the machine does.
    """

    def stop(*_: object) -> None:
        raise TimeoutError(f"took more than {seconds} s of the processor")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def is_cheap(use: Callable[[], object]) -> None:
    """Use it against the limit, and see by how much the memory of this process grows at most."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    Path("/proc/self/clear_refs").write_text("5")  # the highest mark is from now on
    before = kilobytes("VmHWM")
    with stopped_after(SECONDS):
        use()
    assert kilobytes("VmHWM") - before < MEGABYTES * 2**10


def kilobytes(name: str) -> int:
    """Return what the system tells of this process."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition(f"{name}:")[2].split()[0])


def test_what_takes_too_much_is_noticed() -> None:
    with pytest.raises(AssertionError):
        is_cheap(lambda: list(range(10**7)))
    with pytest.raises(TimeoutError), stopped_after(0.01):
        while True:
            pass


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.parametrize("reader", READERS)
def test_a_million_hostile_characters_are_cheap(reader: str, what: str) -> None:
    is_cheap(lambda: READERS[reader](HOSTILE[what]))


@pytest.mark.parametrize("what", HOSTILE_SUBTITLES)
def test_hostile_subtitles_are_cheap(what: str, tmp_path: Path) -> None:
    def read() -> None:
        try:
            read_subtitles(path)
        except InvalidSubtitles:
            assert what != "as many cues as may be"
        else:
            assert what != "100,000 cues"

    path = tmp_path / "hostile.srt"
    path.write_text(HOSTILE_SUBTITLES[what])
    is_cheap(read)


@pytest.mark.parametrize("what", HOSTILE_CAPTIONS)
def test_hostile_captions_are_cheap(what: str, tmp_path: Path) -> None:
    def read() -> None:
        try:
            read_annotations(path)
        except InvalidAnnotations:
            assert what != "one long video"

    path = tmp_path / "hostile.json"
    path.write_text(HOSTILE_CAPTIONS[what])
    is_cheap(read)
