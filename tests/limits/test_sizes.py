"""How large things may be is stated, and holds; what lies beyond is refused in few words, with little memory."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.actions.renaming import LONGEST_TITLE, rename
from bot.dialogue.messages import LONGEST_UTTERANCE, Utterance
from bot.dialogue.storing.base import LONGEST_CONVERSATION
from bot.dialogue.storing.sqlite import SqliteConversations
from bot.errors import UsageError
from bot.rights import LONGEST_NAME
from bot.servers.bounded import Bounds
from retrieval.encoders.hashing import HashingTextEncoder
from retrieval.encoders.lazy import Encoders
from retrieval.errors import InvalidAnnotations, LibraryUnusable
from retrieval.ingest import annotations, subtitles
from retrieval.ingest.annotations import read_annotations
from retrieval.ingest.child.pictures import MOST_BYTES
from retrieval.library import Library
from retrieval.sizes import LONGEST_ID, LONGEST_SENTENCE, MOST_COLLECTIONS, fit_name, unfit_name
from tests.contract.test_conversation_store import turn

ROOT = Path(__file__).parents[2]

LIMITS = {
    "a question, or what you say at once": LONGEST_UTTERANCE,
    "a sentence of a captions file": LONGEST_SENTENCE,
    "a captions file": annotations.MAX_BYTES,
    "a subtitle file": subtitles.MAX_BYTES,
    "a cue of subtitles": subtitles.MAX_CUE,
    "the id of a video, the name of a collection": LONGEST_ID,
    "the title of a conversation": LONGEST_TITLE,
    "collections of a library": MOST_COLLECTIONS,
    "the name of a workspace, a person, a channel, a thread or a program": LONGEST_NAME,
    "a conversation": LONGEST_CONVERSATION,
    "a picture to search with": MOST_BYTES,
    "one line of a server's reply": Bounds(1.0).line,
    "a server's reply": Bounds(1.0).total,
}


def test_the_page_states_the_limits() -> None:
    rows = re.findall(r"^\| ([^|]+) \| ([\d,]+) \w+ \|", (ROOT / "docs" / "sizes.md").read_text(), re.MULTILINE)
    assert {what: int(limit.replace(",", "")) for what, limit in rows} == LIMITS


def captions(tmp_path: Path, **videos: object) -> Path:
    path = tmp_path / "captions.json"
    path.write_text(json.dumps(videos))
    return path


def entry(*sentences: str) -> dict[str, object]:
    return {"duration": 9, "timestamps": [[n, n + 1] for n, _ in enumerate(sentences)], "sentences": [*sentences]}


def test_a_sentence_that_is_too_long_is_left_out_and_named(tmp_path: Path) -> None:
    read = read_annotations(captions(tmp_path, v=entry("x" * LONGEST_SENTENCE, "y" * (LONGEST_SENTENCE + 1), "z")))
    assert [len(caption.text) for caption in read["v"].captions] == [LONGEST_SENTENCE, 1]
    (said,) = read["v"].dropped
    assert "caption 2 of 'v'" in said and "10,001" in said and len(said) < 200


IMPORTING = """
import resource, sys
from bot.cli import main
from retrieval.library import Library
import pyarrow, lancedb
code = main(["import", "small.json"])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
code = main(["import", "large.json"])
print("MORE", code, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""

ASKING = """
import resource, os
import video_dialog
with video_dialog.open(os.environ["VDIALOG_HOME"]) as library:
    said = "dog " * (30 * 2**18)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for ask in (library.ask, library.search):
        try:
            ask(said)
        except Exception as error:
            assert len(str(error)) < 300, str(error)[:300]
            print(type(error).__name__)
    print("MORE", 0, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.parametrize("program", [IMPORTING, ASKING], ids=["given", "asked"])
def test_a_sentence_of_30_megabytes_takes_less_than_100(tmp_path: Path, program: str) -> None:
    (tmp_path / "small.json").write_text(json.dumps({"a": entry("A dog.")}))
    (tmp_path / "large.json").write_text(json.dumps({"b": entry("dog " * (30 * 2**18)), "c": entry("A cat.")}))
    environment = {**os.environ, "VDIALOG_HOME": str(tmp_path / "home"), "VDIALOG_TEXT_MODEL": "hashing"}
    environment["PYTHONPATH"] = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, "-c", program]
    ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr[-2000:]
    _, code, more = ran.stdout.splitlines()[-1].split()
    assert code == ("6" if program is IMPORTING else "0"), ran.stdout[-2000:] + ran.stderr[-2000:]
    assert int(more) < 100, f"{more} MB"
    assert len(ran.stdout) + len(ran.stderr) < 5_000


def test_a_question_and_a_title_that_are_too_long_are_refused(tmp_path: Path) -> None:
    Utterance("x" * LONGEST_UTTERANCE, "c", frozenset())
    with pytest.raises(UsageError, match="1,000,000"):
        Utterance("x" * (LONGEST_UTTERANCE + 1), "c", frozenset())
    store = SqliteConversations(tmp_path / "c.db")
    store.append("c", turn("a question", "an answer", handle=1))
    assert rename(store, "c", "x" * LONGEST_TITLE)
    with pytest.raises(UsageError, match="200"):
        rename(store, "c", "x" * (LONGEST_TITLE + 1))
    store.close()


def test_a_conversation_ends_somewhere(tmp_path: Path) -> None:
    store = SqliteConversations(tmp_path / "c.db")
    store.append("c", turn("a question", "an answer", handle=1))
    with store._database.writing() as db:
        db.execute("UPDATE turns SET number = ?", (LONGEST_CONVERSATION - 1,))
    store.append("c", turn("another", "an answer", handle=2))
    with pytest.raises(UsageError, match="20,000 turns"):
        store.append("c", turn("one more", "an answer", handle=3))
    store.append("d", turn("elsewhere", "an answer", handle=1))
    assert {one.conversation_id: one.turns for one in store.list()} == {"c": 2, "d": 1}
    store.close()


def test_a_library_has_so_many_collections_and_no_more(tmp_path: Path) -> None:
    path = captions(tmp_path, v=entry("A dog."))
    with Library(tmp_path / "home", Encoders(HashingTextEncoder)) as library:
        library.import_annotations(path, "first")
        with library.catalogue.database.writing() as db:
            kept = "id, title, path, content_hash, inputs, duration, state, note"
            copy = f"INSERT INTO videos (collection, generation, {kept}) SELECT ?, ?, {kept} FROM videos LIMIT 1"
            for number in range(MOST_COLLECTIONS - 1):
                db.execute(copy, (f"c{number}", 1_000 + number))
        library.import_annotations(path, "c7")
        for add in (
            lambda: library.import_annotations(path, "more"),
            lambda: library.ingest([tmp_path], "more"),
        ):
            with pytest.raises(LibraryUnusable, match="1,000 collections"):
                add()


@pytest.mark.parametrize("name", ["", " ", "a\0b", "a\nb", "a\x1bb", "a\u2028b", "x" * (LONGEST_ID + 1)])
def test_what_cannot_be_typed_or_is_too_long_is_no_id_and_no_collection(tmp_path: Path, name: str) -> None:
    assert unfit_name(name)
    with pytest.raises(InvalidAnnotations) as raised:
        read_annotations(captions(tmp_path, **{name: entry("A dog.")}))
    assert len(raised.value.message) < 2 * LONGEST_ID + 200
    good = captions(tmp_path, v=entry("A dog."))
    with Library(tmp_path / "home", Encoders(HashingTextEncoder)) as library:
        for add in (lambda: library.import_annotations(good, name), lambda: library.ingest([tmp_path], name)):
            with pytest.raises(LibraryUnusable):
                add()
    assert not unfit_name(fit_name(name))
