"""An utterance taken apart: what it says of videos, of time, of what was shown, and what is left of it. Pure."""

import re
from dataclasses import dataclass, field

from bot.dialogue.conversation import Conversation
from bot.dialogue.plan import ANCHORED, Reference
from bot.dialogue.planning.acts import asks_summary
from bot.dialogue.planning.continuing import Marked, anywhere, goes_on, marked, without_scope
from bot.dialogue.planning.exclusions import Excluded, take_exclusions
from bot.dialogue.planning.reading import REFERENCE, SLOT, Reading, Stretch, plain
from bot.dialogue.planning.references import excludes_others, reference_to, take_references
from bot.dialogue.planning.relations import Related, asks_nothing, take_relation
from bot.dialogue.planning.scaffold import strip
from bot.dialogue.planning.small_talk import Opened
from bot.dialogue.planning.times import counted_on, take_times
from bot.dialogue.planning.titles import Names, take_names
from retrieval.analysis import STOP_WORDS
from retrieval.analysis import words as split

_WISH = re.compile(r"^(?:i|we)(?:'d| would)? (?:only |just |really )*(?:want|need|like)\s+(?!to\b)|\belse\b", re.I)
_NOTHING = "nothing-else"
_SUMMING = frozenset(
    """
    please sum sums summed up summarise summarize summarised summarized summary summaries recap recapitulate gist
    tl dr tldr short shorter shortly brief briefly nutshell sentence sentences word words key main points overview
    outline condense synopsis digest paragraph line lines brief boil down rundown run version highlights wrap quick
    quickly one two three few in each give
    make write all films videos clips everything whole scene scenes bullet line every film video most important
    parts what happens happened going idea shorten that this it bit part shorter can could would you me just the
    so
    """.split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Heard:
    """An utterance taken apart.

    Attributes:
        words: the user's own words.
        opened: the words without greetings and corrections.
        text: what is left, with slots where something was understood.
        mark: how it goes on, from the words as they were said.
        content: the words to search for, should they stand alone.
        named: ids of the videos that were named, and not excluded.
        references: what the words point at, what is excluded left out.
        stretch: the stretch of time.
        excluded: what must not be shown.
        pointed_out: references that were excluded.
        related: the relation in time.
        ambiguous: ids of the videos that bear one name.
        states: whether it is a sentence that only says what is to be seen, and nothing of the talk.
        goes_on: whether the words go on with what is talked of.
        another: whether they ask for another than what was shown.
        anywhere: whether the words say that the whole library is meant.
    """

    words: str
    opened: Opened
    text: str
    mark: Marked
    content: str
    named: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    stretch: Stretch | None = None
    excluded: Excluded = field(default_factory=Excluded)
    pointed_out: tuple[Reference, ...] = ()
    related: Related = field(default_factory=Related)
    ambiguous: tuple[str, ...] = ()
    states: bool = False
    goes_on: bool = False
    another: bool = False
    anywhere: bool = False


_STATES = re.compile(
    r"(?:an?|some|two|three|several|many|people|men|women|he|she|they|it|we|there|his|her|their"
    r"|the(?! (?:ones?|others?|first|second|third|last|same|next|previous)\b))\s[^?]*",
    re.I,
)
_EXCLUDES = re.compile(
    r"[,;] (?:but |only |just )?(?:not|no)\b|\bbut (?:not|no|without)\b|\bexcept\b|\bexcluding\b|\bother than\b"
    r"|\bminus\b",
    re.I,
)
MANY_WORDS = 12
"""Words from which a sentence is taken as a description, with a full stop or without."""


def states(text: str) -> bool:
    """Tell whether the words are a sentence such as a caption is: all of it is to be searched for."""
    count = len(split(text))
    long = count >= MANY_WORDS or (count >= MANY_WORDS // 2 and text.rstrip().endswith("."))
    return long and _STATES.fullmatch(text.strip()) is not None and not re.search(r"\[\d|#\d|\d:\d", text)


def hear(words: str, opened: Opened, names: Names, conversation: Conversation) -> Heard:
    """Take an utterance apart."""
    named = Reading(opened.text)
    take_names(named, names, several=False)
    if states(opened.text) and not (named.names(named.text) or _EXCLUDES.search(opened.text)):
        said = opened.text.strip(" .!")
        return Heard(words, opened, said, Marked("", said), said, states=True)
    reading = Reading(opened.text)
    take_names(reading, names, several=len(conversation.latest) > 1)
    reading.text = counted_on(reading.text, conversation.turns[-1].filters.end if conversation.turns else None)
    take_times(reading)
    reading.text = without_scope(reading.text)
    moments, videos = excludes_others(reading, conversation)
    take_references(reading, conversation)
    referred = reading.references(reading.text)
    excluded = take_exclusions(reading)
    video = bool(reading.names(reading.text)) or conversation.video is not None
    related = take_relation(reading, bool(conversation.latest), video)
    if reading.stretch(reading.text) and related.relation in ANCHORED and asks_nothing(reading.text):
        related = Related()  # "and after that, from 0:30 on": the clock says it all
        reading.text = re.sub(REFERENCE, " ", reading.text)
        referred = ()
    left = reading.references(reading.text)
    referred = tuple(_the_other(r, excluded, conversation) for r in referred)
    left = tuple(_the_other(r, excluded, conversation) for r in left)
    kept = tuple(r for r in referred if r in left or (set(r.moments) - set(excluded.moments) and r.kind == "among"))
    if opened.rejects and not (moments or excluded.moments):
        moments = tuple(target.moment for target in conversation.latest if target.moment)
    excluded = Excluded(
        excluded.words, (*excluded.videos, *videos), tuple(dict.fromkeys((*excluded.moments, *moments))), excluded.part
    )
    return Heard(
        words=words,
        opened=opened,
        text=reading.text,
        mark=marked(opened.text),
        content=content_of(reading.text),
        named=reading.names(reading.text),
        references=kept,
        stretch=reading.stretch(reading.text),
        excluded=excluded,
        pointed_out=tuple(reference for reference in referred if reference not in kept),
        related=related,
        ambiguous=reading.ambiguous(reading.text),
        goes_on=goes_on(opened.text, marked(opened.text)),
        another=bool(moments),
        anywhere=anywhere(opened.text),
    )


def _the_other(reference: Reference, excluded: Excluded, conversation: Conversation) -> Reference:
    """Return a reference, where it is "the other" of those of which one was excluded with the one that is left."""
    if reference.kind != "other" or not excluded.moments:
        return reference
    return reference_to(
        "other", reference.words, tuple(t for t in conversation.choice if t.moment not in excluded.moments)
    )


_LENGTH = re.compile(
    r"\b(?:(?:max(?:imum)?|at most|about|around|only|up to)\W+)?(?:\d+|one|two|three|four|five|ten|a few|few)"
    r" (?:short )?(?:sentences?|words?|lines?|bullets?(?: points?)?|paragraphs?)\b",
    re.I,
)
"""How long a summary shall be."""


def content_of(text: str) -> str:
    """Return the words to search for: no slots, no scaffolding, nothing that only says how to tell it."""
    bare = plain(text)
    if asks_nothing(bare):
        return ""
    if asks_summary(bare) and set(split(bare)) <= _SUMMING | STOP_WORDS:
        return ""
    if asks_summary(bare):
        bare = _LENGTH.sub(" ", bare)
        bare = " ".join(word for word in bare.split() if not set(split(word)) & _SUMMING)
    bare = re.sub(r"\s+(?:and|or|in|on|at|of|from|with|to|by)(?:\s+(?:the|a))?$", "", bare, flags=re.I)
    bare = re.sub(r"^(?:\W|\b(?:and|but|or|so|now|then|ok|also|only|just|too|there)\b)+", "", bare, flags=re.I)
    bare = re.sub(r"^of\s+", "", _WISH.sub("", bare), flags=re.I)
    if strip(f"{bare} {_NOTHING}").query == _NOTHING:
        return ""
    stripped = strip(re.sub(SLOT, " ", bare)).query
    return re.sub(r"\s+(?:is|are|was|were)(?:\s+there)?\W*$", "", stripped, flags=re.I).strip(" ,;:.!?")
