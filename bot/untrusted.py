"""Texts that others wrote (captions, screen text, titles, earlier turns, what a model says) are data, for all who read.

For people they are made inert: no link, no mention, no control character that a chat, Markdown or a terminal would
act on. For language models they are defused and fenced: no mark of a model's own, and a line that says what follows.
Pure.
Why: docs/decisions/untrusted-text.md.
"""

import re
import unicodedata
from collections.abc import Iterable

import prompts
from retrieval.types import whole

_DOTTED = re.compile(r"(?<![\w-])[\w-]+(?:\.[\w-]+)+")
_WWW = re.compile(r"(?<=\bwww)\.", re.IGNORECASE)
_LIKE_A_DOMAIN = re.compile(r"[^\W\d_]{2,}(?!\w)")
"""How the last part of an address begins: two letters or more, and no digit after them."""

_FILE_ENDINGS = frozenset(["avi", "flv", "jpeg", "jpg", "mkv", "mpeg", "mpg", "ogv", "srt", "vtt", "webm", "wmv"])
"""Last parts of files' names that are no domain anywhere; those with a digit need not be named."""

_SCHEME = re.compile(
    r"(?<!\w)(mailto|xmpp|https?|ftp|file|data|blob|tel|sms|ssh|news|magnet|moment|slack|about|(?:java|vb)script):(?=\S)"
    r"|:(?=//)",
    re.IGNORECASE,
)
_AT = re.compile(r"@(?=\w)")
_OPENING = re.compile(r"<(?=\S)")
_MARKDOWN_LINK = re.compile(r"\](?=\()")
_MARKDOWN_NAME = re.compile(r"^(\s*\[[^\]\n]*\]):", re.MULTILINE)
_LINKS_IN_NAMES = (_SCHEME, _WWW, _AT, _OPENING, _MARKDOWN_LINK)
_NUMBER_OF_A_MOMENT = re.compile(r":\d{1,6}\Z")

_MODEL_MARK = re.compile(
    r"<(?=[/|\uff5c\w])"  # <image>, </s>, <|im_end|>, <start_of_turn>
    r"|\[(?=/?[a-z_])",  # [INST], [/INST], [img-0], [img
    re.IGNORECASE,
)
"""The beginnings of marks: what they have in common in the models that servers run."""

_UNSEEN = ("C", "Zl", "Zp")
_QUOTED = re.compile(r"""('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")""")

_FENCE = re.compile(r"<(?=[<!])|\|(?=>)|>(?=>)")


def printable(text: str) -> str:
    """Return a text whose control and invisible characters are spaces; line breaks stay, those of Unicode do not."""
    return "".join(c if c == "\n" or not unicodedata.category(c).startswith(_UNSEEN) else " " for c in text)


def inert(text: str) -> str:
    """Return a text in which nothing is a link or a mention, for a chat, for Markdown, or for a terminal.

    It stays readable: `https://a.example` becomes `https[:]//a[.]example`, `@channel` becomes `[at]channel`, and
    `<` before a word becomes a guillemet. Control and invisible characters become spaces, line breaks stay. What is
    inert already comes back as it is.
    """
    shown = _WWW.sub("[.]", _DOTTED.sub(_dots, printable(text)))
    shown = _SCHEME.sub(lambda scheme: f"{scheme[1] or ''}[:]", shown)
    shown = _OPENING.sub("\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}", _AT.sub("[at]", shown))
    return _MARKDOWN_NAME.sub(r"\1 :", _MARKDOWN_LINK.sub("] ", shown))


def inert_line(text: str) -> str:
    """Return a text as `inert` does, on one line."""
    return " ".join(inert(text).split())


def inert_name(text: str) -> str:
    """Return a name on one line, for a terminal: of a video or a moment, a title, a file's name, a path.

    Somebody may type it again, so it stays as it is where a terminal makes no link of it: a dot between two words is
    none. What holds a scheme, a mention or several words is made inert.
    """
    flat = printable(text).replace("\n", " ")
    if any(link.search(_NUMBER_OF_A_MOMENT.sub("", flat)) for link in _LINKS_IN_NAMES):
        return inert(flat)
    return "/".join(inert(part) if re.search(r"\s", part) else part for part in flat.split("/"))


def inert_error(text: str) -> str:
    """Return what an error or a log says, of which nobody knows any more who wrote which part.

    What stands in quotation marks is a name, and made inert as one; the rest as any text of others. Line breaks stay.
    """
    parts = _QUOTED.split(printable(text))
    return "".join(inert_name(part) if place % 2 else inert(part) for place, part in enumerate(parts))


def unmarked(text: str) -> str:
    """Return a text with whatever reads like a mark of a model's own pulled apart: `[img-0]` becomes `[ img-0]`."""
    return _MODEL_MARK.sub(lambda mark: f"{mark[0]} ", whole(text).replace("\0", " "))


def defused(text: str, longest: int = 300) -> str:
    """Return a text as one line for a language model, with no mark in it that a model's template could know.

    `</s>` becomes `< /s>`, `[img-0]` becomes `[ img-0]`, `<|im_end|>` becomes `< |im_end| >`; so no text can close
    the fence around it, or speak as somebody else. What is longer than `longest` characters is cut.
    """
    flat = " ".join(printable(unmarked(text)).split())
    flat = " ".join(_FENCE.sub(lambda mark: f"{mark[0]} ", f"{flat} ").split())
    return flat if len(flat) <= longest else f"{flat[: longest - 1].rstrip()}…"


def fenced(label: str, lines: Iterable[str]) -> str:
    """Return untrusted lines between two marks for a language model, with a label that says what they are.

    Args:
        label: what the lines are, in words of the program's own.
        lines: texts of any origin; each becomes one line.
    """
    return prompts.render("fenced", label=label, lines=[defused(line) for line in lines])


def _dots(dotted: re.Match[str]) -> str:
    """Return words joined by dots, with the dots pulled apart where they may be an address."""
    last = dotted[0].rpartition(".")[2]
    harmless = last.lower() in _FILE_ENDINGS or not _LIKE_A_DOMAIN.match(last)
    return dotted[0] if harmless else dotted[0].replace(".", "[.]")
