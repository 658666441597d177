"""An utterance taken apart: what it says of videos, of time, of what was shown, and what is left of it. Pure."""

import re
from dataclasses import dataclass, field

from bot.dialogue.acts import asks_summary
from bot.dialogue.continuing import Marked, anywhere, goes_on, marked
from bot.dialogue.conversation import Conversation
from bot.dialogue.exclusions import Excluded, take_exclusions
from bot.dialogue.plan import ANCHORED, Reference
from bot.dialogue.reading import REFERENCE, SLOT, Reading, Stretch, plain
from bot.dialogue.references import excludes_others, reference_to, take_references
from bot.dialogue.relations import Related, asks_nothing, take_relation
from bot.dialogue.scaffold import strip
from bot.dialogue.small_talk import Opened
from bot.dialogue.times import take_times
from bot.dialogue.titles import Names, take_names

_SUMMARY_WORDS = re.compile(
    r"\b(?:please|sum(?:s|med)? (?:it |that |this |them )?(?:all )?up|summari[sz]e[ds]?|(?:a |the |me "
    r")?(?:short |quick |brief )*summary(?: of)?|recap(?:itulate)?|(?:the )?gist(?: of)?|tl;?\s?dr(?: of)?"
    r"|in short|(?:make (?:it|this|that) )?shorter|briefly|in a nutshell|in (?:one|a|two|few|a few|brief) "
    r"(?:sentences?|words?)(?: each)?|key points|main points|(?:an )?overview(?: of)?|(?:an )?outline(?: of)?"
    r"|in brief|give me|for my \w+|what (?:are|is)|about"
    r"|what happens|what's going on|happens|the scenes?|me|everything|all(?: the| these| those| my)? (?:films"
    r"|videos|clips))\b",
    re.I,
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
        goes_on: whether the words go on with what is talked of.
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
    goes_on: bool = False
    anywhere: bool = False


def hear(words: str, opened: Opened, names: Names, conversation: Conversation) -> Heard:
    """Take an utterance apart."""
    reading = Reading(opened.text)
    take_names(reading, names, several=len(conversation.latest) > 1)
    take_times(reading)
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
        anywhere=anywhere(opened.text),
    )


def _the_other(reference: Reference, excluded: Excluded, conversation: Conversation) -> Reference:
    """Return a reference, where it is "the other" of those of which one was excluded with the one that is left."""
    if reference.kind != "other" or not excluded.moments:
        return reference
    return reference_to(
        "other", reference.words, tuple(t for t in conversation.choice if t.moment not in excluded.moments)
    )


def content_of(text: str) -> str:
    """Return the words to search for: no slots, no scaffolding, nothing that only says how to tell it."""
    bare = plain(text)
    if asks_nothing(bare):
        return ""
    if _SUMMARY_WORDS.search(bare):
        without = _SUMMARY_WORDS.sub(" ", bare)
        bare = " ".join(without.split()) if asks_summary(bare) else bare
    bare = re.sub(r"\s+(?:and|or|in|on|at|of|from|with|to|by)(?:\s+(?:the|a))?$", "", bare, flags=re.I)
    bare = re.sub(r"^(?:\W|\b(?:and|but|or|so|now|then|ok|also|only|just|too|there)\b)+", "", bare, flags=re.I)
    bare = re.sub(
        r"^(?:i|we)(?:'d| would)? (?:only |just |really )*(?:want|need|like|meant?)\s+(?=(?:an?|the|some|one"
        r"|two|three|any|all|every)\b)",
        "",
        bare,
        flags=re.I,
    )
    stripped = strip(re.sub(SLOT, " ", bare)).query
    return stripped.strip(" ,;:.!?")
