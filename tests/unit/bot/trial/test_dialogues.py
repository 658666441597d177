"""Files of dialogues, and what is right at a turn."""

import json
from pathlib import Path

import pytest

from bot.dialogue.messages import Answer, Citation, Verdict
from bot.errors import UsageError
from bot.trial.dialogues import Gold, GoldenTurn, marked, packaged, read
from demo.stories import FILMS
from retrieval.types import TimeSpan

BALL = GoldenTurn("where is the ball?", "present", (Gold("park", 10, 20),))
NOWHERE = GoldenTurn("where is a piano?", "absent")
FILM = GoldenTurn("how does it end?", "library", (Gold("park", 0, 60),))
LISTED = GoldenTurn("how many are there?", "library")

THERE = ("park", 12, 18)
ELSEWHERE = ("park", 30, 40)


def answered(verdict: Verdict, *shown: tuple[str, float, float]) -> Answer:
    cited = [Citation(n, f"{v}:{n}", v, v, TimeSpan(a, b)) for n, (v, a, b) in enumerate(shown, start=1)]
    return Answer("...", verdict, "c", "find", "", citations=tuple(cited))


@pytest.mark.parametrize(
    ("turn", "answer", "mark"),
    [
        (BALL, answered("answered", THERE), "right"),
        (BALL, answered("answered", ELSEWHERE, THERE), "right"),
        (BALL, answered("answered", ELSEWHERE, ELSEWHERE, THERE), "near"),
        (BALL, answered("unsure", THERE), "near"),
        (BALL, answered("answered", ELSEWHERE), "confident and wrong"),
        (BALL, answered("answered", ("sea", 12, 18)), "confident and wrong"),
        (BALL, answered("answered", ("park", 16, 40)), "confident and wrong"),
        (BALL, answered("unsure", ELSEWHERE), "wrong"),
        (BALL, answered("not_found"), "refused"),
        (BALL, None, "wrong"),
        (NOWHERE, answered("not_found"), "right"),
        (NOWHERE, answered("unsure", THERE), "near"),
        (NOWHERE, answered("answered", THERE), "confident and wrong"),
        (FILM, answered("told"), "right"),
        (LISTED, answered("told"), "right"),
        (LISTED, answered("not_found"), "wrong"),
    ],
)
def test_a_reply_is_marked_by_what_it_shows(turn: GoldenTurn, answer: Answer | None, mark: str) -> None:
    assert marked(turn, answer) == mark


def test_the_dialogues_that_come_with_the_program_are_about_moments_of_the_sample_films() -> None:
    lengths = {film.name: film.duration for film in FILMS}
    files = [read(path) for path in packaged()]
    turns = [turn for one in files for dialogue in one.dialogues for turn in dialogue.turns]
    assert {one.library for one in files} == {"films"}
    assert len(turns) >= 100
    assert all(gold.end <= lengths[gold.video] for turn in turns for gold in turn.gold)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        json.dumps({"dialogues": [{"turns": [{"say": "a dog?"}]}]}),
        json.dumps({"dialogues": [{"turns": [{"say": "a dog?", "kind": "perhaps"}]}]}),
        json.dumps({"dialogues": [{"turns": [{"say": "a dog?", "kind": "present", "gold": [{"video": "park"}]}]}]}),
        json.dumps(
            {
                "dialogues": [
                    {"turns": [{"say": "?", "kind": "present", "gold": [{"video": "a", "start": 5, "end": 1}]}]}
                ]
            }
        ),
    ],
)
def test_a_file_that_is_none_is_refused_with_where_its_form_is_told(text: str, tmp_path: Path) -> None:
    path = tmp_path / "dialogues.json"
    with pytest.raises(UsageError) as missing:
        read(path)
    path.write_text(text)
    with pytest.raises(UsageError) as refused:
        read(path)
    assert "docs/language-models.md" in missing.value.hint
    assert "docs/language-models.md" in refused.value.hint
