"""The loader is strict: no unknown prompt, no unknown or missing variable, no header that says otherwise."""

import pytest

import prompts
from prompts.loader import parse

HEADER = "---\npurpose: to test\nvariables: {variables}\nmodel: none\n---\n"


def test_every_prompt_can_be_loaded_and_says_what_it_is_for() -> None:
    assert prompts.names()
    for name in prompts.names():
        assert prompts.load(name).purpose


def test_an_unknown_prompt_is_refused() -> None:
    with pytest.raises(prompts.PromptError, match="no prompt 'nowhere'"):
        prompts.render("nowhere")


@pytest.mark.parametrize("name", ["../pyproject", "__init__", "loader.py", ""])
def test_a_name_cannot_lead_out_of_the_folder(name: str) -> None:
    with pytest.raises(prompts.PromptError):
        prompts.load(name)


def test_a_missing_variable_is_refused_by_name() -> None:
    with pytest.raises(prompts.PromptError, match=r"missing \['handle', 'timecode'\]"):
        prompts.render("answer_silent", title="x")


def test_an_unknown_variable_is_refused_by_name() -> None:
    with pytest.raises(prompts.PromptError, match=r"unknown \['mood'\]"):
        prompts.render("thanks", mood="good")


def test_a_body_that_uses_more_than_the_header_names_is_refused() -> None:
    with pytest.raises(prompts.PromptError, match="uses"):
        parse("x", HEADER.format(variables="one") + "{{ one }} {{ two }}")


def test_a_header_that_names_more_than_the_body_uses_is_refused() -> None:
    with pytest.raises(prompts.PromptError, match="its header names"):
        parse("x", HEADER.format(variables="one, two") + "{{ one }}")


@pytest.mark.parametrize(
    "text",
    ["no header", "---\npurpose: x\n---\nbody", HEADER.format(variables="") + "{% if %}", "words\n" + HEADER],
)
def test_a_malformed_template_is_refused(text: str) -> None:
    with pytest.raises(prompts.PromptError):
        parse("x", text)


def test_what_is_put_in_is_never_read_as_a_template() -> None:
    said = prompts.render("answer_caption", title="{{ 7 * 7 }}", timecode="t", quote="{% raw %}", handle=1)
    assert said == 'In "{{ 7 * 7 }}" at t, the caption says: "{% raw %}" [1]'
