"""What happens with bad input: every row of the table in `docs/bad-input.md`, which says what is expected."""

import contextlib
import io
import json
import os
import random
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.cli import main
from retrieval.catalogue import row_sums
from tests.films import HEIGHT, WIDTH
from tests.scenario import bad_files
from tests.scenario.bad_files import good
from tests.scenario.conftest import Ran, Vdialog

TABLE = (Path(__file__).parents[2] / "docs" / "bad-input.md").read_text(encoding="utf-8")
_ROW = re.compile(r"^\| `([\w-]+)` \|(?P<input>[^|]+)\|(?P<says>[^|]+)\|(?P<ends>[^|]+)\|$", re.MULTILINE)


@dataclass(frozen=True)
class Row:
    """What the table promises: the words that are said, and how it ends."""

    says: tuple[str, ...]
    ends: str


ROWS = {row[1]: Row(tuple(re.findall('"([^"]+)"', row["says"])), row["ends"].strip()) for row in _ROW.finditer(TABLE)}

# -- files: all in one folder, taken in by one command -------------------------------------------------------

SUBTITLE = "1\n00:00:00,000 --> 00:00:01,000\nGood morning.\n\n2\n00:00:01,000 --> 00:00:02,000\nGood night.\n"
OVERLAPS = SUBTITLE.replace("0:01,000 -", "0:00,500 -")
TOO_MANY = SUBTITLE * 20_000
NO_NUMBERS = SUBTITLE.replace("1\n00:00:00", "00:00:00").replace("2\n00:00:01", "00:00:01")


def titled(number: int, subtitles: str) -> bad_files.Maker:
    """Return what makes a film with a subtitle file beside it."""

    def make(path: Path) -> None:
        good(path, number, 2.0)
        path.with_suffix(".srt").write_bytes(subtitles.encode())

    return make


def linked(path: Path) -> None:
    secret = path.parent.parent / "secret.mp4"
    path.symlink_to(good(secret, 31))


FILES: dict[str, tuple[str, bad_files.Maker]] = {
    "empty": ("empty.mp4", lambda path: path.write_bytes(b"")),
    "zeros": ("zeros.mp4", lambda path: path.write_bytes(bytes(100_000))),
    "text": ("text.mp4", lambda path: path.write_text("no film at all\n" * 500)),
    "half": ("half.mp4", bad_files.half),
    "half-with-index": ("half-with-index.mp4", bad_files.half_with_its_index),
    "tail-cut": ("tail-cut.mp4", bad_files.without_its_end),
    "flipped": ("flipped.mp4", bad_files.flipped),
    "sound": ("sound.mp4", bad_files.sound_alone),
    "two-pictures": ("two-pictures.mkv", bad_files.two_pictures),
    "rotated": ("rotated.mp4", bad_files.rotated),
    "uneven": ("uneven.mkv", bad_files.uneven),
    "no-frames": ("no-frames.mp4", bad_files.no_frames),
    "says-ten-hours": ("says-ten-hours.mp4", bad_files.says_ten_hours),
    "says-a-minute": ("says-a-minute.mkv", bad_files.says_a_minute),
    "says-a-blink": ("says-a-blink.mp4", bad_files.says_a_blink),
    "before-zero": ("before-zero.ts", bad_files.before_zero),
    "without-stamps": ("without-stamps.mp4", bad_files.without_stamps),
    "long-still": ("long-still.mkv", lambda path: bad_files.long_still(path, hours=0.5)),
    "fifo": ("fifo.mp4", os.mkfifo),
    "socket": ("socket.mp4", bad_files.waiting_socket),
    "link-out": ("link-out.mp4", linked),
    "name-newline": ("name\nnewline.mp4", lambda path: good(path, 21)),
    "name-long": ("n" * 246 + ".mp4", lambda path: good(path, 22)),
    "name-dash": ("-y.mp4", lambda path: good(path, 23)),
    "name-bytes": ("name\udcff.mp4", lambda path: good(path, 24)),
    "twice": ("twice.mp4", lambda path: shutil.copy(good(path.with_name("once.mp4"), 25), path)),
    "srt-overlaps": ("srt-overlaps.mp4", titled(26, OVERLAPS)),
    "srt-no-numbers": ("srt-no-numbers.mp4", titled(27, NO_NUMBERS)),
    "srt-bom": ("srt-bom.mp4", titled(28, f"\ufeff{SUBTITLE}")),
    "srt-crlf": ("srt-crlf.mp4", titled(29, SUBTITLE.replace("\n", "\r\n"))),
    "srt-many": ("srt-many.mp4", titled(32, TOO_MANY)),
    "srt-broken": ("srt-broken.mp4", titled(30, "no cue at all")),
}


@dataclass(frozen=True)
class Taken:
    """The folder that was taken in: each file's report by its name, what is kept, and who called the listener."""

    reports: dict[str, dict[str, Any]]
    home: Path
    calls: int

    def shown(self, video_id: str) -> dict[str, Any]:
        return dict(run(self.home, "videos", "show", video_id, "--json").data)

    def texts(self, video_id: str) -> list[str]:
        return [text["text"] for moment in self.shown(video_id)["moments"] for text in moment["texts"]]


def run(home: Path, *arguments: str | Path) -> Ran:
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        patch.setenv("VDIALOG_HOME", str(home))
        patch.setenv("VDIALOG_TEXT_MODEL", "hashing")
        code = main([str(argument) for argument in arguments])
    return Ran(code, out.getvalue(), err.getvalue())


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Taken]:
    base = tmp_path_factory.mktemp("bad")
    folder = base / "films"
    folder.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/film.mp4"
        for name, make in FILES.values():
            make(folder / name)
        good(base / "named.mp4", 33)
        (folder / "playlist.mp4").write_text(f"#EXTM3U\n#EXTINF:9,\n{address}\n{base / 'named.mp4'}\n")
        (folder / "concat.mp4").write_text(f"ffconcat version 1.0\nfile '{base / 'named.mp4'}'\nfile '{address}'\n")
        an_hour_ago = time.time() - 3600  # none of them is still being written
        for path in folder.iterdir():
            os.utime(path, (an_hour_ago, an_hour_ago), follow_symlinks=False)
        ran = run(base / "home", "ingest", folder, "--json")
        assert ran.code == 6, ran.err
        yield Taken({Path(f["path"]).name: f for f in ran.data["files"]}, base / "home", calls(listener))
    shutil.rmtree(base)


def calls(listener: socket.socket) -> int:
    count = 0
    with contextlib.suppress(BlockingIOError):
        while True:
            listener.accept()[0].close()
            count += 1
    return count


NAMES = {row: name for row, (name, _) in FILES.items()} | {"playlist": "playlist.mp4", "concat": "concat.mp4"}


@pytest.mark.parametrize("row", NAMES)
def test_a_bad_file_gets_its_verdict_and_the_folder_goes_on(row: str, taken: Taken) -> None:
    report = taken.reports.get(NAMES[row], {"verdict": "not taken", "reason": "", "notes": []})
    said = " ".join([report["reason"], *report["notes"]])
    assert report["verdict"] == ROWS[row].ends, said
    assert not [words for words in ROWS[row].says if words not in said], said
    assert (report["verdict"] in ("refused", "partial")) == bool(report["reason"])


def test_no_playlist_makes_a_call(taken: Taken) -> None:
    assert taken.calls == 0


@pytest.mark.parametrize(
    ("row", "length"),
    [
        ("says-ten-hours", 2.0),
        ("says-a-blink", 2.0),
        ("before-zero", 2.0),
        ("without-stamps", 1.0),
        ("half-with-index", 6.0),
        ("long-still", 1800.0),
    ],
)
def test_the_length_is_that_of_the_pictures(row: str, length: float, taken: Taken) -> None:
    assert taken.shown(row)["duration"] == pytest.approx(length, abs=0.1)


def test_what_is_kept_of_a_film_is_upright_and_the_larger_stream(taken: Taken) -> None:
    for row, size in (("rotated", (HEIGHT, WIDTH)), ("two-pictures", (WIDTH, HEIGHT))):
        with Image.open(taken.shown(row)["moments"][0]["keyframes"][0]) as frame:
            assert frame.size == size


def test_a_long_still_has_a_keyframe_in_each_moment(taken: Taken) -> None:
    moments = taken.shown("long-still")["moments"]
    assert len(moments) >= 1800 / 12
    assert all(moment["keyframes"] for moment in moments)


@pytest.mark.parametrize("row", ["srt-overlaps", "srt-no-numbers", "srt-bom", "srt-crlf"])
def test_odd_subtitles_are_read(row: str, taken: Taken) -> None:
    assert taken.texts(row) == ["Good morning.", "Good night."]


def test_the_same_bytes_are_one_video(taken: Taken) -> None:
    assert taken.reports["twice.mp4"]["video_id"] == taken.reports["once.mp4"]["video_id"] == "once"


def test_no_name_breaks_a_line(taken: Taken) -> None:
    listed = run(taken.home, "videos", "list")
    assert listed.code == 0
    assert sum("newline" in line for line in listed.out.splitlines()) == 1


# -- commands ------------------------------------------------------------------------------------------------

COMMANDS: dict[str, Callable[[Vdialog, Path], Ran]] = {}


def shows(*rows: str) -> Callable[[Callable[..., Ran]], Callable[..., Ran]]:
    """Let a function stand for rows of the table; where for several, it is given the row's name first."""

    def put(show: Callable[..., Ran]) -> Callable[..., Ran]:
        for row in rows:
            COMMANDS[row] = show if len(rows) == 1 else lambda library, folder, row=row: show(row, library, folder)
        return show

    return put


@shows("device")
def _(library: Vdialog, folder: Path) -> Ran:
    ran = library("ingest", "/dev/zero", "--json")
    assert [file["verdict"] for file in ran.data["files"]] == ["refused"]
    return ran


@shows("huge-pictures")
def _(library: Vdialog, folder: Path) -> Ran:
    """Refused within half a gigabyte, in numbers of the system: the most that any child of the command held."""
    bad_files.three_huge_pngs(folder / "huge.mov")
    assert (folder / "huge.mov").stat().st_size < 3 * 2**20
    counted = (
        "import resource, sys; from bot.cli import main; code = main(sys.argv[1:]); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr); sys.exit(code)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", counted, "ingest", str(folder / "huge.mov"), "--json"],
        env={**os.environ, "VDIALOG_DECODE_MEMORY_MB": "512"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    *said, held = ended.stderr.splitlines()
    program = 300 * 2**20
    assert int(held) * 1024 < 512 * 2**20 + program
    return Ran(ended.returncode, ended.stdout, "\n".join(said))


def captions(folder: Path, content: object) -> Path:
    path = folder / "bad.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


BAD_SPANS = {"backwards": [5, 2], "beyond": [5, 99], "nan": [float("nan"), 3]}


@shows(*(f"caption-{name}" for name in BAD_SPANS))
def _(row: str, library: Vdialog, folder: Path) -> Ran:
    stamps = [[0, 1], BAD_SPANS[row.removeprefix("caption-")]]
    ran = library(
        "import", captions(folder, {"v": {"duration": 10, "timestamps": stamps, "sentences": ["A cat.", "A cow."]}})
    )
    assert [moment["start"] for moment in library("videos", "show", "v", "--json").data["moments"]] == [0]
    return ran


WHOLE_FILES: dict[str, object] = {
    "types": {"v": {"duration": "ten", "timestamps": {}, "sentences": 3}},
    "deep": "[" * 100_000,
    "digits": '{"v": {"duration": ' + "9" * 5_000 + "}}",
}


@shows(*(f"captions-{name}" for name in WHOLE_FILES))
def _(row: str, library: Vdialog, folder: Path) -> Ran:
    return library("import", captions(folder, WHOLE_FILES[row.removeprefix("captions-")]))


@shows("captions-huge")
def _(library: Vdialog, folder: Path) -> Ran:
    path = folder / "huge.json"
    with path.open("wb") as file:
        file.truncate(2**30)
    before = bytes_read()
    ran = library("import", path)
    assert bytes_read() - before < 2**28, "it was read"
    return ran


def bytes_read() -> int:
    """How much this process has read, from wherever."""
    return int(Path("/proc/self/io").read_text().split()[1])


@shows("captions-unknown")
def _(library: Vdialog, folder: Path) -> Ran:
    nobody = {"nobody": {"duration": 10, "timestamps": [[0, 1]], "sentences": ["A cat."]}}
    film = good(folder / "film.mp4", 40)
    ran = library("ingest", film, "--captions", captions(folder, nobody), "--json")
    assert [(Path(file["path"]).name, file["verdict"]) for file in ran.data["files"]] == [
        ("film.mp4", "new"),
        ("bad.json", "unused"),
    ]
    assert library("videos", "show", "nobody").code == 2
    said = library("ingest", film, "--captions", folder / "bad.json")
    assert "1 file: 1 unchanged." in said.out
    return said


FINDS = {
    "query-long": ("dog " * 12_500, True),
    "query-one-word": ("x" * 50_000, False),
    "query-stop-words": ("the of and", False),
    "query-unclosed": ('a "brown dog', True),
    "query-emoji": ("\N{DOG} dog \N{ZERO WIDTH JOINER}", True),
    "query-right-to-left": ("\N{RIGHT-TO-LEFT OVERRIDE}כלב חום كلب", False),
    "query-surrogates": ("dog \udcff\ud800", True),
}


@shows(*FINDS)
def _(row: str, library: Vdialog, folder: Path) -> Ran:
    query, finds = FINDS[row]
    searched = library("search", query, "--json")
    assert (searched.code, searched.data["verdict"] == "answered") == (0, finds)
    if finds:
        assert searched.data["hits"][0]["video_id"] == "park"
    asked = library("ask", query, "--json")
    assert (asked.data["verdict"] == "answered") == finds
    return asked


@shows("query-punctuation")
def _(library: Vdialog, folder: Path) -> Ran:
    assert library("ask", "?!...,;:", "--json").data["verdict"] == "clarify"
    return library("search", "?!...,;:")


@shows("id-surrogates")
def _(library: Vdialog, folder: Path) -> Ran:
    for command in (
        ("videos", "show", "\udcff"),
        ("search", "--like", "\udcff:1"),
        ("clip", "\udcff:1", "-o", "x.mp4"),
    ):
        assert library(*command).code == 2
    assert library("ask", "dog", "--conversation", "\udcff").code == 2
    assert library("import", captions(folder, {}), "--collection", "\udcff").code == 2
    return library("search", "dog", "--video", "\udcff")


OPTIONS = {
    "k-zero": ("-k", "0"),
    "k-negative": ("-k", "-1"),
    "k-huge": ("-k", "1000000000"),
    "time-negative": ("--from", "-1"),
    "time-nan": ("--from", "nan"),
    "time-huge": ("--to", "1e309"),
    "time-far": ("--from", "20000000"),
    "time-backwards": ("--from", "9", "--to", "3"),
}


@shows(*OPTIONS)
def _(row: str, library: Vdialog, folder: Path) -> Ran:
    return library("search", "dog", *OPTIONS[row])


@shows("time-digits")
def _(library: Vdialog, folder: Path) -> Ran:
    number = "9" * 5_000
    for question in (f"a dog after {number} seconds", f"a dog in the first {number} minutes", f"moment [{number}]"):
        assert library("ask", question).code == 0, question[:30]
    return library("search", "dog", "--from", number)


# -- the home folder -----------------------------------------------------------------------------------------


def mounted(folder: Path, megabytes: int) -> bool:
    """Put a small file system of its own on a folder; False where that is not allowed here."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    return shutil.which("mount") is not None and subprocess.run(command, capture_output=True).returncode == 0


@contextlib.contextmanager
def disk(folder: Path, megabytes: int) -> Iterator[Path]:
    folder.mkdir()
    if not mounted(folder, megabytes):
        pytest.skip("mounting a small file system is not allowed here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@shows("home-read-only")
def _(library: Vdialog, folder: Path) -> Ran:
    def all_commands(home: Path) -> Ran:
        for command in (("videos", "list"), ("ask", "dog"), ("import", captions(folder, {})), ("doctor",)):
            assert run(home, *command).code == 3, command
        return run(home, "search", "dog")

    if os.geteuid() != 0:
        home = folder / "home"
        home.chmod(0o500)
        try:
            return all_commands(home)
        finally:
            home.chmod(0o700)
    with disk(folder / "disk", 64) as small:
        shutil.copytree(folder / "home", small / "home")
        subprocess.run(["mount", "-o", "remount,ro", str(small)], check=True)
        return all_commands(small / "home")


@shows("home-newer")
def _(library: Vdialog, folder: Path) -> Ran:
    with contextlib.closing(sqlite3.connect(folder / "home" / "catalogue.db")) as catalogue:
        catalogue.row_factory = sqlite3.Row
        row_sums.register(catalogue)
        catalogue.execute("PRAGMA user_version = 999")
        row_sums.make(catalogue)
        catalogue.commit()
    assert library("doctor").code == 3
    return library("search", "dog")


def restored(library: Vdialog, ran: Ran) -> Ran:
    """Return what was run, after the restoring that it asks for: then all is well again."""
    back = library("restore", "--json", "--yes")
    assert back.code == 0, back.err
    assert (Path(back.data["kept_aside"]) / "catalogue.db").is_file()
    there = {video["video_id"] for video in library("videos", "list", "--json").data["videos"]}
    assert there == {"park", "kitchen", "harbour_2026"}
    assert library("search", "dog", "--json").data["hits"]
    assert library("doctor").code == 0
    assert "Nothing is damaged" in library("restore").out
    return ran


@shows("catalogue-truncated")
def _(library: Vdialog, folder: Path) -> Ran:
    catalogue = folder / "home" / "catalogue.db"
    bad_files.cut(catalogue, catalogue.stat().st_size // 2)
    assert library("search", "dog").code == 3
    return restored(library, library("doctor"))


@shows("catalogue-flipped")
def _(library: Vdialog, folder: Path) -> Ran:
    catalogue = folder / "home" / "catalogue.db"
    data = bytearray(catalogue.read_bytes())
    for place in random.Random(4).sample(range(4096, len(data)), 2_000):
        data[place] ^= 1 << place % 8
    catalogue.write_bytes(data)
    return restored(library, library("doctor"))


@shows("catalogue-one-bit")
def _(library: Vdialog, folder: Path) -> Ran:
    """The bit is in the index of a hash, which no longer agrees with its table: nothing is shown of it."""
    catalogue = folder / "home" / "catalogue.db"
    with contextlib.closing(sqlite3.connect(catalogue)) as opened:
        known = "".join(opened.execute("SELECT content_hash, collection, id FROM videos").fetchone()).encode()
    data = bytearray(catalogue.read_bytes())
    data[data.index(known)] ^= 1
    catalogue.write_bytes(data)
    assert library("search", "dog").code == 3
    return restored(library, library("doctor"))


@shows("disk-full")
def _(library: Vdialog, folder: Path) -> Ran:
    """With ever more room left, an ingest stops at ever later points; each time it says why, and nothing is lost."""
    rooms = [16, 50, 70, 90, 110, 130, 150, 170]  # kB
    films = [good(folder / f"film{room}.mp4", room) for room in rooms]
    with disk(folder / "disk", 8) as small:
        home, filler = small / "home", small / "filler"
        shutil.copytree(folder / "home", home)
        stopped = []
        for room, film in zip(rooms, films, strict=True):
            filler.write_bytes(bytes(shutil.disk_usage(small).free - room * 1024))
            ran = run(home, "ingest", film)
            assert ran.code in (0, 3, 6), ran.err
            if ran.code:
                assert "space" in ran.err
                stopped.append(ran)
            filler.unlink()
            assert run(home, "search", "dog", "--json").data["hits"], room
        assert len(stopped) >= 3
        assert run(home, "ingest", *films).code == 0
        assert run(home, "doctor").code == 0
        assert len(run(home, "videos", "list", "--json").data["videos"]) == 3 + len(films)
        return stopped[-1]


@pytest.mark.parametrize("row", COMMANDS)
def test_a_bad_command_or_home_ends_as_promised(row: str, library: Vdialog, tmp_path: Path) -> None:
    ran = COMMANDS[row](library, tmp_path)
    refused = ROWS[row].ends == "refused"
    assert f"exit {ran.code}" == ("exit 6" if refused else ROWS[row].ends), ran.err
    said = f"{ran.out}\n{ran.err}"
    assert not [words for words in ROWS[row].says if words not in said], said
    assert "Traceback" not in said


def test_every_row_has_its_test_and_every_test_its_row() -> None:
    lines = [line for line in TABLE.splitlines() if line.startswith("|")]
    assert len(lines) == len(ROWS) + 2, "a line of the table is not read"
    assert {*NAMES, *COMMANDS} == set(ROWS)
