"""What a stage found is read back as it was, and found anew where what it depends on has changed."""

from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from retrieval.ingest.decode import MediaInfo, SubtitleStream
from retrieval.ingest.findings import AttemptStore, Findings, FirstPass, model_of
from retrieval.ingest.survey import Survey
from retrieval.library import Library
from retrieval.publishing.stages import Stages
from retrieval.types import Keyframe, Shot, TimedText, TimeSpan


@pytest.fixture
def place(library: Library, tmp_path: Path) -> AttemptStore:
    (tmp_path / "kept").mkdir()
    return AttemptStore(Stages(library.catalogue.database, 7), tmp_path / "kept")


def never() -> NoReturn:
    raise AssertionError("found already")


def test_what_was_found_is_read_back_as_it_was_written(place: AttemptStore) -> None:
    streams = (SubtitleStream(2, "mov_text", "eng"),)
    info = MediaInfo(6.1, 192, 144, 90, None, "h264", True, streams)
    frame = Keyframe(0.1 + 0.2, place.folder / "000000300.jpg")
    frame.path.write_bytes(b"a picture")
    seen = FirstPass(Survey(info, (Shot(TimeSpan(0.0, 6.1)),), (frame,), 5.9, "it breaks off"), (0.3, 1 / 3))
    embedded = (TimedText(TimeSpan(0.5, 2.0), "The ferry\nleaves.", "subtitle"),)
    heard = (TimedText(TimeSpan(1.0, 2.5), "at nine", "speech"),)
    span, words = TimeSpan(3.0, 3.1), ("GULL ISLAND", "")
    first = Findings(place)
    assert first.seen(60, lambda: seen) == seen
    assert first.embedded(lambda: embedded) == embedded
    assert first.speech("small", lambda: heard) == heard
    assert first.grabbed([span], lambda _: [frame]) == [frame]
    assert first.of_frames("screen text", "1", [frame]) == {}
    assert first.keep_frames("screen text", "1", [(frame, words)]) == {frame.path.name: words}
    second = Findings(place)
    assert second.seen(60, never) == seen
    assert second.embedded(never) == embedded
    assert second.speech("small", never) == heard
    assert second.grabbed([span], lambda _: never()) == [frame]
    assert second.of_frames("screen text", "1", [frame]) == {frame.path.name: list(words)}


def test_what_depends_on_another_model_or_budget_is_found_anew(place: AttemptStore) -> None:
    one, other = (TimedText(TimeSpan(0, 1), text, "speech") for text in ("one", "other"))
    Findings(place).speech("small", lambda: [one])
    assert model_of(place.stages, "speech") == "small"
    assert Findings(place).speech("large", lambda: [other]) == (other,)


def test_what_was_made_of_frames_before_it_broke_off_is_kept(place: AttemptStore) -> None:
    keyframes = [Keyframe(float(n), place.folder / f"{n}.jpg") for n in range(5)]

    def described() -> Iterator[tuple[Keyframe, object]]:
        for frame in keyframes:
            if frame.time == 3:
                raise KeyboardInterrupt
            yield frame, [frame.path.stem, 0.5]

    with pytest.raises(KeyboardInterrupt):
        Findings(place).keep_frames("describing", "a model", described())
    expected = {f"{n}.jpg": [str(n), 0.5] for n in range(3)}
    assert Findings(place).of_frames("describing", "a model", keyframes) == expected
    assert Findings(place).of_frames("describing", "another model", keyframes) == {}
