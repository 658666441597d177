"""What the command line can do, another front end can do without it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import bootstrap, settings
from bot.errors import Refused
from tests.scenario.conftest import CAPTIONS, Vdialog
from tests.scenario.test_taking_in import write_film
from tests.scenario.third_front_end import Buttons
from tests.test_house_rules import imported

SOURCE = Path(__file__).with_name("third_front_end.py")
SPOKEN = {"duration": 8, "timestamps": [[0, 4], [4, 8]], "sentences": ["A red car.", "A blue wall behind a dog."]}


@pytest.fixture
def buttons(vdialog: Vdialog, tmp_path: Path) -> Iterator[Buttons]:
    write_film(tmp_path / "colours.mp4", "red", "blue")
    (tmp_path / "captions.json").write_text(json.dumps({"colours": SPOKEN}))
    (tmp_path / "more.json").write_text(json.dumps(CAPTIONS))
    assert vdialog("ingest", tmp_path / "colours.mp4", "--captions", tmp_path / "captions.json").code == 0
    assert vdialog("import", tmp_path / "more.json").code == 0
    with bootstrap.assistant(settings.load()) as assistant:
        yield Buttons(assistant)


def test_it_asks_follows_up_explains_judges_cuts_and_exports(buttons: Buttons, tmp_path: Path) -> None:
    answer = buttons.ask("Where is a blue wall?")
    assert answer is not None
    assert [(c.handle, c.video_id) for c in answer.citations] == [(1, "colours")]
    assert "A blue wall behind a dog." in buttons.screen[0]
    before = buttons.ask("and what is before that?")
    assert before is not None
    assert buttons.texts(2) == ["A red car."]
    assert buttons.why(1) == "Where is a blue wall? -> blue wall: keywords 1, meaning 1, frames -"
    further = buttons.more(1)
    assert further is not None
    assert "Further moments like [1]:" in buttons.screen
    buttons.thumbs_down(1, "too dark")
    made = buttons.cut(1, tmp_path)
    assert made == tmp_path / "colours-00.00.04-00.00.08.mp4"
    assert made.stat().st_size > 500
    buttons.export(tmp_path / "talk.json")
    asked = [turn["asked"] for turn in json.loads((tmp_path / "talk.json").read_text())["turns"]]
    assert asked == ["Where is a blue wall?", "and what is before that?", "more like [1]"]


def test_what_it_did_is_kept_for_all_others(buttons: Buttons, vdialog: Vdialog) -> None:
    buttons.ask("Where is a blue wall?")
    buttons.thumbs_down(1, "too dark")
    kept = json.loads(vdialog("feedback", "export").out)
    assert (kept["opinion"], kept["handle"], kept["words"]) == ("bad", 1, "too dark")
    assert vdialog("ask", "-c", "and what is before that?", "--json").data["citations"][0]["moment_id"] == "colours:1"


def test_a_number_that_was_not_shown_ends_the_reply_and_not_the_front_end(buttons: Buttons) -> None:
    buttons.ask("Where is a blue wall?")
    with pytest.raises(Refused, match=r"\[9\]"):
        buttons.more(9)


def test_it_stands_on_the_composition_root_the_actions_and_the_values_of_the_dialogue() -> None:
    allowed = ("bot.bootstrap.", "bot.actions.", "bot.dialogue.events.", "bot.dialogue.messages.")
    ours = [module for module in imported(SOURCE) if module.startswith(("bot", "retrieval", "prompts", "demo"))]
    assert ours
    assert not [module for module in ours if not module.startswith(allowed)]
    assert len(SOURCE.read_text().splitlines()) < 80
