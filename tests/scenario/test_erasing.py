"""What a person removes, as they remove it: nothing of it is left in any file of the home."""

import json
import random
from pathlib import Path

import pytest

from tests import planting
from tests.planting import planted
from tests.scenario.conftest import Vdialog
from tests.scenario.test_taking_in import write_film
from tests.traces import traces

KINDS = ("caption", "cue", "title", "asked", "judged")


@pytest.fixture
def words() -> dict[str, str]:
    return dict(zip(KINDS, planted(random.Random(7), len(KINDS)), strict=True))


@pytest.fixture
def talked(vdialog: Vdialog, words: dict[str, str], tmp_path: Path) -> Vdialog:
    """A home with a film that holds planted words, and another video, both talked of and judged."""
    films = tmp_path / "films"
    films.mkdir()
    name = f"{words['title']} party"
    write_film(films / f"{name}.mp4", "red")
    (films / f"{name}.srt").write_text(f"1\n00:00:00,500 --> 00:00:02,000\nThe {words['cue']} leaves at nine.\n")
    said = captions(tmp_path, {name: f"A {words['caption']} is opened.", "lake": "A boat crosses the lake."})
    assert vdialog("ingest", films, "--captions", said).code == 0
    assert vdialog("import", captions(tmp_path, {"lake": "A boat crosses the lake."})).code == 0
    talk = vdialog("ask", f"where is the {words['caption']}?", "--json").data["conversation"]
    for question in (f"what of the {words['cue']} and the boat?", f"where is the {words['asked']}?", "list all videos"):
        assert vdialog("ask", question, "-c").code == 0
    assert vdialog("feedback", "add", talk, "bad", f"that is no {words['caption']} of {words['judged']}").code == 0
    return vdialog


def captions(folder: Path, said: dict[str, str]) -> Path:
    entries = {name: {"duration": 4, "timestamps": [[0, 3.5]], "sentences": [text]} for name, text in said.items()}
    (folder / "captions.json").write_text(json.dumps(entries))
    return folder / "captions.json"


def left(home: Path, words: dict[str, str]) -> set[str]:
    """The kinds of planted words of which some byte is there."""
    found = {trace.split()[0] for trace in traces(home, words.values())}
    return {kind for kind, word in words.items() if word in found}


def test_what_is_dropped_removed_and_deleted_is_in_no_file_any_more(
    talked: Vdialog, words: dict[str, str], tmp_path: Path
) -> None:
    home, talk = tmp_path / "home", talked("conversations", "list", "--json").data["conversations"][0]["conversation"]
    assert left(home, words) == set(KINDS)
    assert talked("ingest", tmp_path / "films", "--drop", "captions").code == 0
    assert left(home, words) == set(KINDS) - {"caption"}
    assert talked("feedback", "export").data["words"] == f"that is no [removed] of {words['judged']}"
    removed = talked("videos", "remove", f"{words['title']} party")
    assert "Copies that you made with `vdialog backup`" in removed.out
    assert "vdialog compact" not in removed.out
    assert left(home, words) == {"asked", "judged"}  # nobody's words but the user's
    turns = talked("conversations", "show", talk, "--json").data["turns"]
    assert [turn["asked"] for turn in turns[:2]] == ["where is the [removed]?", "what of the [removed] and the boat?"]
    assert turns[0]["answer"] == "[removed]"
    assert {cited["title"] for turn in turns for cited in turn["citations"]} == {"[removed]", "lake"}
    assert '"A boat crosses the lake."' in "".join(turn["answer"] for turn in turns)
    assert talked("ask", "tell me more about the first one", "-c").code in (0, 2)  # there is nothing to tell of it
    assert "lake" in talked("ask", "where is the boat?", "-c").out
    assert talked("conversations", "delete", talk).code == 0
    assert left(home, words) == set()
    assert talked("doctor").code == 0


def test_compact_deletes_what_a_restore_put_aside_and_says_so(library: Vdialog, tmp_path: Path) -> None:
    aside = tmp_path / "home" / "replaced-1"
    aside.mkdir()
    (aside / "old").write_bytes(b"kitchen")
    assert "vdialog compact" in library("videos", "remove", "kitchen").out
    assert traces(tmp_path / "home", ["onion"]) == []
    ran = library("compact", "--json")
    assert (ran.code, ran.data["erased"], ran.data["deleted"]) == (0, True, [str(aside)])
    assert traces(tmp_path / "home", ["kitchen"]) == []
    assert library("videos", "list", "--json").data["videos"]


def test_random_words_in_all_that_videos_have_and_users_said_are_found_nowhere(tmp_path: Path) -> None:
    """`make prove` plants 200."""
    words = planted(random.Random(11), 22)
    planting.fill(tmp_path / "home", words)
    assert {trace.split()[0] for trace in traces(tmp_path / "home", words)} == set(words)
    planting.take_away(tmp_path / "home", words)
    assert traces(tmp_path / "home", words) == []
