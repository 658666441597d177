"""Texts that others wrote (captions, screen text, titles, earlier turns, what a model says) are data, for all who read.

For people they are made inert: no link, no mention, no control character that a chat, Markdown or a terminal would
act on. For language models they are defused and fenced: no mark of a model's own, and a line that says what follows.
Pure.
"""

import re
import unicodedata
from collections.abc import Iterable

import prompts
from retrieval.types import whole

_DOT = re.compile(r"(?<=[\w-])\.(?=[^\W\d_]{2,}(?!\w))|(?<=\bwww)\.", re.IGNORECASE)
"""The dot before what may be the last part of an address: two letters or more."""

_SCHEME = re.compile(
    r"(?<!\w)(mailto|xmpp|https?|ftp|file|data|blob|tel|sms|ssh|news|magnet|moment|slack|about|(?:java|vb)script):(?=\S)"
    r"|:(?=//)",
    re.IGNORECASE,
)
_AT = re.compile(r"@(?=\w)")
_OPENING = re.compile(r"<(?=\S)")
_MARKDOWN_LINK = re.compile(r"\](?=\()")
_MARKDOWN_NAME = re.compile(r"^(\s*\[[^\]\n]*\]):", re.MULTILINE)

_MODEL_MARK = re.compile(r"<(?=[|\uff5c/!\w<])|\[(?=\s*/?[a-z])|\|(?=>)|>(?=>)", re.IGNORECASE)


def inert(text: str) -> str:
    """Return a text in which nothing is a link or a mention, for a chat, for Markdown, or for a terminal.

    It stays readable: `https://a.example` becomes `https[:]//a[.]example`, `@channel` becomes `[at]channel`, and
    `<` before a word becomes a guillemet. Control and invisible characters become spaces, line breaks stay. What is
    inert already comes back as it is.
    """
    shown = "".join(c if c == "\n" or not unicodedata.category(c).startswith("C") else " " for c in text)
    shown = _SCHEME.sub(lambda scheme: f"{scheme[1] or ''}[:]", _DOT.sub("[.]", shown))
    shown = _OPENING.sub("\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}", _AT.sub("[at]", shown))
    return _MARKDOWN_NAME.sub(r"\1 :", _MARKDOWN_LINK.sub("] ", shown))


def defused(text: str, longest: int = 300) -> str:
    """Return a text as one line for a language model, with no mark in it that a model's template could know.

    `</s>` becomes `< /s>`, `[img-0]` becomes `[ img-0]`, `<|im_end|>` becomes `< |im_end| >`; so no text can close
    the fence around it, or speak as somebody else. What is longer than `longest` characters is cut.
    """
    kept = "".join(c if not unicodedata.category(c).startswith("C") else " " for c in whole(text))
    flat = " ".join(_MODEL_MARK.sub(lambda mark: f"{mark[0]} ", f"{kept} ").split())
    return flat if len(flat) <= longest else f"{flat[: longest - 1].rstrip()}…"


def fenced(label: str, lines: Iterable[str]) -> str:
    """Return untrusted lines between two marks for a language model, with a label that says what they are.

    Args:
        label: what the lines are, in words of the program's own.
        lines: texts of any origin; each becomes one line.
    """
    return prompts.render("fenced", label=label, lines=[defused(line) for line in lines])
