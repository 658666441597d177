"""One thing that is bad is told in a report; the others of the folder are taken in, and the folder is watched on."""

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from bot.cli.reports import report_data
from retrieval.encoders.hashing import HashingTextEncoder
from retrieval.encoders.lazy import Encoders
from retrieval.ingest.options import IngestOptions
from retrieval.ingest.pipeline import FileReport
from retrieval.library import Library
from tests.films import film, shots
from tests.scenario.conftest import Vdialog
from tests.unit.bot.vision.faulty_server import faulty

SRT = "1\n00:00:00,000 --> 00:00:01,000\nThe ferry leaves at nine.\n"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def films(tmp_path: Path) -> Path:
    """A folder with two films, one before and one after `m` in the order of names."""
    folder = tmp_path / "films"
    folder.mkdir()
    for number, name in enumerate(("a", "z")):
        film(folder / f"{name}.mp4", shots((number, 1.0), (number + 5, 1.0)))
    return folder


def verdicts(vdialog: Vdialog, *arguments: str | Path) -> dict[str, tuple[str, str]]:
    told = vdialog("ingest", *arguments, "--json").data["files"]
    return {Path(one["path"]).name: (one["verdict"], one["reason"]) for one in told}


def test_a_link_to_itself_is_passed_over(vdialog: Vdialog, films: Path) -> None:
    (films / "m.mp4").symlink_to("m.mp4")
    (films / "n.mp4").symlink_to("o.mp4")
    (films / "o.mp4").symlink_to("n.mp4")
    (films / "folder").symlink_to(films)
    (films / "a.srt").symlink_to("a.srt")
    (films / "gone.mp4").symlink_to("nowhere.mp4")
    assert verdicts(vdialog, films) == {"a.mp4": ("new", ""), "z.mp4": ("new", "")}


def test_subtitles_of_six_gigabytes_are_left_out_without_being_read(vdialog: Vdialog, films: Path) -> None:
    with (films / "a.srt").open("wb") as file:
        file.truncate(6 * 2**30)
    (films / "z.srt").write_text(SRT)
    began = time.monotonic()
    told = {Path(one["path"]).name: one for one in vdialog("ingest", films, "--json").data["files"]}
    assert (told["a.mp4"]["verdict"], told["z.mp4"]["verdict"]) == ("new", "new")
    assert "too large for subtitles" in " ".join(told["a.mp4"]["notes"])
    assert time.monotonic() - began < 60
    assert vdialog("search", "ferry", "--json").data["hits"][0]["video_id"] == "z"


UNPRIVILEGED = """
import ctypes, os, sys
for capability in (1, 2):  # with which root reads what nobody may read
    ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)
os.execv(sys.executable, [sys.executable, "-m", "bot.cli", *sys.argv[1:]])
"""


def test_subtitles_and_films_that_may_not_be_read_are_told(films: Path, tmp_path: Path) -> None:
    (films / "a.srt").write_text(SRT)
    (films / "a.srt").chmod(0)
    shutil.copy(films / "a.mp4", films / "m.mp4")
    (films / "m.mp4").chmod(0)
    (films / "closed").mkdir(mode=0)
    environment = {**os.environ, "VDIALOG_HOME": str(tmp_path / "home"), "VDIALOG_TEXT_MODEL": "hashing"}
    command = [sys.executable, "-c", UNPRIVILEGED, "ingest", str(films), "--json"]
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 6, ran.stderr
    told = {Path(one["path"]).name: one for one in json.loads(ran.stdout)["files"]}
    assert (told["a.mp4"]["verdict"], told["z.mp4"]["verdict"]) == ("new", "new")
    assert any("'a.srt' cannot be read" in note for note in told["a.mp4"]["notes"])
    assert told["m.mp4"]["verdict"] == "refused" and "cannot be read" in told["m.mp4"]["reason"]


def test_a_folder_that_goes_while_its_film_is_hashed_is_told(films: Path, tmp_path: Path) -> None:
    going = films / "m"
    going.mkdir()
    with (going / "m.mp4").open("wb") as file:
        file.truncate(2**30)

    def opened() -> list[str]:
        found = []
        for fd in os.listdir("/proc/self/fd"):
            with suppress(OSError):
                found.append(os.readlink(f"/proc/self/fd/{fd}"))
        return found

    def go() -> None:
        while str(going / "m.mp4") not in opened():
            time.sleep(0.001)
        shutil.rmtree(going)

    threading.Thread(target=go, daemon=True).start()
    with Library(tmp_path / "home", Encoders(HashingTextEncoder)) as library:
        reports = library.ingest([films], "here")
    told = {report.path.name: report for report in reports}
    assert {name: report.verdict for name, report in told.items()} == {
        "a.mp4": "new",
        "m.mp4": "refused",
        "z.mp4": "new",
    }
    assert "m.mp4" in told["m.mp4"].reason


def test_a_model_that_fails_leaves_films_undescribed_and_is_asked_again_later(
    vdialog: Vdialog, films: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = json.dumps({"capabilities": ["vision"], "model_info": {"llama.context_length": 4096}})
    listed = json.dumps({"models": [{"model": "llava:latest", "digest": "0123456789abcdef"}]})
    said = {"message": {"role": "assistant", "content": "A violin."}, "done": True, "logprobs": [{"logprob": -0.01}]}
    healthy = False

    def act(request: object) -> None:
        path, reply = getattr(request, "path"), getattr(request, "reply")  # noqa: B009
        if path == "/api/chat":
            reply(200, json.dumps(said) + "\n") if healthy else reply(500, '{"error": "out of memory"}')
        else:
            reply(200, shown if path == "/api/show" else listed)

    with faulty(act) as server:
        monkeypatch.setenv("VDIALOG_VISION", "ollama")
        monkeypatch.setenv("VDIALOG_VISION_CAPTIONS", "true")
        monkeypatch.setenv("VDIALOG_VISION_URL", server.url)
        ran = vdialog("ingest", films, "--json")
        assert [one["verdict"] for one in ran.data["files"]] == ["new", "new"]
        assert all("not described by the vision model" in " ".join(one["notes"]) for one in ran.data["files"])
        healthy = True
        again = vdialog("ingest", films, "--json").data["files"]
        assert [(one["verdict"], one["notes"]) for one in again] == [("updated", [])] * 2
        assert vdialog("search", "violin", "--no-vision", "--json").code in (0, 2)
        assert {one["verdict"] for one in vdialog("ingest", films, "--json").data["files"]} == {"unchanged"}
    monkeypatch.setenv("VDIALOG_VISION_URL", "http://127.0.0.1:9")
    film(films / "m.mp4", shots((8, 1.0)))
    down = {Path(one["path"]).name: one for one in vdialog("ingest", films, "--json").data["files"]}
    assert down["m.mp4"]["verdict"] == "new" and "not described" in " ".join(down["m.mp4"]["notes"])


def test_one_bad_video_of_a_captions_file_is_told_and_the_others_are_imported(vdialog: Vdialog, tmp_path: Path) -> None:
    good = {"duration": 9, "timestamps": [[0, 4]], "sentences": ["A ferry leaves."]}
    bad = {"b": {"duration": "ten", "timestamps": [], "sentences": []}, "c": 5, "d": {"duration": 3}}
    (tmp_path / "c.json").write_text(json.dumps({"a": good, **bad, "z": good}))
    ran = vdialog("import", "c.json", "--json")
    assert ran.code == 6 and ran.data["videos"] == 2
    assert all(any(f"'{name}'" in reason for reason in ran.data["dropped"]) for name in bad)
    assert {one["video_id"] for one in vdialog("videos", "list", "--json").data["videos"]} == {"a", "z"}


def test_a_watched_folder_is_watched_on_whatever_happens(films: Path, tmp_path: Path) -> None:
    captions = tmp_path / "captions.json"
    captions.write_text("{}")
    reports: list[FileReport] = []
    options = IngestOptions(stable_seconds=0.0)

    class Over(Exception):
        pass

    def until(condition: object) -> None:
        end = time.monotonic() + 60
        while not condition() and time.monotonic() < end:  # type: ignore[operator]
            time.sleep(0.05)
        assert condition(), [report_data(report) for report in reports]  # type: ignore[operator]

    def happen() -> None:
        until(lambda: len(reports) >= 2)
        captions.write_text("{ half of a file")
        until(lambda: any(report.path == captions and report.verdict == "refused" for report in reports))
        (films / "m.mp4").symlink_to("m.mp4")
        (films / "b.srt").symlink_to("b.srt")
        captions.write_text("{}")
        film(films / "y.mp4", shots((7, 1.0)))
        until(lambda: any(report.path.name == "y.mp4" and report.verdict == "new" for report in reports))

    failed: list[BaseException] = []

    def run() -> None:
        try:
            happen()
        except BaseException as error:
            failed.append(error)
        finally:
            over.set()

    over = threading.Event()
    with Library(tmp_path / "home", Encoders(HashingTextEncoder), options) as library:
        threading.Thread(target=run, daemon=True).start()

        def told(report: FileReport) -> None:
            reports.append(report)

        def progress(_: object) -> None:
            if over.is_set():
                raise Over

        def ends() -> None:
            over.wait()
            film(films / "last.mp4", shots((9, 1.0)))  # whose progress ends the watching

        threading.Thread(target=ends, daemon=True).start()
        with pytest.raises(Over):
            library.ingester("here").watch([films], "here", captions, progress, told, every=0.1)
    assert failed == []
