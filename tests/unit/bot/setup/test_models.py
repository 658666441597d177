"""The models as data, and the page that lists them."""

import re
from pathlib import Path

import pytest

from bot.cli.output import size
from bot.settings import Settings, variable
from bot.setup.machine import GIB
from bot.setup.models import DOES, MODELS, PARTS, WORKS, HubFiles, Model, OfOllama

PAGE = (Path(__file__).parents[4] / "docs" / "models.md").read_text()
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("| ")]
SET = re.findall(r"^(VDIALOG_\w+)=(\S+)$", PAGE, re.MULTILINE)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_the_page_says_of_each_model_what_it_takes(model: Model) -> None:
    (row,) = [row for row in ROWS if row[0] == model.name]
    runs = "Ollama" if isinstance(model.source, OfOllama) else "Video Dialog"
    fetched = size(model.download).replace(".0 MB", " MB")
    assert row[1:5] == [f"`{model.part}`", fetched, f"{model.memory / GIB:g} GiB", runs]
    assert row[5].startswith("any") if model.cores == 1 else f"{model.cores} cores" in row[5]


def test_the_page_lists_models_in_the_order_of_preference() -> None:
    assert [row[0] for row in ROWS if row[0] in {model.name for model in MODELS}] == [model.name for model in MODELS]


def test_settings_of_models_can_be_set() -> None:
    for model in MODELS:
        values = dict(model.settings)
        assert {name: str(getattr(Settings(**values), name)) for name in values} == values  # type: ignore[arg-type]


def test_what_the_page_sets_by_hand_is_what_setup_sets() -> None:
    known = {(variable(name), value) for model in MODELS for name, value in model.settings}
    assert len(SET) >= 7 and set(SET) <= known


def test_each_part_has_a_model_and_words() -> None:
    assert {model.part for model in MODELS} == set(PARTS) == set(DOES) == set(WORKS)


def test_what_is_needed_is_fetched() -> None:
    from fnmatch import fnmatch

    sources = [model.source for model in MODELS if isinstance(model.source, HubFiles)]
    assert all(any(fnmatch(name, one) for one in source.patterns) for source in sources for name in source.needed)
