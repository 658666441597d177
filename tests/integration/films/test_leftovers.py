"""What a folder holds or held beside the films that are taken in, and files that are refused again and again."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.encoders.hashing import HashingTextEncoder
from retrieval.encoders.lazy import Encoders
from retrieval.index.memory import MemoryIndex
from retrieval.ingest.confined import DecodeLimits
from retrieval.ingest.options import IngestOptions
from retrieval.ingest.reports import FileReport
from retrieval.library import Library
from tests.films import film, shots

SRT = "1\n00:00:00,500 --> 00:00:02,000\nThe ferry leaves at nine.\n"


def opened(home: Path, limits: DecodeLimits | None = None) -> Library:
    options = IngestOptions(limits=limits)
    return Library(home, Encoders(HashingTextEncoder), options, lambda _, spaces: MemoryIndex(spaces))


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with opened(tmp_path / "home") as here:
        yield here


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "films").mkdir()
    film(tmp_path / "films" / "ferry.mp4", shots((1, 3)))
    (tmp_path / "films" / "ferry.srt").write_text(SRT)
    return tmp_path / "films"


def verdicts(reports: list[FileReport]) -> dict[str, str]:
    return {report.path.name: report.verdict for report in reports}


def test_a_video_whose_file_went_is_told_at_each_ingest_of_its_folder_and_at_no_other(
    library: Library, folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "films of others"  # begins like the other folder
    other.mkdir()
    film(other / "boat.mp4", shots((2, 2)))
    library.ingest([folder, other], "here")
    (folder / "ferry.mp4").unlink()
    for _ in range(2):
        report = next(r for r in library.ingest([folder], "here") if r.verdict == "gone")
        assert (report.path, report.video_id) == (folder / "ferry.mp4", "ferry")
        assert "can still be found" in report.reason
    assert verdicts(library.ingest([other], "here")) == {"boat.mp4": "unchanged"}
    assert verdicts(library.ingest([folder], "elsewhere")) == {"ferry.srt": "unused"}
    library.remove("ferry", frozenset({"here"}))
    assert "gone" not in verdicts(library.ingest([folder], "here")).values()


def test_a_folder_that_is_named_by_another_way_is_the_same(library: Library, folder: Path, tmp_path: Path) -> None:
    library.ingest([folder], "here")
    (folder / "ferry.mp4").unlink()
    (tmp_path / "other").mkdir()
    assert verdicts(library.ingest([tmp_path / "other" / ".." / "films"], "here"))["ferry.mp4"] == "gone"


def test_a_film_that_was_renamed_is_not_gone(library: Library, folder: Path) -> None:
    library.ingest([folder], "here")
    (folder / "ferry.mp4").rename(folder / "boat.mp4")
    (folder / "ferry.srt").rename(folder / "boat.srt")
    assert verdicts(library.ingest([folder], "here")) == {"boat.mp4": "moved"}


@pytest.mark.parametrize("name", ["fery.srt", "ferry.part2.srt", "inside/ferry.srt"])
def test_a_subtitle_file_that_no_film_beside_it_is_named_like_is_told(
    library: Library, folder: Path, name: str
) -> None:
    (folder / "inside").mkdir()
    (folder / name).write_text(SRT)
    report = next(r for r in library.ingest([folder], "here") if r.verdict == "unused")
    assert report.path == folder / name
    assert "no film beside it is named like it" in report.reason


@pytest.mark.parametrize("name", ["ferry.en.srt", "ferry.pt-BR.sdh.vtt", ".hidden.srt"])
def test_other_subtitle_files_are_not(library: Library, folder: Path, name: str) -> None:
    (folder / name).write_text(SRT)
    assert verdicts(library.ingest([folder], "here")) == {"ferry.mp4": "new"}


def test_captions_that_were_not_given_are_told_and_other_files_are_not(library: Library, folder: Path) -> None:
    captions = folder / "words.json"
    captions.write_text(json.dumps({"ferry": {"duration": 3, "timestamps": [[0, 2]], "sentences": ["A dog runs."]}}))
    (folder / "ferry.info.json").write_text(json.dumps({"title": "timestamps and sentences"}))
    report = next(r for r in library.ingest([folder], "here") if r.verdict == "unused")
    assert report.path == captions
    assert "--captions FILE" in report.reason
    assert verdicts(library.ingest([folder], "here", captions)) == {"ferry.mp4": "updated"}


def test_what_lies_in_a_folder_is_no_matter_where_a_file_is_named(library: Library, folder: Path) -> None:
    (folder / "fery.srt").write_text(SRT)
    assert verdicts(library.ingest([folder / "ferry.mp4"], "here")) == {"ferry.mp4": "new"}


def test_texts_whose_subtitle_file_went_are_told_to_be_kept(library: Library, folder: Path) -> None:
    library.ingest([folder], "here")
    assert library.ingest([folder], "here")[0].notes == ()
    (folder / "ferry.srt").unlink()
    told = library.ingest([folder], "here")[0]
    assert (told.verdict, told.texts) == ("unchanged", {"subtitles": "kept"})
    assert ["--drop subtitles" in note for note in told.notes] == [True]
    assert library.ingest([folder], "here", drop=["subtitles"])[0].texts == {"subtitles": "removed"}
    assert library.ingest([folder], "here")[0].notes == ()


def test_it_is_said_that_dropped_subtitles_come_back_while_their_file_is_there(library: Library, folder: Path) -> None:
    library.ingest([folder], "here")
    told = library.ingest([folder], "here", drop=["subtitles"])[0]
    assert told.texts == {"subtitles": "removed"}
    assert ["the next ingest reads it again" in note for note in told.notes] == [True]
    assert library.ingest([folder], "here")[0].texts == {"subtitles": "added"}, "as was said"


def test_a_refused_file_is_known_until_it_changes_or_is_wanted(library: Library, folder: Path, tmp_path: Path) -> None:
    broken = folder / "broken.mp4"
    broken.write_bytes(b"no film at all")

    def told(*paths: Path, retry: bool = False) -> tuple[str, bool]:
        report = next(r for r in library.ingest(paths, "here", retry=retry) if r.path == broken)
        assert report.reason
        return report.verdict, report.is_known

    assert told(folder) == ("refused", False)
    assert told(folder) == ("refused", True)
    assert told(folder, retry=True) == ("refused", False)
    assert told(folder) == ("refused", True)
    assert told(broken) == ("refused", False)
    os.utime(broken, (1, 1))
    assert told(folder) == ("refused", False)
    with opened(tmp_path / "home") as later:
        assert [r.is_known for r in later.ingest([folder], "here") if r.path == broken] == [True]
    with opened(tmp_path / "home", DecodeLimits(memory_bytes=2**32)) as later:
        assert [r.is_known for r in later.ingest([folder], "here") if r.path == broken] == [False]
    film(broken, shots((4, 2)))
    assert told_new(library, folder, broken) == ("new", False)


def told_new(library: Library, folder: Path, path: Path) -> tuple[str, bool]:
    report = next(r for r in library.ingest([folder], "here") if r.path == path)
    return report.verdict, report.is_known


def test_what_the_machine_would_not_let_read_is_tried_each_time(library: Library, folder: Path) -> None:
    (folder / "busy.mp4").write_bytes((folder / "ferry.mp4").read_bytes() + b" ")
    too_little = DecodeLimits(cpu_seconds=600, stall_seconds=0.001)
    with opened(folder.parent / "other home", too_little) as hasty:
        for _ in range(2):
            report = next(r for r in hasty.ingest([folder], "here") if r.path.name == "busy.mp4")
            assert (report.verdict, report.is_known, "longer than allowed" in report.reason) == ("refused", False, True)


def test_refused_files_that_are_gone_are_forgotten(library: Library, folder: Path) -> None:
    (folder / "secret name.mp4").write_bytes(b"no film at all")
    library.ingest([folder], "here")
    assert "secret name" in library.catalogue.meta("refused")
    (folder / "secret name.mp4").unlink()
    library.ingest([folder], "here")
    assert "secret name" not in library.catalogue.meta("refused")


def test_a_partly_read_film_is_known_while_it_is_unchanged(library: Library, folder: Path) -> None:
    whole = film(folder / "whole.mkv", shots((1, 3), (2, 3), (5, 3)))
    (folder / "part.mkv").write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    first, again = (next(r for r in library.ingest([folder], "here") if r.path.name == "part.mkv") for _ in range(2))
    assert (first.verdict, first.is_known) == ("partial", False)
    assert (again.verdict, again.is_known) == ("partial", True)
