"""Questions about the library itself: what is there, how many, how long, the longest, which have subtitles. Pure."""

import re
from dataclasses import dataclass

from bot.dialogue.plan import LibraryQuestion
from bot.dialogue.reading.closed_words import FUNCTION, PERSONAL
from bot.dialogue.reading.commands import LIBRARY, OWN, SMALL_TALK, VIDEOS
from bot.dialogue.reading.utterance import Asked
from retrieval.analysis import words

HOW_MANY = re.compile(r"\b(?:how many|number of|count)\b", re.I)
_AMOUNT = r"minutes|hours|seconds|footage|material|time"
_OF_TEXT = r"subtitles?|captions?|transcripts?|speech|spoken"
_TEXTS = {"words", "text", "texts"}
_ASKED: tuple[tuple[LibraryQuestion, re.Pattern[str]], ...] = (
    ("longest", re.compile(r"\b(?:longest|longer|most minutes)\b", re.I)),
    ("shortest", re.compile(r"\b(?:shortest|shorter|fewest minutes)\b", re.I)),
    ("newest", re.compile(r"\b(?:newest|latest|most recent|last added|newer)\b", re.I)),
    ("sources", re.compile(rf"\b(?:{_OF_TEXT}|(?:no|any|without|ha(?:s|ve)) (?:words|texts?))\b", re.I)),
    (
        "length",
        re.compile(
            r"\b(?:how long|length|duration|run(?:ning )? ?time|how (?:many|much) (?:" + _AMOUNT + r"))\b", re.I
        ),
    ),
    ("count", HOW_MANY),
)
_PROPERTIES = re.compile(
    r"\b(?:long(?:er|est)?|short(?:er|est)?|new(?:er|est)|latest|recent|added|length"
    rf"|{_OF_TEXT}|duration|minutes?|hours?|seconds?|running|run ?time|total|altogether|available|titles?|material"
    r"|single|different|stored|loaded|inside|lasts?|runs?|plays?)\b",
    re.I,
)
_WHAT_IS_THERE = re.compile(
    r"\b(?:what|which) (?:do|have|can|could|else do) (?:you|we|i)\b.*\b(?:have|got|hold|watch|offer|see|ask)\b"
    r"|\bwhat(?:'s| is| are) (?:there|in here|here|in the library|in it)\W*$",
    re.I,
)
_INSIDE = re.compile(r"^\W*(?:(?:and|but|or|now|only|not)\W+)*(?:in|from|of|with|without|another|other)\b", re.I)
_ALL = re.compile(
    r"\b(?:videos|vids|films|clips|movies|recordings|files|lessons|lectures|tutorials|episodes|library|collection"
    r"|catalogue|altogether|in (?:all|total)|everything|total|(?:hours|minutes) of (?:video|film|footage))\b",
    re.I,
)

_LACKING = re.compile(r"^\W*(?:which|what) (?:videos|films|clips|movies|recordings)\b.*\b(?:no|without)\b", re.I)


@dataclass(frozen=True, slots=True)
class AboutLibrary:
    """What may be asked of the library itself, and how many words name anything else."""

    about: LibraryQuestion
    beside: int


def library_question(text: str) -> AboutLibrary | None:
    """Return what a text asks of the whole library; None where it does not, or only says where to look."""
    said, about = set(words(text)), property_asked(text)
    if len(said) == 1 and not said <= LIBRARY and about not in ("longest", "shortest", "newest"):
        return None
    if _INSIDE.match(text) and about is None and not said & {"what", "which", "how"}:
        return None
    of_videos = said & VIDEOS and (said & {"which", "what"} or about in ("longest", "shortest"))
    beside = len(_beside_properties(text) - LIBRARY - SMALL_TALK - (_TEXTS if about == "sources" else set()))
    superlative = about in ("longest", "shortest", "newest") and not beside
    if not (_ALL.search(text) or _WHAT_IS_THERE.search(text) or of_videos or superlative):
        return None
    lacking = about is None and _LACKING.search(text)
    return AboutLibrary(about or "list", 0 if lacking else beside)


def of_something_said(said: Asked, about: AboutLibrary) -> bool:
    """Tell whether what may be asked of the library is rather asked of something else that was said."""
    own = set(words(said.wording))
    if property_asked(said.wording) is None:
        return bool(own & PERSONAL) or len(said.told.split()) > 2 or not (said.asks or not about.beside)
    return bool(own & PERSONAL) and not own & VIDEOS


def property_asked(text: str) -> LibraryQuestion | None:
    """Return which property of videos a text asks for."""
    return next((asked for asked, pattern in _ASKED if pattern.search(text)), None)


def names_only_properties(text: str) -> bool:
    """Tell whether nothing is named but what every video has: its length, its texts."""
    return not _beside_properties(text)


def _beside_properties(text: str) -> set[str]:
    """Return the words that name anything but what every video has."""
    return set(words(_PROPERTIES.sub(" ", text))) - FUNCTION - OWN
