"""What is wrong with a library is found, and the command that doctor names mends it."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.cli import main
from retrieval.catalogue import row_sums
from tests.films import film, shots
from tests.scenario.conftest import CAPTIONS, Vdialog

Damage = Callable[[Path], None]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a home that holds a film, captions without film and a conversation, each with a copy."""
    folder = tmp_path_factory.mktemp("sound")
    film(folder / "lake.mp4", shots((1, 2), (2, 2)))
    (folder / "captions.json").write_text(json.dumps(CAPTIONS))
    with pytest.MonkeyPatch.context() as set_for_now:
        set_for_now.setenv("VDIALOG_HOME", str(folder / "home"))
        set_for_now.setenv("VDIALOG_TEXT_MODEL", "hashing")
        set_for_now.setenv("VDIALOG_STABLE_SECONDS", "0")
        for words in (["ingest", str(folder / "lake.mp4")], ["import", str(folder / "captions.json")]):
            assert main(words) == 0
        for words in (["ask", "where is the dog?"], ["conversations", "list"], ["backup", "--renew"]):
            assert main(words) == 0
    return folder


@pytest.fixture
def home(sound: Path, vdialog: Vdialog, tmp_path: Path) -> Path:
    shutil.copytree(sound / "home", tmp_path / "home")
    return tmp_path / "home"


def flip(path: Path, known: bytes = b"", by: int = 1) -> None:
    data = bytearray(path.read_bytes())
    data[data.index(known) if known else len(data) // 2] ^= by
    path.write_bytes(data)


def largest(home: Path, pattern: str) -> Path:
    return max(home.glob(pattern), key=lambda path: path.stat().st_size)


def write(home: Path, *statements: str, name: str = "catalogue.db") -> None:
    """Change rows as damage does: without their sums."""
    with closing(sqlite3.connect(home / name)) as db:
        row_sums.register(db)
        triggers = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            db.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            db.execute(statement)
        for _, made in triggers:
            db.execute(made)
        db.commit()


def gone(pattern: str) -> Damage:
    def do(home: Path) -> None:
        for path in sorted(home.glob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    return do


def without_copies(home: Path) -> None:
    gone("backups")(home)
    gone("catalogue.db")(home)


DAMAGES: dict[str, tuple[Damage, str, str]] = {
    "a keyframe that is gone": (lambda home: largest(home, "frames/*/*.jpg").unlink(), "keyframes", "restore --frames"),
    "a keyframe with a changed bit": (
        lambda home: flip(largest(home, "frames/*/*.jpg")),
        "keyframes",
        "restore --frames",
    ),
    "an index file that is gone": (
        lambda home: largest(home, "index/1/**/*.lance/data/*").unlink(),
        "index",
        "reindex",
    ),
    "an index file with a changed bit": (
        lambda home: flip(largest(home, "index/1/**/*.lance/data/*")),
        "index",
        "reindex",
    ),
    "an index file that is cut": (
        lambda home: largest(home, "index/1/**/_versions/*.manifest").write_bytes(b""),
        "index",
        "reindex",
    ),
    "an index that is gone": (gone("index/*"), "index", "reindex"),
    "a catalogue that is gone": (gone("catalogue.db"), "catalogue", "restore"),
    "a catalogue that is empty": (lambda home: (home / "catalogue.db").write_bytes(b""), "catalogue", "restore"),
    "a changed word": (lambda home: flip(home / "catalogue.db", b"catches the ball", 4), "catalogue", "restore"),
    "a changed title": (
        lambda home: write(home, "UPDATE videos SET title = 'lane' WHERE title = 'lake'"),
        "catalogue",
        "restore",
    ),
    "a changed given text": (
        lambda home: write(home, "UPDATE given SET text = 'x' WHERE place = 0"),
        "catalogue",
        "restore",
    ),
    "a row that is gone": (lambda home: write(home, "DELETE FROM texts WHERE place = 0"), "catalogue", "restore"),
    "a changed vector": (
        lambda home: write(home, "UPDATE vectors SET vector = zeroblob(length(vector))"),
        "catalogue",
        "reindex --encode",
    ),
    "a wrong count of a word": (
        lambda home: write(home, "UPDATE vocabulary SET moments = 7 WHERE term = 'dog'"),
        "catalogue",
        "reindex",
    ),
    "a catalogue without copies": (without_copies, "catalogue", "restore --anew"),
    "conversations that are gone": (gone("conversations.db"), "conversations", "restore"),
    "a changed answer": (
        lambda home: flip(home / "conversations.db", b"where is the dog", 4),
        "conversations",
        "restore",
    ),
    "a damaged copy": (lambda home: flip(max(home.glob("backups/cat*")), b"the ball", 4), "copies", "backup --renew"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_each_finding_names_the_command_that_mends_it(home: Path, sound: Path, vdialog: Vdialog, damage: str) -> None:
    do, name, mend = DAMAGES[damage]
    before = vdialog("search", "dog", "--json").data["hits"]
    assert before
    do(home)
    found = vdialog("doctor", "--full", "--json")
    assert found.code == 3
    failed = [check for check in found.data["checks"] if check["state"] == "failed"]
    assert [check["name"] for check in failed] == [name], failed
    assert failed[0]["fix"].endswith(f"vdialog {mend}"), failed
    assert vdialog(*mend.split(), *(["--yes"] if mend.startswith("restore") else [])).code == 0
    healed = vdialog("doctor", "--full", "--json")
    assert healed.code == 0, [check for check in healed.data["checks"] if check["state"] == "failed"]
    if "--anew" not in mend:
        assert vdialog("search", "dog", "--json").data["hits"] == before


def test_keyframes_whose_film_is_away_are_made_once_it_is_there(home: Path, sound: Path, vdialog: Vdialog) -> None:
    before = vdialog("videos", "show", "lake", "--json").data
    frame = largest(home, "frames/*/*.jpg")
    frame.unlink()
    (sound / "lake.mp4").rename(sound / "away.mp4")
    try:
        for _ in range(2):
            ran = vdialog("restore", "--frames")
            assert ran.code == 6
            assert f"lake: keyframes are still gone; its file is not there: '{sound / 'lake.mp4'}'" in ran.out
            failed = [c["name"] for c in vdialog("doctor", "--json").data["checks"] if c["state"] == "failed"]
            assert failed == ["keyframes"]
        assert vdialog("restore", "--frames", "--json").data["incomplete"] == ["lake"]
    finally:
        (sound / "away.mp4").rename(sound / "lake.mp4")
    assert vdialog("restore", "--frames").code == 0
    assert vdialog("doctor", "--full").code == 0
    after = vdialog("videos", "show", "lake", "--json").data
    assert [m["texts"] for m in after["moments"]] == [m["texts"] for m in before["moments"]]
    assert [len(m["keyframes"]) for m in after["moments"]] == [len(m["keyframes"]) for m in before["moments"]]


def test_doctor_finds_a_video_that_is_without_keyframes_it_had(home: Path, vdialog: Vdialog, tmp_path: Path) -> None:
    assert vdialog("backup", tmp_path / "copy").code == 0
    shutil.rmtree(home / "frames")
    shutil.rmtree(tmp_path / "copy" / "frames")
    assert vdialog("restore", tmp_path / "copy", "--yes").code == 6
    failed = [c for c in vdialog("doctor", "--json").data["checks"] if c["state"] == "failed"]
    assert [(c["name"], "lake" in c["detail"], c["fix"]) for c in failed] == [
        ("keyframes", True, "Run: vdialog restore --frames")
    ]
    assert vdialog("restore", "--frames").code == 0
    assert vdialog("doctor", "--full").code == 0


def test_where_the_copies_are_damaged_too_a_copy_of_ones_own_is_named(
    home: Path, vdialog: Vdialog, tmp_path: Path
) -> None:
    assert vdialog("backup", tmp_path / "mine").code == 0
    for copy in home.glob("backups/cat*.db"):
        copy.write_bytes(b"no database" * 500)
    (home / "catalogue.db").write_bytes(b"")
    checks = {check["name"]: check for check in vdialog("doctor", "--json").data["checks"]}
    for name in ("copies", "catalogue"):
        assert "vdialog restore FOLDER" in checks[name]["fix"], name
    assert "vdialog restore FOLDER" in vdialog("restore", "--yes").err
    assert vdialog("restore", tmp_path / "mine", "--yes").code == 0
    checks = {check["name"]: check for check in vdialog("doctor", "--json").data["checks"]}
    assert checks["copies"]["fix"] == "Run: vdialog backup --renew"
    assert vdialog("backup", "--renew").code == 0
    assert vdialog("doctor", "--full").code == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE texts SET text = 'x' WHERE text LIKE '%soup%'",
        "DELETE FROM texts WHERE text LIKE '%soup%'",
        "UPDATE given SET text = 'x' WHERE text LIKE '%soup%'",
    ],
)
def test_damage_of_imported_captions_without_a_copy_is_mended_by_importing_them_again(
    home: Path, sound: Path, vdialog: Vdialog, statement: str
) -> None:
    gone("backups")(home)
    write(home, statement)
    failed = [c for c in vdialog("doctor", "--full", "--json").data["checks"] if c["state"] == "failed"]
    assert [(c["name"], c["fix"].endswith("again: vdialog import FILE")) for c in failed] == [("catalogue", True)]
    assert vdialog("import", sound / "captions.json").code == 0
    assert vdialog("doctor", "--full").code == 0
    assert vdialog("search", "soup", "--json").data["hits"]


def test_a_film_whose_rows_are_damaged_is_not_said_to_be_mended_by_an_import(home: Path, vdialog: Vdialog) -> None:
    gone("backups")(home)
    write(home, "UPDATE moments SET start = 0.1 WHERE start = 0")
    failed = [c for c in vdialog("doctor", "--full", "--json").data["checks"] if c["state"] == "failed"]
    assert "vdialog restore FOLDER" in failed[0]["fix"]


def test_a_damaged_turn_is_neither_shown_nor_found(home: Path, vdialog: Vdialog) -> None:
    (talk,) = vdialog("conversations", "list", "--json").data["conversations"]
    write(home, "UPDATE turns SET turn = replace(turn, 'tree', 'free')", name="conversations.db")
    for command in (("show", talk["conversation"]), ("search", "dog"), ("search", "nothing like it")):
        ran = vdialog("conversations", *command, "--json")
        assert (ran.code, ran.error["code"]) == (3, "library_damaged"), command


def test_what_is_damaged_is_no_answer_and_doctor_is_named(home: Path, vdialog: Vdialog) -> None:
    frame = largest(home, "frames/*/*.jpg")
    flip(frame)
    shown = vdialog("videos", "show", "lake")
    assert shown.code == 0
    assert str(frame) not in shown.out
    flip(home / "catalogue.db", b"catches the ball", 4)
    for command in (("search", "dog"), ("ask", "where is the dog?"), ("videos", "show", "park")):
        ran = vdialog(*command)
        assert ran.code == 3, command
        assert "ball" not in ran.out
        assert "doctor --full" in ran.err


def test_a_damaged_backup_is_refused_by_name_before_anything_is_replaced(
    home: Path, vdialog: Vdialog, tmp_path: Path
) -> None:
    assert vdialog("backup", tmp_path / "copy").code == 0
    before = {path: path.read_bytes() for path in home.glob("*.db")}
    shutil.copytree(tmp_path / "copy", tmp_path / "flipped")
    flip(tmp_path / "flipped" / "catalogue.db", b"catches the ball", 4)
    refused = vdialog("restore", tmp_path / "flipped", "--yes")
    assert refused.code == 3
    assert "flipped/catalogue.db" in refused.err
    shutil.rmtree(home / "frames")
    flip(largest(tmp_path / "copy", "frames/*/*.jpg"))
    refused = vdialog("restore", tmp_path / "copy", "--yes")
    assert refused.code == 3
    assert "copy/frames" in refused.err
    assert {path: path.read_bytes() for path in home.glob("*.db")} == before
    assert not list(home.glob("replaced-*"))


def test_a_restored_home_passes_doctor(home: Path, vdialog: Vdialog, tmp_path: Path) -> None:
    assert vdialog("backup", tmp_path / "copy").code == 0
    shutil.rmtree(home)
    assert vdialog("restore", tmp_path / "copy", "--yes").code == 0
    assert vdialog("doctor", "--full").code == 0
