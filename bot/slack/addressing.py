"""Whether a message in a followed thread is meant for the app, where people also talk to each other.

It is told by the form of the message, by whom it addresses, and by whether the library holds the words that it is
about. No list of phrases: what is not clearly a question about the videos gets no answer. Pure.
"""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import lemminflect

from bot.dialogue.conversation import Conversation
from bot.dialogue.reading.closed_words import (
    ADVERB,
    AUXILIARY,
    CONJUNCTION,
    DEMONSTRATIVE,
    DETERMINER,
    FUNCTION,
    LIGHT,
    PERSONAL,
    QUESTION,
    SPEAKERS,
)
from bot.dialogue.reading.commands import LIBRARY, MOMENTS, OF_VIDEOS, REQUEST, SMALL_TALK, VIDEOS
from bot.dialogue.reading.pointing import pointed
from bot.dialogue.reading.utterance import SHORT, content_of, is_small_talk
from retrieval.analysis import terms, words

LEAST_KNOWN = 0.5
"""The share of what a question names that the library must hold."""

SURELY_KNOWN = 0.6
"""The same of a question that is answered by yes or no: people ask such of each other."""

Known = Callable[[Iterable[str]], Collection[str]]
"""Returns those of some stems that occur in the texts and titles that may be seen."""

WISHES = frozenset(["want", "need", "wanna", "wish", "come", "go"])
"""Verbs among those of requests that say, in a question, what people are after themselves."""

_MEDIA = VIDEOS | MOMENTS | LIBRARY | frozenset(["picture", "pictures", "still", "stills", "gif", "image", "photo"])
_PEOPLE = SPEAKERS - frozenset(["one", "somebody", "someone", "anybody", "anyone", "nobody"])
_OWNING = frozenset(["have", "got"])
_ARTICLES = frozenset(["a", "an", "the", "that", "this"])
_VAGUE = frozenset(["one", "ones", "thing", "things", "point", "place", "bit", "bits"])
_DETERMINING = frozenset(["any", "another", "other", "others", "more", "something", "anything", "only", "just"])

LATEST_QUESTION = 6
"""Words among which a question word stands, where a question is asked."""

LONGEST_FRAGMENT = 8
"""Words of a part of a sentence that goes on from an answer, at most."""

_SUBJECTS = DETERMINER | PERSONAL | DEMONSTRATIVE
_STILL = re.compile(r"\b(?:a still\b|still(?= of\b))", re.I)
_NAMES_ANOTHER = re.compile(r"\W*no(?:pe)?\W+(?:i mean|the|that|this|not|\w+er\b)", re.I)
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_OUR_VIDEOS = re.compile(rf"\b(?:our|your|my)\s+(?=(?:{OF_VIDEOS}|library|collection)\b)", re.I)
_EMOJI = re.compile(r":[a-z0-9_+-]+:")
_PART = re.compile(r"(?<=[.!?])\s+|\n+|[:,;]\s+")

ORDERS = {"stop": "stop", "cancel": "stop", "wait": "stop", "quiet": "quiet", "listen": "listen"}
"""What a word that stands alone tells the app to do."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where a message stands.

    Attributes:
        conversation: what the app was asked in this thread, and answered.
        names: what the people of the thread are called.
        ours: what the app is called.
        follows_answer: whether the message before it in the thread is an answer of the app.
    """

    conversation: Conversation
    names: Collection[str] = ()
    ours: Collection[str] = ()
    follows_answer: bool = False


def is_meant(text: str, talk: Surroundings, known: Known) -> bool:
    """Tell whether a message without a mention asks the app something: one of its sentences does."""
    text = _STILL.sub("a picture", _EMOJI.sub(". ", text))
    if addresses(text, talk.ours):
        return True
    if addresses(text, talk.names) or not words(text) or is_small_talk(text):
        return False
    if talk.follows_answer and _NAMES_ANOTHER.match(text):
        return True
    parts = dict.fromkeys((*_PART.split(text), *_SENTENCE.split(text)))
    return any(_is_for_us(part, talk, known) for part in parts if words(part))


def _is_for_us(sentence: str, talk: Surroundings, known: Known) -> bool:
    """Tell whether a part of a message asks for something of the videos, and not something of those who talk."""
    said = [word for word in words(sentence) if word not in SMALL_TALK]
    opening = [word for word in said if word in _MEDIA or word not in ADVERB | CONJUNCTION]
    if not opening:
        return False
    part = _Part(sentence, said, opening, _share(sentence, known), _points(sentence, talk), talk.follows_answer)
    return part.requests or part.asks or part.asks_yes_or_no or part.goes_on


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a message: its words without small talk, those from where it opens, and what the library knows of it.

    `share` is the share of what it names that the library holds, `points` whether it points at what was shown.
    """

    sentence: str
    said: list[str]
    opening: list[str]
    share: float
    points: bool
    follows: bool

    @property
    def of_media(self) -> bool:
        """Whether it speaks of videos, moments or pictures."""
        return bool(_MEDIA.intersection(self.said))

    @property
    def of_people(self) -> bool:
        """Whether it speaks of those who talk: "show me" does not."""
        said = _OUR_VIDEOS.sub(" ", self.sentence)
        return bool(_PEOPLE.intersection(words(said)) - ({"me", "us"} if _is_request(self.opening) else set()))

    @property
    def is_question(self) -> bool:
        """Whether it ends as a question."""
        return self.sentence.rstrip().endswith("?")

    @property
    def requests(self) -> bool:
        """Whether it requests something of the videos, or of what was answered just before."""
        near = not self.of_people and (self.follows or self.points)
        return _is_request(self.opening) and (self.of_media or self.share >= LEAST_KNOWN or near)

    @property
    def asks(self) -> bool:
        """Whether it asks who, what, where, when, why or how, of the videos."""
        if not QUESTION.intersection(self.opening[:LATEST_QUESTION]):
            return False
        if self.of_people:
            return self.share > LEAST_KNOWN or (bool(_OWNING.intersection(self.said)) and self.share >= LEAST_KNOWN)
        stands_for = _SUBJECTS.intersection(self.said) - DETERMINER
        goes_on = len(self.said) <= SHORT or not content_of(self.sentence) or bool(stands_for)
        of_videos = self.of_media or self.share >= LEAST_KNOWN or self.points or "there" in self.said
        return of_videos or (self.follows and goes_on)

    @property
    def asks_yes_or_no(self) -> bool:
        """Whether it asks for yes or no of the videos."""
        if self.of_people or self.opening[0] not in AUXILIARY:
            return False
        enough = LEAST_KNOWN if "there" in self.said else SURELY_KNOWN
        inverted = bool(_SUBJECTS.intersection(self.opening[1:2]))
        of_them = self.follows and bool(PERSONAL.intersection(self.opening[1:4]))
        return (self.is_question or inverted) and (self.of_media or of_them or self.share >= enough)

    @property
    def goes_on(self) -> bool:
        """Whether it is no whole sentence, and goes on from what was answered, or names what the library holds."""
        if self.of_people or AUXILIARY.intersection(self.said):
            return False
        if self.is_question and (self.share > LEAST_KNOWN or (self.follows and len(self.said) <= SHORT)):
            return True
        more = _DETERMINING.intersection(self.said) or any(map(_is_comparative, self.said)) or _begins_on(self.sentence)
        return bool(more) and len(self.said) <= LONGEST_FRAGMENT and (self.follows or self.of_media)


def _is_request(opening: Sequence[str]) -> bool:
    """Tell whether words begin as a request: with its verb, with a thing to be had, by "can I see", or by "send me"."""
    first, second, *_ = [*(word for word in opening if word not in _ARTICLES), "", ""]
    if first in AUXILIARY and second in _PEOPLE:
        return bool((REQUEST | _OWNING).intersection(opening[2:4]) - WISHES)
    asks = first in REQUEST | _MEDIA - _VAGUE and not first.endswith("ing")
    return asks or (second == "me" and first not in FUNCTION - LIGHT) or (first in _PEOPLE and second in WISHES)


def _begins_on(sentence: str) -> bool:
    """Tell whether a part of a sentence goes on with one before it by its first word: "and in blue?"."""
    first, *rest = words(sentence)
    return first in CONJUNCTION and 0 < len(rest) < SHORT


@lru_cache(maxsize=4_096)
def _is_comparative(word: str) -> bool:
    """Tell whether a word compares, as "wider" does."""
    return word.endswith("er") and word not in lemminflect.getAllLemmas(word).get("ADJ", (word,))


def addresses(text: str, names: Collection[str]) -> bool:
    """Tell whether a message addresses somebody by one of these names: at its beginning, or at its end."""
    called = {word for name in names for word in words(name) if len(word) > 1}
    opening = [words(part) for part in re.split(r"[,:!\u2013\u2014-]", text, maxsplit=1)]
    closing = [words(part) for part in re.split(r"[,@]", text)[-1:]]
    before = [word for word in opening[0] if word not in SMALL_TALK] if len(opening) > 1 else []
    at_end = [word for word in closing[0] if word not in SMALL_TALK] if "," in text else []
    return any(0 < len(part) <= 3 and set(part) <= called for part in (before, at_end))


def order_in(text: str) -> tuple[str, str]:
    """Return what a message tells the app to do, "" for nothing, and what is said beside that.

    An order stands alone, or at the beginning before a comma or a full stop: "wait, the red one".
    """
    first, _, rest = text.partition(",") if "," in text else text.partition(".")
    alone = [word for word in words(first) if word in ORDERS or word not in SMALL_TALK | FUNCTION]
    if len(alone) == 1 and alone[0] in ORDERS and len(words(first)) <= 3:
        return ORDERS[alone[0]], rest.strip()
    return "", text


def corrects(text: str) -> bool:
    """Tell whether a message takes back what was asked before it: it begins with "no", and says something else."""
    first, *rest = words(text)[:2] or [""]
    return first in ("no", "nope") and bool(rest)


def asks_nothing_of_its_own(text: str) -> bool:
    """Tell whether a message names nothing: what it is about was said before it."""
    return not content_of(text)


def _points(text: str, talk: Surroundings) -> bool:
    return bool(talk.conversation.shown) and bool(pointed(text, talk.conversation).references)


def _share(text: str, known: Known) -> float:
    """Return which share of what a text names the library holds."""
    named = {stem for stem in terms(content_of(text)) if not stem.isdecimal()}
    return len(named & set(known(named))) / len(named) if named else 0.0
