"""An ingest that was broken off is gone on with; what nobody goes on with is swept."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageDraw, ImageFont

from retrieval.encoders.hashing import HashingImageEncoder, HashingTextEncoder
from retrieval.encoders.lazy import Encoders
from retrieval.index.memory import MemoryIndex
from retrieval.ingest.progress import FINISHING, LOADING, Progress
from retrieval.library import Library
from retrieval.types import TimeSpan
from tests.films import RATE, film, shots

HERE = frozenset({"here"})
SRT = "1\n00:00:00,500 --> 00:00:02,000\nThe ferry leaves at nine.\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "films").mkdir()
    made = film(tmp_path / "films" / "ferry.mp4", shots((1, 2), (2, 2)))
    made.with_suffix(".srt").write_text(SRT)
    return made


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with opened(tmp_path / "home") as library:
        yield library


def opened(home: Path) -> Library:
    encoders = Encoders(HashingTextEncoder, HashingImageEncoder)
    return Library(home, encoders, make_index=lambda _, spaces: MemoryIndex(spaces))


def broken_off(library: Library, path: Path, at: str) -> None:
    """Take a film in, and be cancelled when a stage begins."""

    def cancel(progress: Progress) -> None:
        if progress.stage == at:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        library.ingest([path], "here", on_progress=cancel)
    assert library.catalogue.videos(HERE) == []


def stages(library: Library, path: Path) -> list[str]:
    told: list[str] = []
    library.ingest([path], "here", on_progress=lambda progress: told.append(progress.stage))
    return [stage for stage in dict.fromkeys(told) if stage not in (LOADING, FINISHING)]


def kept(library: Library) -> dict[str, list[tuple[object, ...]]]:
    generation = library.catalogue.video("ferry", HERE).generation
    queries = {
        "moments": "SELECT number, start, end FROM moments",
        "keyframes": "SELECT time, file FROM keyframes",
        "vectors": "SELECT name, place, vector FROM vectors",
        "findings": "SELECT stage, part, depends, result FROM findings",
    }
    return {
        table: sorted(map(tuple, library.catalogue.database.rows(f"{query} WHERE generation = ?", [generation])))
        for table, query in queries.items()
    }


WAYS = {
    "screen text": ["checking", "screen text", "embedding", "embedding frames", "saving"],
    "embedding": ["checking", "embedding", "embedding frames", "saving"],
    "embedding frames": ["checking", "embedding frames", "saving"],
}


@pytest.mark.parametrize("at", WAYS)
def test_what_was_finished_is_not_done_again(library: Library, path: Path, tmp_path: Path, at: str) -> None:
    broken_off(library, path, at)
    assert stages(library, path) == WAYS[at]
    with opened(tmp_path / "fresh") as fresh:
        fresh.ingest([path], "here")
        assert kept(library) == kept(fresh)
    generation = library.catalogue.video("ferry", HERE).generation
    assert [folder.name for folder in (tmp_path / "home" / "frames").iterdir()] == [str(generation)]
    assert library.catalogue.hidden() == frozenset()


def test_another_process_goes_on_with_it(library: Library, path: Path, tmp_path: Path) -> None:
    broken_off(library, path, "embedding")
    library.close()
    with opened(tmp_path / "home") as next_one:
        assert stages(next_one, path) == WAYS["embedding"]


def test_other_films_are_taken_in_meanwhile(library: Library, path: Path, tmp_path: Path) -> None:
    broken_off(library, path, "embedding")
    library.ingest([film(tmp_path / "other.mp4", shots((4, 2)))], "here")
    assert stages(library, path) == WAYS["embedding"]


@pytest.mark.parametrize("why", ["the file is gone", "a week has gone by"])
def test_what_nobody_goes_on_with_is_swept(library: Library, path: Path, tmp_path: Path, why: str) -> None:
    broken_off(library, path, "embedding")
    (folder,) = (tmp_path / "home" / "frames").iterdir()
    if why == "the file is gone":
        path.unlink()
    else:
        os.utime(folder, (time.time() - 8 * 24 * 3600,) * 2)
    library.ingest([film(tmp_path / "other.mp4", shots((4, 2)))], "here")
    assert not folder.exists()
    assert library.catalogue.hidden() == frozenset()
    assert library.catalogue.database.rows("SELECT count(*) FROM generations")[0][0] == 1


def slides() -> list[tuple[float, npt.NDArray[np.uint8]]]:
    """A talk: each slide stands for two seconds, a line comes to it, then a number changes by one digit."""
    shown = [
        ["Energy"],
        ["Energy", "is conserved"],
        ["Total 1375"],
        ["Total 1376", "and rising"],
        ["Energy", "is conserved"],
    ]
    frames = []
    for number, lines in enumerate(shown):
        image = Image.new("RGB", (640, 360), (40, 60, 90))
        for row, line in enumerate(lines):
            place, font = (40, 60 + 90 * row), ImageFont.load_default(size=60)
            ImageDraw.Draw(image).text(place, line, fill="white", font=font)
        frames += [(2 * number + step / RATE, np.array(image)) for step in range(2 * RATE)]
    return frames


@pytest.mark.models
def test_texts_on_the_screen_are_the_same_wherever_their_reading_broke_off(tmp_path: Path) -> None:
    path = film(tmp_path / "talk.mp4", slides())
    with opened(tmp_path / "whole") as whole:
        told: list[float] = []

        def note(progress: Progress) -> None:
            if progress.stage == "screen text":
                told.append(progress.fraction)

        whole.ingest([path], "here", on_progress=note)
        expected = texts(whole)
    assert [text for text, _ in expected][-3:] == ["Total 1375", "Total 1376 and rising", "Energy is conserved"]
    assert len(told) >= 4
    for place in told[1:]:
        with opened(tmp_path / f"broken at {place}") as library:

            def cancel(progress: Progress, place: float = place) -> None:
                if progress.stage == "screen text" and progress.fraction >= place:
                    raise KeyboardInterrupt

            with pytest.raises(KeyboardInterrupt):
                library.ingest([path], "here", on_progress=cancel)
            library.ingest([path], "here")
            assert texts(library) == expected


def texts(library: Library) -> list[tuple[str, TimeSpan]]:
    moments = library.catalogue.moments("talk", HERE)
    return [(text.text, text.span) for moment in moments for text in moment.texts if text.source == "screen"]
