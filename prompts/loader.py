"""Loads and renders the Markdown templates of this folder, strictly.

A template opens with a header between two lines of `---`: `purpose`, `variables` (separated by commas, may be
empty) and `model` (the one it was tried on; `none` where no model reads it). A variable that the header does
not name, or one that is missing when rendering, is an error and never an empty place in a sentence.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from jinja2 import StrictUndefined, TemplateError, meta
from jinja2.sandbox import SandboxedEnvironment

Variable = str | int | float | bool | Sequence[object]
"""What a template may be given: plain values, or sequences of them."""

HEADER = ("purpose", "variables", "model")


class PromptError(Exception):
    """A prompt that is unknown, malformed, or not given exactly its variables."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One template: its header and its body."""

    name: str
    purpose: str
    variables: frozenset[str]
    model: str
    body: str


def names() -> list[str]:
    """Return the names of all prompts, sorted."""
    found = (entry.name for entry in files("prompts").iterdir())
    return sorted(name.removesuffix(".md") for name in found if name.endswith(".md"))


@cache
def load(name: str) -> Prompt:
    """Return a prompt.

    Raises:
        PromptError: there is none of that name, or its header is not as it should be.
    """
    if name not in names():
        raise PromptError(f"there is no prompt {name!r}")
    return parse(name, files("prompts").joinpath(f"{name}.md").read_text(encoding="utf-8"))


def parse(name: str, text: str) -> Prompt:
    """Read a template's header and body.

    Raises:
        PromptError: the header is missing, lacks a line, or differs from the variables that the body uses.
    """
    opening, _, rest = text.partition("---\n")
    header, closing, body = rest.partition("\n---\n")
    if opening or not closing:
        raise PromptError(f"prompt {name!r} does not open with a header between two lines of ---")
    fields = {key.strip(): value.strip() for key, _, value in (h.partition(":") for h in header.splitlines())}
    if tuple(fields) != HEADER:
        raise PromptError(f"prompt {name!r} has header {tuple(fields)}, not {HEADER}")
    variables = frozenset(v.strip() for v in fields["variables"].split(",") if v.strip())
    try:
        used = meta.find_undeclared_variables(_environment().parse(body))
    except TemplateError as error:
        raise PromptError(f"prompt {name!r} is not a template: {error}") from error
    if used != variables:
        raise PromptError(f"prompt {name!r} uses {sorted(used)} but its header names {sorted(variables)}")
    return Prompt(name, fields["purpose"], variables, fields["model"], body.strip("\n"))


def render(name: str, **variables: Variable) -> str:
    """Return a prompt's text with its variables put in.

    Raises:
        PromptError: unknown prompt, or the variables are not exactly those of its header.
    """
    prompt = load(name)
    if prompt.variables != variables.keys():
        missing, unknown = prompt.variables - variables.keys(), variables.keys() - prompt.variables
        raise PromptError(f"prompt {name!r}: missing {sorted(missing)}, unknown {sorted(unknown)}")
    try:
        return _environment().from_string(prompt.body).render(variables).strip("\n")
    except TemplateError as error:
        raise PromptError(f"prompt {name!r} cannot be rendered: {error}") from error


@cache
def _environment() -> SandboxedEnvironment:
    return SandboxedEnvironment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
