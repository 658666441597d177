"""What is not given again is not withdrawn: texts of a video go by a word for it alone."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from retrieval.encoders.hashing import HashingTextEncoder
from retrieval.encoders.lazy import Encoders
from retrieval.index.memory import MemoryIndex
from retrieval.ingest import speech
from retrieval.ingest.captions import GeneratedCaption
from retrieval.ingest.job import Decoding
from retrieval.ingest.options import IngestOptions
from retrieval.library import Library
from retrieval.types import TextKind, TimedText, TimeSpan
from tests.films import film, shots

HERE = frozenset({"here"})
SRT = "1\n00:00:00,500 --> 00:00:02,000\nThe ferry leaves at {}.\n"


class Describer:
    """Says the same of every picture."""

    def __init__(self, name: str = "describer") -> None:
        self.name = name

    def unfit(self, film: Path) -> str | None:
        return None

    def describe(self, images: Sequence[Image.Image]) -> list[GeneratedCaption]:
        return [GeneratedCaption(f"A wall, says {self.name}.", 0.9) for _ in images]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "home"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "films").mkdir()
    return film(tmp_path / "films" / "ferry.mp4", shots((1, 3), (2, 3)))


def taken(
    home: Path, path: Path, given: Path | None = None, drop: Sequence[TextKind] = (), describer: Describer | None = None
) -> tuple[str, dict[TextKind, str], list[str]]:
    """Take a film in; return the verdict, what became of each kind of text, and the texts of the moments."""
    options = IngestOptions(captioner=describer)
    with Library(home, Encoders(HashingTextEncoder), options, lambda _, spaces: MemoryIndex(spaces)) as library:
        report = library.ingest([path], "here", given, drop=drop)[0]
        moments = library.catalogue.moments("ferry", HERE)
        return report.verdict, dict(report.texts), [moment.text for moment in moments]


def captions(path: Path, said: str) -> Path:
    target = path.parent / "captions.json"
    target.write_text(json.dumps({"ferry": {"duration": 6, "timestamps": [[0, 2.5]], "sentences": [said]}}))
    return target


def test_captions_stay_where_none_are_given_again(home: Path, path: Path) -> None:
    assert taken(home, path, captions(path, "A dog runs."))[1:] == ({"captions": "added"}, ["A dog runs.", ""])
    assert taken(home, path) == ("unchanged", {"captions": "kept"}, ["A dog runs.", ""])
    verdict, texts, said = taken(home, path, drop=["captions"])
    assert (verdict, texts, said) == ("updated", {"captions": "removed"}, ["", ""])
    assert taken(home, path) == ("unchanged", {}, ["", ""])


def test_subtitles_stay_while_their_file_is_away(home: Path, path: Path) -> None:
    path.with_suffix(".srt").write_text(SRT.format("nine"))
    assert taken(home, path)[1] == {"subtitles": "added"}
    path.with_suffix(".srt").unlink()
    assert taken(home, path) == ("unchanged", {"subtitles": "kept"}, ["The ferry leaves at nine.", ""])
    assert taken(home, path, drop=["subtitles"])[1:] == ({"subtitles": "removed"}, ["", ""])


def test_a_changed_file_of_texts_replaces_its_own_alone(home: Path, path: Path) -> None:
    path.with_suffix(".srt").write_text(SRT.format("nine"))
    path.with_suffix(".fr.srt").write_text("1\n00:00:03,500 --> 00:00:05,000\nLe bac part.\n")
    taken(home, path, captions(path, "A dog runs."))
    path.with_suffix(".fr.srt").unlink()
    path.with_suffix(".srt").write_text(SRT.format("ten"))
    verdict, texts, said = taken(home, path)
    assert (verdict, texts) == ("updated", {"captions": "kept", "subtitles": "replaced"})
    assert said == ["A dog runs. The ferry leaves at ten.", "Le bac part."]
    verdict, texts, said = taken(home, path, captions(path, "A cat runs."))
    assert (verdict, texts) == ("updated", {"captions": "replaced", "subtitles": "kept"})
    assert said == ["A cat runs. The ferry leaves at ten.", "Le bac part."]


def test_a_subtitle_file_that_cannot_be_read_any_more_takes_nothing_away(home: Path, path: Path) -> None:
    path.with_suffix(".srt").write_text(SRT.format("nine"))
    taken(home, path)
    path.with_suffix(".srt").write_text("no subtitles")
    assert taken(home, path) == ("unchanged", {"subtitles": "kept"}, ["The ferry leaves at nine.", ""])


def test_a_captions_file_without_the_video_takes_nothing_away(home: Path, path: Path) -> None:
    taken(home, path, captions(path, "A dog runs."))
    other = path.parent / "other.json"
    other.write_text(json.dumps({"harbour": {"duration": 6, "timestamps": [[0, 2]], "sentences": ["A boat."]}}))
    assert taken(home, path, other)[1] == {"captions": "kept"}
    other.write_text(json.dumps({"ferry": {"duration": 6, "timestamps": [], "sentences": []}}))
    assert taken(home, path, other)[1] == {"captions": "kept"}


def test_descriptions_stay_without_a_model_and_go_by_a_word(home: Path, path: Path) -> None:
    assert taken(home, path, describer=Describer())[1] == {"descriptions": "added"}
    assert taken(home, path)[:2] == ("unchanged", {"descriptions": "kept"})
    path.with_suffix(".srt").write_text(SRT.format("nine"))
    verdict, texts, said = taken(home, path)
    assert (verdict, texts) == ("updated", {"subtitles": "added", "descriptions": "kept"})
    assert said[1] == "A wall, says describer."
    assert taken(home, path, describer=Describer("another"))[1]["descriptions"] == "replaced"
    assert taken(home, path, drop=["descriptions"])[1] == {"subtitles": "kept", "descriptions": "removed"}
    assert taken(home, path)[1] == {"subtitles": "kept"}


def test_captions_in_place_of_descriptions_can_be_taken_back(home: Path, path: Path) -> None:
    taken(home, path, describer=Describer())
    given = captions(path, "A dog runs.")
    given.write_text(given.read_text().replace("[[0, 2.5]]", "[[0, 6]]"))
    assert taken(home, path, given)[1] == {"captions": "added", "descriptions": "replaced"}
    verdict, texts, said = taken(home, path, drop=["captions"])
    assert texts == {"captions": "removed", "descriptions": "added"}
    assert set(said) == {"A wall, says describer."}


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """A model of speech that is there, and is never loaded."""
    (tmp_path / "packages").mkdir()
    (tmp_path / "packages" / "faster_whisper.py").write_text("def download_model(*_, **__): raise ValueError")
    monkeypatch.syspath_prepend(tmp_path / "packages")
    folder = tmp_path / "whisper"
    folder.mkdir()
    for name in speech.FILES:
        (folder / name).write_text("")
    return str(folder)


def test_speech_stays_without_a_model_and_goes_by_a_word(home: Path, tmp_path: Path, heard: str) -> None:
    path = film(tmp_path / "ferry.mp4", shots((1, 3), (2, 3)), sound=6)

    def run(model: str | None, drop: Sequence[TextKind] = ()) -> tuple[str, dict[TextKind, str]]:
        silent = replace(Decoding(), audio=lambda *_: np.zeros(0, np.float32))
        options = IngestOptions(speech_model=model)
        encoders, index = Encoders(HashingTextEncoder), MemoryIndex
        with Library(home, encoders, options, lambda _, spaces: index(spaces), decoding=silent) as library:
            ingester = library.ingester("here")
            said = (TimedText(TimeSpan(0, 2), "The ferry leaves.", "speech"),)
            ingester._tools.hear = lambda *_: said  # type: ignore[method-assign]
            report = ingester.take([path], "here", drop=drop)[0]
            return report.verdict, dict(report.texts)

    assert run(heard) == ("new", {"speech": "added"})
    assert run(None) == ("unchanged", {"speech": "kept"})
    assert run(str(tmp_path / "nosuch")) == ("unchanged", {"speech": "kept"})
    path.with_suffix(".srt").write_text(SRT.format("nine"))
    assert run(None) == ("updated", {"subtitles": "added", "speech": "replaced"})
    assert run(None, ["subtitles"]) == ("updated", {"subtitles": "removed", "speech": "added"})
    path.with_suffix(".srt").unlink()
    assert run(heard, ["speech"]) == ("updated", {"speech": "removed"})
    assert run(None) == ("unchanged", {})
