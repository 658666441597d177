"""Whether a message in a followed thread is meant for the app, where people also talk to each other.

It is told by the form of the message, by whom it addresses, and by whether the library holds the words that it is
about. No list of phrases: what is not clearly a question about the videos gets no answer. Pure.
"""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from bot.dialogue.conversation import Conversation
from bot.dialogue.reading.closed_words import ADVERB, AUXILIARY, FUNCTION, QUESTION, SPEAKERS
from bot.dialogue.reading.commands import LIBRARY, MOMENTS, REQUEST, SMALL_TALK, VIDEOS
from bot.dialogue.reading.pointing import pointed
from bot.dialogue.reading.utterance import Asked, asked, content_of, is_remark, is_small_talk
from retrieval.analysis import terms, words

LEAST_KNOWN = 0.5
"""The share of what a question names that the library must hold."""

Known = Callable[[Iterable[str]], Collection[str]]
"""Returns those of some stems that occur in the texts and titles that may be seen."""

WISHES = frozenset(["want", "need", "wanna", "wish", "come", "go"])
"""Verbs among those of requests that say, in a question, what people are after themselves."""

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
    """Tell whether a message without a mention asks the app something."""
    if addresses(text, talk.ours):
        return True
    if addresses(text, talk.names) or not words(text) or is_small_talk(text):
        return False
    said = asked(text)
    if said.asks:
        return _asks_of_videos(said, talk, known)
    if is_remark(text) or not talk.follows_answer:
        return False
    return said.fragment and (_points(text, talk) or said.goes_on or _share(said.wording, known) >= LEAST_KNOWN)


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


def _asks_of_videos(said: Asked, talk: Surroundings, known: Known) -> bool:
    if _is_between_people(said.wording):
        return False
    if set(words(said.wording)) & (VIDEOS | LIBRARY | MOMENTS) - SMALL_TALK or _points(said.words, talk):
        return True
    if talk.follows_answer and (said.goes_on or not content_of(said.wording)):
        return True
    return _share(said.wording, known) >= LEAST_KNOWN


def _is_between_people(wording: str) -> bool:
    """Tell whether a question is about those who talk: one of them is to do something that the app does not do."""
    tokens = [word for word in words(wording) if word not in ADVERB]
    if not tokens:
        return False
    asked_for = tokens[1:] if tokens[0] in QUESTION else tokens
    if len(asked_for) < 2 or asked_for[0] not in AUXILIARY or asked_for[1] not in SPEAKERS:
        return False
    verb = asked_for[2] if len(asked_for) > 2 else ""
    is_owned = verb in ("have", "got") and bool(set(tokens) & VIDEOS)
    return not is_owned and (verb not in REQUEST or verb in WISHES)


def _points(text: str, talk: Surroundings) -> bool:
    return bool(talk.conversation.shown) and bool(pointed(text, talk.conversation).references)


def _share(text: str, known: Known) -> float:
    """Return which share of what a text names the library holds."""
    named = set(terms(content_of(text)))
    return len(named & set(known(named))) / len(named) if named else 0.0
