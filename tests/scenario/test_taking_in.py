"""From a folder of files to answers, frames and clips, through the command line."""

import json
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from tests.scenario.conftest import Vdialog

SIZE = (160, 120)


def write_film(path: Path, *colours: str, seconds: int = 4, rate: int = 10) -> None:
    """Write a film of plain colours, one after the other."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=rate)
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        for colour in colours:
            picture = np.asarray(Image.new("RGB", SIZE, colour))
            for _ in range(seconds * rate):
                container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())


@pytest.fixture
def films(tmp_path: Path) -> Path:
    """A folder with a good film, its captions, a damaged film, and a file that is no video."""
    folder = tmp_path / "films"
    folder.mkdir()
    write_film(folder / "colours.mp4", "red", "blue")
    (folder / "broken.mp4").write_bytes((folder / "colours.mp4").read_bytes()[:300])
    (folder / "notes.txt").write_text("not a video")
    captions = {"colours": {"duration": 8, "timestamps": [[0, 4]], "sentences": ["A red wall."]}}
    (tmp_path / "captions.json").write_text(json.dumps(captions))
    return folder


@pytest.fixture
def taken(vdialog: Vdialog, films: Path, monkeypatch: pytest.MonkeyPatch) -> Vdialog:
    """The command line over a library with the good film, and a picture encoder."""
    monkeypatch.setenv("VDIALOG_CLIP_MODEL", "hashing")
    ran = vdialog("ingest", films / "colours.mp4", "--captions", films.parent / "captions.json")
    assert ran.code == 0, ran.err
    return vdialog


def test_a_damaged_file_is_refused_with_its_reason_and_the_rest_goes_on(vdialog: Vdialog, films: Path) -> None:
    ran = vdialog("ingest", films, "--captions", films.parent / "captions.json", "--json")
    verdicts = {Path(file["path"]).name: file["verdict"] for file in ran.data["files"]}
    assert ran.code == 6
    assert verdicts == {"broken.mp4": "refused", "colours.mp4": "new"}
    assert next(file["reason"] for file in ran.data["files"] if file["verdict"] == "refused")


def test_an_empty_path_is_not_the_current_folder(vdialog: Vdialog) -> None:
    for command in (("ingest", ""), ("ingest", "--dry-run", ""), ("backup", ""), ("restore", "")):
        refused = vdialog(*command, "--json")
        assert (refused.code, refused.error["code"]) == (2, "usage"), command
        assert "not a path" in refused.error["message"]


def test_people_get_a_line_for_each_file_and_a_table_at_the_end(vdialog: Vdialog, films: Path) -> None:
    ran = vdialog("ingest", films)
    assert ran.code == 6
    assert [line.split(":")[0] for line in ran.err.splitlines()] == ["broken.mp4", "colours.mp4"]
    assert ran.out.splitlines()[0].split() == ["file", "verdict", "video", "moments", "time", "reason"]
    assert ran.out.splitlines()[-2] == "2 files: 1 new, 1 refused."


def test_what_was_refused_before_is_told_in_a_line_and_is_no_error_again(vdialog: Vdialog, films: Path) -> None:
    assert vdialog("ingest", films).code == 6
    ran = vdialog("ingest", films)
    assert ran.code == 0
    assert "refused before and unchanged since: broken.mp4. `vdialog ingest FOLDER --retry` tries" in ran.out
    assert "broken.mp4" not in ran.out.split("refused before")[0]
    assert ran.out.splitlines()[-2] == "2 files: 1 unchanged, 1 refused before."
    again = vdialog("ingest", films, "--retry", "--json")
    assert (again.code, [file["known"] for file in again.data["files"]]) == (6, [False, False])
    assert vdialog("ingest", films / "broken.mp4").code == 6
    assert vdialog("ingest", films, "--retry", "--watch").code == 2


def test_what_a_folder_lost_and_what_nobody_read_is_said_with_what_to_do(vdialog: Vdialog, films: Path) -> None:
    (films / "colours.srt").write_text("1\n00:00:00,500 --> 00:00:02,000\nThe ferry leaves at nine.\n")
    (films / "broken.mp4").unlink()
    vdialog("ingest", films)
    (films / "colours.mp4").unlink()
    (films.parent / "captions.json").rename(films / "captions.json")
    ran = vdialog("ingest", films)
    assert ran.code == 0
    assert "file gone, but still found: colours.mp4. To take them out: `vdialog videos remove colours`" in ran.out
    assert "not read: colours.srt: no film beside it is named like it" in ran.out
    assert "not read: captions.json: it looks like captions" in ran.out


def test_what_is_in_already_is_not_taken_in_again(taken: Vdialog, films: Path) -> None:
    ran = taken("ingest", films / "colours.mp4", "--captions", films.parent / "captions.json", "--json")
    assert (ran.code, [file["verdict"] for file in ran.data["files"]]) == (0, ["unchanged"])


def test_a_path_that_is_not_there_is_a_usage_error(vdialog: Vdialog) -> None:
    ran = vdialog("ingest", "nowhere.mp4", "--json")
    assert (ran.code, ran.error["code"]) == (2, "usage")
    assert "nowhere.mp4" in ran.error["message"]


def test_a_folder_without_videos_is_said_to_have_none(vdialog: Vdialog, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    ran = vdialog("ingest", tmp_path / "empty")
    assert (ran.code, ran.out) == (0, "No video files found there.\n")


def test_the_answer_shows_the_frame_on_disk(taken: Vdialog) -> None:
    citation = taken("ask", "Where is a red wall?", "--json").data["citations"][0]
    with Image.open(citation["keyframe"]) as frame:
        red, _, blue = frame.convert("RGB").resize((1, 1)).getpixel((0, 0))  # type: ignore[misc]
    assert red > 150 > blue


def test_a_picture_finds_the_moment_that_looks_like_it(taken: Vdialog, tmp_path: Path) -> None:
    Image.new("RGB", (32, 32), "blue").save(tmp_path / "blue.png")
    hits = taken("search", "--image", tmp_path / "blue.png", "--json").data["hits"]
    assert hits[0]["start"] == pytest.approx(4, abs=0.3)
    assert list(hits[0]["arms"]) == ["frames"]
    answer = taken("ask", "where is this?", "--image", tmp_path / "blue.png", "--json").data
    assert answer["citations"][0]["moment_id"] == hits[0]["moment_id"]


def test_a_moment_without_words_is_shown_and_unsure(taken: Vdialog) -> None:
    taken("ask", "Where is a red wall?")
    answer = taken("ask", "-c", "and then?", "--json").data
    assert (answer["verdict"], answer["sources"]) == ("unsure", [])
    assert answer["citations"][0]["start"] == pytest.approx(4, abs=0.3)


@pytest.mark.parametrize(("what", "length"), [("colours:1", 4), ("colours@1-3", 2), ("colours@00:01-00:03", 2)])
def test_a_clip_is_as_long_as_what_it_was_cut_from(taken: Vdialog, tmp_path: Path, what: str, length: float) -> None:
    ran = taken("clip", what, "-o", tmp_path / "clip.mp4", "--json")
    assert ran.code == 0, ran.err
    assert list(ran.data) == ["version", "path", "video_id", "start", "end", "copied"]
    with av.open(str(tmp_path / "clip.mp4")) as clip:
        stream = clip.streams.video[0]
        assert sum(1 for _ in clip.decode(stream)) == pytest.approx(length * 10, abs=1)


def test_a_clip_never_replaces_a_file_unasked_nor_the_video_itself(taken: Vdialog, films: Path, tmp_path: Path) -> None:
    (tmp_path / "clip.mp4").write_text("mine")
    assert taken("clip", "colours:1", "-o", tmp_path / "clip.mp4").code == 2
    assert (tmp_path / "clip.mp4").read_text() == "mine"
    assert taken("clip", "colours:1", "-o", films / "colours.mp4", "--overwrite").code == 2
    assert taken("clip", "colours:1", "-o", tmp_path / "clip.mp4", "--overwrite").code == 0
    assert taken("clip", "colours:1", "-o", tmp_path / "nowhere" / "clip.mp4").code == 2


def test_captions_that_are_imported_never_replace_a_video_with_its_media(taken: Vdialog, films: Path) -> None:
    before = taken("videos", "show", "colours", "--json").data
    ran = taken("import", films.parent / "captions.json", "--json")
    assert ran.code == 6
    assert ran.data["replaced"] == 0
    assert "--join" in ran.data["dropped"][0]
    assert taken("videos", "show", "colours", "--json").data == before


def test_a_removed_video_leaves_no_frames_behind(taken: Vdialog, tmp_path: Path) -> None:
    frames = tmp_path / "home" / "frames"
    assert list(frames.rglob("*.jpg"))
    assert taken("videos", "remove", "colours").code == 0
    assert not list(frames.rglob("*.jpg"))
    assert taken("search", "red wall", "--arm", "keywords", "--json").data["hits"] == []


def test_after_an_ingest_a_line_says_what_can_be_found_and_what_cannot(vdialog: Vdialog, films: Path) -> None:
    write_film(films / "silent.mp4", "green")
    (films / "broken.mp4").unlink()
    captions = ("--captions", films.parent / "captions.json")
    line = "2 videos: words of 1 (captions); no words in 1; no speech, no pictures: `vdialog setup`"
    assert vdialog("ingest", films, *captions).out.splitlines()[-1] == line
    found = vdialog("ingest", films, "--json").data["findable"]
    assert found == {"videos": 2, "words": {"captions": 1}, "wordless": 1, "pictures": 0}
    listed = {video["video_id"]: video for video in vdialog("videos", "list", "--json").data["videos"]}
    assert {name: video["state"] for name, video in listed.items()} == {"colours": "complete", "silent": "wordless"}
    assert listed["colours"]["findable"] == {"words": ["captions"], "pictures": False}
    (silent,) = (line for line in vdialog("videos", "list").out.splitlines() if line.startswith("silent"))
    assert silent.split()[2:4] == ["wordless", "nothing"]


def test_each_file_is_new_then_unchanged_then_updated_then_moved(vdialog: Vdialog, films: Path) -> None:
    (films / "broken.mp4").unlink()

    def verdict() -> str:
        return str(vdialog("ingest", films, "--json").data["files"][0]["verdict"])

    assert [verdict(), verdict()] == ["new", "unchanged"]
    (films / "colours.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nRed.\n")
    assert verdict() == "updated"
    (films / "colours.srt").rename(films / "hues.srt")
    (films / "colours.mp4").rename(films / "hues.mp4")
    assert [verdict(), verdict()] == ["moved", "unchanged"]
    assert "1 file: 1 unchanged." in vdialog("ingest", films).out


def test_the_demo_models_write_nothing_into_other_films_and_say_so(
    vdialog: Vdialog, films: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (films / "broken.mp4").unlink()
    monkeypatch.setenv("VDIALOG_VISION", "transformers")
    monkeypatch.setenv("VDIALOG_VISION_MODEL", "packaged")
    monkeypatch.setenv("VDIALOG_VISION_CAPTIONS", "true")
    ran = vdialog("ingest", films)
    assert "pictures not described: the models of the set demo know the sample films alone: colours.mp4" in ran.out
    assert "Warning: the models of the set demo know the sample films alone, and 1 video here is another" in ran.out
    assert vdialog("videos", "list", "--json").data["videos"][0]["findable"]["words"] == []
    checks = {check["name"]: check for check in vdialog("doctor", "--json").data["checks"]}
    assert checks["models for these films"]["state"] == "warning"
    assert "`vdialog setup`" in checks["models for these films"]["fix"]


def test_captions_of_films_join_them_on_a_word(taken: Vdialog, films: Path) -> None:
    entry = {"duration": 8, "timestamps": [[4, 8]], "sentences": ["A blue wall."]}
    (films.parent / "more.json").write_text(json.dumps({"colours": entry}))
    assert taken("import", films.parent / "more.json").code == 6
    assert taken("import", films.parent / "more.json", "--join", "--json").data["joined"] == ["colours"]
    assert taken("search", "blue wall", "--arm", "keywords", "--json").data["hits"][0]["video_id"] == "colours"
    said = taken("import", films.parent / "captions.json", "--join").out
    assert said.startswith("colours: captions of colours\n")
    assert said.endswith("1 film: colours\n")


def test_to_join_captions_makes_no_video_of_what_names_no_film_unless_told(taken: Vdialog, films: Path) -> None:
    entry = {"duration": 8, "timestamps": [[4, 8]], "sentences": ["A blue wall."]}
    (films.parent / "more.json").write_text(json.dumps({"colours": entry, "colors": entry}))
    ran = taken("import", films.parent / "more.json", "--join", "--json")
    assert (ran.code, ran.data["joined"], ran.data["videos"]) == (6, ["colours"], 0)
    assert "colors" in ran.data["dropped"][0]
    assert taken("import", films.parent / "more.json", "--join", "--as-new", "--json").data["videos"] == 1
    assert taken("import", films.parent / "more.json", "--join", "--json").data["unchanged"] == 2
