"""What plans, and why: set, or chosen by what was measured."""

from datetime import date
from pathlib import Path

import pytest

from bot.bootstrap.planner_results import FILE, Marks, PlannerResult, keep, results
from bot.bootstrap.planning import candidates, choice, language, planner
from bot.dialogue.model_planner import ModelPlanner
from bot.dialogue.planner import RulePlanner
from bot.errors import ConfigurationError
from bot.settings import Settings, load


def marks(right: int, confident_and_wrong: int = 10) -> Marks:
    return Marks(right, 5, 5, 100 - 20 - right, confident_and_wrong, 1.5, 3)


def measured(model: str, gained: int, lost: int, confident_and_wrong: int = 10) -> PlannerResult:
    rows = {"rules": marks(50), "model": marks(40), "both": marks(50 + gained - lost, confident_and_wrong)}
    return PlannerResult(model, date(2026, 11, 29), "question", rows, gained, lost)  # type: ignore[arg-type]


def auto(home: Path, **given: object) -> Settings:
    return load(**{"planner": "auto", "chat_model": "qwen3", "home": home, **given})


@pytest.mark.parametrize(
    ("gained", "lost", "by_chance", "better"),
    [
        (0, 0, 1.0, False),
        (4, 0, 0.0625, False),
        (5, 0, 0.03125, True),
        (7, 1, 9 / 256, True),
        (6, 2, 37 / 256, False),
        (0, 9, 1.0, False),
    ],
)
def test_a_model_is_better_where_chance_would_hardly_gain_so_many_turns(
    gained: int, lost: int, by_chance: float, better: bool
) -> None:
    result = measured("qwen3", gained, lost)
    assert (result.by_chance, result.better) == (by_chance, better)


def test_a_model_that_is_more_often_confident_and_wrong_is_not_better() -> None:
    assert measured("qwen3", 20, 0).better
    assert not measured("qwen3", 20, 0, confident_and_wrong=11).better


def test_what_was_measured_is_kept_by_the_name_of_the_model(tmp_path: Path) -> None:
    home = tmp_path / "not made yet"
    assert results(home) == {}
    keep(home, measured("qwen3", 1, 0))
    keep(home, measured("llava", 2, 0))
    keep(home, measured("qwen3", 9, 0))
    assert results(home) == {"llava": measured("llava", 2, 0), "qwen3": measured("qwen3", 9, 0)}
    assert [path.name for path in home.iterdir()] == [FILE]


@pytest.mark.parametrize("text", ["", "[]", '{"models": {"qwen3": {}}}', '{"models": {}, "version": 2}'])
def test_a_damaged_file_is_as_good_as_none(text: str, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(text)
    assert results(tmp_path) == {}
    assert "was not measured" in choice(auto(tmp_path)).why


def test_auto_uses_a_model_that_was_better_in_the_form_in_which_it_was(tmp_path: Path) -> None:
    keep(tmp_path, measured("qwen3", 9, 0))
    chosen = choice(auto(tmp_path))
    assert chosen.model is not None
    assert (chosen.model.name, chosen.reply) == ("qwen3", "question")
    assert "qwen3 got 59 of 100 turns right, the rules 50" in chosen.why
    made = planner(auto(tmp_path))
    assert isinstance(made, ModelPlanner)
    assert made.form == "question"
    assert choice(auto(tmp_path, chat_reply="json")).reply == "json"


@pytest.mark.parametrize(
    ("gained", "given", "why"),
    [
        (None, {}, "was not measured: `vdialog evaluate planner --model qwen3`"),
        (None, {"chat_model": ""}, "no language model is set"),
        (3, {}, "not enough"),
        (9, {"chat_model": "another"}, "another was not measured"),
        (9, {"planner": "rules"}, "VDIALOG_PLANNER=rules"),
    ],
)
def test_else_the_rules_plan_alone_and_it_says_why(
    gained: int | None, given: dict[str, str], why: str, tmp_path: Path
) -> None:
    if gained is not None:
        keep(tmp_path, measured("qwen3", gained, 0))
    settings = auto(tmp_path, **given)
    assert why in choice(settings).why
    assert isinstance(planner(settings), RulePlanner)


def test_the_llava_that_looks_may_plan_too_where_ollama_runs_it(tmp_path: Path) -> None:
    looking = {"vision": "ollama", "vision_url": "http://127.0.0.1:9", "vision_context": 2048}
    settings = auto(tmp_path, **looking)
    assert candidates(settings) == ["qwen3", "llava"]
    assert candidates(auto(tmp_path, vision="ollama", vision_model="packaged")) == ["qwen3"]
    assert candidates(auto(tmp_path, vision="transformers", chat_model="")) == []
    keep(tmp_path, measured("qwen3", 9, 0))
    keep(tmp_path, measured("llava", 12, 0))
    model = choice(settings).model
    assert model is not None
    assert (model.name, str(model.server.url), model.context) == ("llava", "http://127.0.0.1:9", 2048)


def test_a_model_is_asked_on_the_server_that_has_it(tmp_path: Path) -> None:
    settings = auto(tmp_path, vision="ollama", vision_model="llava", chat_url="http://127.0.0.1:7")
    assert str(language(settings, "gemma3").server.url) == "http://127.0.0.1:7"
    assert str(language(settings, "llava").server.url) == "http://127.0.0.1:11434"
    with pytest.raises(ConfigurationError, match="none is named"):
        language(settings, "")
