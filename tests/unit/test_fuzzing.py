"""Whatever comes in, the readers answer or refuse with their own errors."""

import json
import string
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.actions.typed import time as typed_time
from bot.dialogue.composing.citations import check, quotable
from bot.dialogue.conversation import Conversation
from bot.dialogue.messages import Utterance
from bot.dialogue.plan import Reading
from bot.dialogue.planner import RulePlanner
from bot.dialogue.reading.clock import take_times
from bot.dialogue.reading.queries import read_query
from bot.errors import UsageError
from retrieval.analysis import terms
from retrieval.errors import InvalidAnnotations, InvalidQuery, InvalidSubtitles
from retrieval.ingest.annotations import read_annotations
from retrieval.ingest.subtitles import read_subtitles
from retrieval.types import Entry, Video

fuzzed = settings(
    derandomize=True,
    max_examples=100,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)

WORDS = ["what", "the", "first", "and", "after", "in", "video", "minute", "between", "of", "park", "then", "that", "is"]
SIGNS = ['"', "-", "[1]", "[", "0:10", "9" * 400, "#2", "?", "'", ":", ".", "\N{DOG}", "\udcff", "\0", "٣", "é"]
said = st.one_of(
    st.text(st.characters(), max_size=200),
    st.lists(st.sampled_from(WORDS + SIGNS), max_size=30).map(" ".join),
    st.lists(st.sampled_from(WORDS + SIGNS), max_size=30).map("".join),
)

PARK = Video("park", "hash", "inputs", 60.0, "complete", "", 1, Entry("library", "the park", Path("/park.mp4")))


def readings(text: str) -> list[Reading]:
    return RulePlanner().readings(Conversation("one"), Utterance(text, "one", frozenset({"library"})), [PARK])


@fuzzed
@given(said)
def test_any_query_is_read_or_refused(query: str) -> None:
    try:
        wanted = read_query(query)
    except InvalidQuery:
        assert '-"' in query
        return
    assert '"' not in wanted.text
    assert not any(" " in word for word in wanted.excluded)
    assert terms(query) == terms(query.upper().lower()) or not query.isascii()


@fuzzed
@given(st.one_of(said, st.text("0123456789:.-+eENnaifhms ", max_size=20)))
def test_any_time_is_read_or_refused(text: str) -> None:
    try:
        assert 0 <= typed_time(text) < float("inf")
    except UsageError as refusal:
        assert "is not a time" in refusal.message
    stretch, _ = take_times(f"a dog {text}")
    assert stretch is None or stretch.end is None or max(0.0, stretch.start or 0.0) < stretch.end


@fuzzed
@given(said)
def test_any_utterance_is_read(text: str) -> None:
    assert readings(text)


@fuzzed
@given(said)
def test_what_is_quoted_holds_no_mark_and_only_shown_moments_are_cited(text: str) -> None:
    assert set(check(text, {1}).handles) <= {1}
    assert check(quotable(text), {1}).handles == ()
    assert '"' not in quotable(text)
    assert len(quotable(text)) <= 300


subtitles = st.one_of(
    st.binary(max_size=400),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=300).map(str.encode),
    st.lists(
        st.sampled_from(
            [
                *[
                    "1",
                    "WEBVTT",
                    "[Script Info]",
                    "[Events]",
                    "Dialogue: 0,",
                    "Format: Start, End, Text",
                    "{\\p1}",
                    "<i>",
                ],
                *[
                    "00:00:01,000 --> 00:00:02,000",
                    "99:99:99.999 --> 0:0:0",
                    "00:01.0 --> 00:02.0",
                    "",
                    "NOTE",
                    "Hello",
                ],
            ]
        ),
        max_size=20,
    ).map(lambda lines: "\n".join(lines).encode()),
)


@fuzzed
@given(subtitles)
def test_any_subtitle_file_is_read_or_refused(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "any.srt"
    path.write_bytes(raw)
    try:
        texts = read_subtitles(path, 100.0)
    except InvalidSubtitles:
        return
    assert all(text.text and text.span.end <= 100 for text in texts)


values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5) | st.just(10**400),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(string.printable, max_size=5), inner, max_size=4)
    ),
    max_leaves=10,
)
entries = st.fixed_dictionaries(
    {
        "duration": st.one_of(st.floats(0.1, 100), values),
        "timestamps": st.one_of(st.lists(st.one_of(st.lists(st.floats(), min_size=2, max_size=2), values)), values),
        "sentences": st.one_of(st.lists(st.text(max_size=9), max_size=3), values),
    }
)
files = st.one_of(
    st.binary(max_size=200),
    values.map(lambda value: json.dumps(value).encode()),
    st.dictionaries(st.text(max_size=4), st.one_of(entries, values), max_size=3).map(lambda v: json.dumps(v).encode()),
)


@fuzzed
@given(files)
def test_any_captions_file_is_read_or_refused(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "any.json"
    path.write_bytes(raw)
    try:
        read = read_annotations(path)
    except InvalidAnnotations:
        return
    assert all(caption.span.end <= a.duration for a in read.values() for caption in a.captions)
