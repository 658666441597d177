"""Captions by a model: which frames are described, what is taken over, and that it is found by text."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image

from bot.dialogue.verdict import matches
from retrieval.catalogue.catalogue import Catalogue
from retrieval.encoders.hashing import HashingTextEncoder
from retrieval.encoders.lazy import Encoders
from retrieval.index.memory import MemoryIndex
from retrieval.ingest.captions import (
    AT_ONCE,
    LEAST,
    GeneratedCaption,
    MomentTexts,
    caption_frames,
    frames_to_caption,
    with_captions,
)
from retrieval.ingest.scripted import ScriptedCaptioner
from retrieval.publishing.drafts import Draft
from retrieval.publishing.generations import Generations
from retrieval.publishing.publisher import Publisher
from retrieval.publishing.versions import FolderStore, IndexVersions
from retrieval.searching.query import Query
from retrieval.searching.search import MomentSearcher
from retrieval.types import Entry, Keyframe, TimedText, TimeSpan

FIRST, SECOND, THIRD = TimeSpan(0, 10), TimeSpan(10, 20), TimeSpan(20, 30)
BY_A_PERSON = TimedText(SECOND, "A cat sleeps.", "caption")
SUBTITLE = TimedText(TimeSpan(21, 22), "Hello there.", "subtitle")
MOMENTS: tuple[MomentTexts, ...] = ((FIRST, ()), (SECOND, (BY_A_PERSON,)), (THIRD, (SUBTITLE,)))


def by_colour() -> ScriptedCaptioner:
    """Name the colour of a picture."""

    def told(image: Image.Image) -> GeneratedCaption:
        return GeneratedCaption("A red wall." if image.getpixel((0, 0))[0] > 100 else "A dark wall.", 0.9)  # type: ignore[index]

    return ScriptedCaptioner(told)


@pytest.fixture
def frames(tmp_path: Path) -> list[Keyframe]:
    """A keyframe every 2 seconds from 1: red up to 10 seconds, then black."""
    made = []
    for time in range(1, 30, 2):
        Image.new("RGB", (16, 16), "red" if time < 10 else "black").save(tmp_path / f"{time:02d}.jpg")
        made.append(Keyframe(float(time), tmp_path / f"{time:02d}.jpg"))
    return made


def said_of(frames: Sequence[Keyframe], text: str, confidence: float = 0.9) -> dict[str, GeneratedCaption]:
    return {frame.path.name: GeneratedCaption(text, confidence) for frame in frames}


def test_the_middle_frame_of_each_moment_without_a_caption_is_described(frames: list[Keyframe]) -> None:
    assert [frame.time for frame in frames_to_caption(MOMENTS, frames)] == [5.0, 25.0]
    assert frames_to_caption([(TimeSpan(40, 50), ())], frames) == []
    assert [frame.time for frame in frames_to_caption([(FIRST, ()), (TimeSpan(4, 6), ())], frames)] == [5.0]


def test_frames_are_described_batch_by_batch_in_order(frames: list[Keyframe]) -> None:
    model = by_colour()
    told = list(caption_frames(frames, model))
    assert [frame for frame, _ in told] == frames
    assert [one.text for _, one in told] == ["A red wall."] * 5 + ["A dark wall."] * 10
    assert model.batches == [AT_ONCE, len(frames) - AT_ONCE]


def test_what_is_read_before_it_breaks_off_can_be_kept(frames: list[Keyframe]) -> None:
    model = by_colour()
    telling = caption_frames(frames, model)
    kept = dict(next(telling) for _ in range(AT_ONCE))
    telling.close()
    assert (list(kept), model.batches) == (frames[:AT_ONCE], [AT_ONCE])


def test_a_frame_that_is_gone_or_damaged_is_left_out(frames: list[Keyframe]) -> None:
    frames[0].path.unlink()
    frames[1].path.write_bytes(b"no picture")
    assert [frame for frame, _ in caption_frames(frames, by_colour())] == frames[2:]


def test_moments_without_a_caption_get_one_that_says_where_it_comes_from(frames: list[Keyframe]) -> None:
    made = with_captions(MOMENTS, frames, said_of(frames, " A  red\nwall. "))
    assert made == (
        (FIRST, (TimedText(FIRST, "A red wall.", "vision"),)),
        (SECOND, (BY_A_PERSON,)),
        (THIRD, (SUBTITLE, TimedText(THIRD, "A red wall.", "vision"))),
    )


@pytest.mark.parametrize(("text", "confidence"), [("A wall.", LEAST - 0.01), ("", 0.9), (" \n", 0.9)])
def test_a_guess_and_an_empty_caption_are_dropped(text: str, confidence: float, frames: list[Keyframe]) -> None:
    assert with_captions(MOMENTS, frames, said_of(frames, text, confidence)) == MOMENTS
    assert with_captions(MOMENTS, frames, {}) == MOMENTS


def test_what_a_model_saw_is_found_by_text(frames: list[Keyframe], tmp_path: Path) -> None:
    catalogue = Catalogue(tmp_path / "home")
    generations = Generations(catalogue)
    encoders = Encoders(HashingTextEncoder)
    index = MemoryIndex(encoders.spaces)
    publisher = Publisher(
        catalogue, generations, IndexVersions(catalogue, FolderStore(catalogue.home, lambda _, spaces: index)), encoders
    )
    said = {frame.path.name: one for frame, one in caption_frames(frames_to_caption(MOMENTS, frames), by_colour())}
    moments = with_captions(MOMENTS, frames, said)
    where = Entry("public", "Walls", None)
    reserved = generations.reserve("walls", "hash", "public")
    publisher.publish([Draft(reserved, "hash", "in", 30.0, "complete", "", where, moments, (), ())])
    found = MomentSearcher(catalogue, lambda: index, encoders).search(Query("a red wall"), frozenset({"public"}))
    best = found.hits[0].moment
    generations.close()
    catalogue.close()
    assert matches(found)
    assert (best.moment_id, [text.source for text in best.texts]) == ("walls:1", ["vision"])
