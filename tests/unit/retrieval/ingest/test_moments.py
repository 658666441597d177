from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.ingest.moments import (
    GAP,
    LONGEST,
    ROUNDING,
    SHORTEST,
    SHORTEST_PIECE,
    attach_texts,
    from_captions,
    from_shots,
    missing_keyframes,
)
from retrieval.types import Keyframe, Shot, TextSource, TimedText, TimeSpan


def _shots(*bounds: float) -> list[Shot]:
    return [Shot(TimeSpan(start, end)) for start, end in pairwise(bounds)]


def _text(start: float, end: float, source: TextSource = "speech") -> TimedText:
    return TimedText(TimeSpan(start, end), f"{start} to {end}", source)


def _bounds(spans: list[TimeSpan]) -> list[float]:
    return [spans[0].start, *(span.end for span in spans)]


times = st.floats(0, 100, allow_nan=False)
spans = st.tuples(times, st.floats(0.01, 40)).map(lambda pair: TimeSpan(pair[0], pair[0] + pair[1]))


def test_shots_of_usual_length_are_the_moments() -> None:
    assert _bounds(from_shots(_shots(0, 5, 12, 20), [], [], 20)) == [0, 5, 12, 20]


def test_a_short_shot_joins_its_shorter_neighbour() -> None:
    assert _bounds(from_shots(_shots(0, 6, 7, 10), [], [], 10)) == [0, 6, 10]


def test_a_short_shot_does_not_make_a_neighbour_too_long_where_it_can_join_the_other() -> None:
    assert _bounds(from_shots(_shots(0, 11.5, 12.5, 22.5), [], [], 22.5)) == [0, 11.5, 22.5]


def test_a_video_of_one_short_shot_is_one_moment() -> None:
    assert from_shots([], [], [], 1.2) == [TimeSpan(0, 1.2)]


def test_a_long_shot_is_cut_at_a_pause_of_speech() -> None:
    spoken = [_text(0, 4.9), _text(5.1, 8.8), _text(9.2, 14), _text(14.05, 20)]
    assert _bounds(from_shots(_shots(0, 20), spoken, [7.0], 20)) == [0, 9, 20]


def test_without_a_pause_a_long_shot_is_cut_where_the_picture_changes() -> None:
    assert _bounds(from_shots(_shots(0, 20), [_text(0, 20)], [1, 9, 18], 20)) == [0, 9, 20]


def test_without_either_a_long_shot_is_cut_evenly() -> None:
    assert _bounds(from_shots(_shots(0, 24.1), [], [], 24.1)) == pytest.approx([0, 24.1 / 3, 48.2 / 3, 24.1])
    assert len(from_shots([], [], [], 24)) == 2


@given(st.lists(spans, max_size=12), st.lists(spans, max_size=8), st.lists(times, max_size=8), st.floats(0.1, 150))
def test_moments_of_shots_tile_the_video_in_pieces_of_the_right_length(
    shots: list[TimeSpan], spoken: list[TimeSpan], changes: list[float], duration: float
) -> None:
    texts = [TimedText(span, "said", "speech") for span in spoken]

    tiles = from_shots([Shot(span) for span in shots], texts, changes, duration)

    assert tiles[0].start == 0 and tiles[-1].end == duration
    assert all(one.end == other.start for one, other in pairwise(tiles))
    assert all(tile.duration <= LONGEST + 2 * ROUNDING for tile in tiles)
    assert all(tile.duration >= min(SHORTEST, duration) - ROUNDING for tile in tiles)


@given(st.floats(12.01, 300), st.lists(times, max_size=30))
def test_pieces_of_a_long_shot_are_never_too_short(duration: float, changes: list[float]) -> None:
    pieces = from_shots([], [], changes, duration)
    assert all(piece.duration >= SHORTEST_PIECE - ROUNDING for piece in pieces)


def test_captions_are_moments_as_they_are_and_only_wide_gaps_are_filled() -> None:
    captions = [_text(3, 6, "caption"), _text(7.5, 9, "caption"), _text(7.5, 9, "caption"), _text(15, 19, "caption")]
    moments = from_captions(captions, 20)
    assert [(span.start, span.end, len(texts)) for span, texts in moments] == [
        (0, 3, 0),
        (3, 6, 1),
        (7.5, 9, 1),
        (7.5, 9, 1),
        (9, 15, 0),
        (15, 19, 1),
    ]


def test_a_long_gap_is_cut_like_a_long_shot() -> None:
    moments = from_captions([_text(0, 5, "caption")], 30, _shots(0, 4, 14, 24, 30), [], [19])
    assert [span for span, texts in moments if not texts] == [TimeSpan(5, 14), TimeSpan(14, 24), TimeSpan(24, 30)]


def test_a_video_with_no_caption_is_one_gap() -> None:
    assert from_captions([], 8) == [(TimeSpan(0, 8), ())]


@given(st.lists(spans, max_size=12), st.floats(0.1, 150), times)
def test_every_time_lies_in_a_moment_or_near_one_and_every_caption_is_kept(
    given_spans: list[TimeSpan], duration: float, time: float
) -> None:
    captions = [TimedText(span, str(n), "caption") for n, span in enumerate(given_spans)]

    moments = from_captions(captions, duration)

    kept = [(span, texts[0].text) for span, texts in moments if texts]
    assert sorted(kept, key=lambda pair: int(pair[1])) == [(c.span, c.text) for c in captions]
    assert [span.start for span, _ in moments] == sorted(span.start for span, _ in moments)
    if time < duration and duration > GAP:
        assert any(span.start - GAP <= time < span.end + GAP for span, _ in moments)


TILES = [TimeSpan(0, 4), TimeSpan(4, 10), TimeSpan(10, 11), TimeSpan(11, 20)]


@pytest.mark.parametrize(
    ("text", "homes"),
    [
        (_text(1, 3), [0]),
        (_text(3, 5), [0, 1]),  # half of itself in each
        (_text(3.5, 6), [1]),
        (_text(2, 18), [0, 1, 2, 3]),  # half of each moment
        (_text(9.4, 11.2), [2]),  # all of a short moment
        (_text(25, 26), [3]),  # beyond all: the nearest
    ],
)
def test_a_text_goes_where_half_of_it_or_half_of_the_moment_is(text: TimedText, homes: list[int]) -> None:
    assert [n for n, texts in enumerate(attach_texts(TILES, [text])) if texts] == homes


def test_a_text_spread_thinly_goes_where_most_of_it_is() -> None:
    wide = [TimeSpan(0, 100), TimeSpan(110, 200), TimeSpan(210, 300)]
    assert [len(texts) for texts in attach_texts(wide, [_text(70, 240)])] == [0, 1, 0]
    assert [len(texts) for texts in attach_texts(wide, [_text(80, 140)])] == [0, 1, 0]


def test_a_caption_stays_with_its_own_moment() -> None:
    nested = [TimeSpan(0, 10), TimeSpan(0, 9), TimeSpan(2, 4)]
    assert [len(t) for t in attach_texts(nested, [_text(0, 9, "caption")])] == [0, 1, 0]
    assert [len(t) for t in attach_texts(nested, [_text(0, 9, "subtitle")])] == [1, 1, 1]


@given(st.lists(spans, min_size=1, max_size=12), st.lists(spans, max_size=12))
def test_no_text_is_lost_and_the_rule_holds_for_every_pair(moments: list[TimeSpan], text_spans: list[TimeSpan]) -> None:
    texts = [TimedText(span, str(n), "screen") for n, span in enumerate(text_spans)]

    attached = attach_texts(moments, texts)

    assert {text for home in attached for text in home} == set(texts)
    for moment, home in zip(moments, attached, strict=True):
        for text in texts:
            shared = moment.overlap(text.span)
            if shared > 0 and (shared >= text.span.duration / 2 or shared >= moment.duration / 2):
                assert text in home


def test_spans_without_a_keyframe_are_told() -> None:
    keyframes = [Keyframe(time, Path(f"{time}.jpg")) for time in (10.0, 4.0, 3.9)]
    assert missing_keyframes(TILES, keyframes) == [TimeSpan(11, 20)]
    assert missing_keyframes(TILES, []) == TILES
