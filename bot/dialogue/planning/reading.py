"""An utterance while it is read: the words still to be understood, with a slot where each thing understood was.

A slot is a character that nobody writes, so that later rules can see what stood where: "not in SLOT", "before SLOT".
"""

import re
from dataclasses import dataclass, field
from typing import Literal

from bot.dialogue.plan import Reference, Relation

_FIRST = 0xE000
_LAST = 0xF8FF
_PER_KIND = 0x200

LONGEST_READ = 2_000
"""Characters of an utterance that are read: nobody asks at such length, and patterns take their time."""

MOST_SLOTS = 30
"""Slots of one kind; nobody points at more at once."""

Kind = Literal["name", "reference", "stretch"]
_KINDS: tuple[Kind, ...] = ("name", "reference", "stretch")

NAME, REFERENCE, STRETCH = (
    f"[{chr(_FIRST + number * _PER_KIND)}-{chr(_FIRST + (number + 1) * _PER_KIND - 1)}]" for number in range(3)
)
"""Patterns of one slot each."""
SLOT = f"[{chr(_FIRST)}-{chr(_LAST)}]"

_LEADING = re.compile(
    rf"(?:\b(?:in|at|from|of|about|to|on|during|within|inside|for|with|by|is|back to|and|till|as)\s+)?{SLOT}", re.I
)


@dataclass(frozen=True, slots=True)
class Named:
    """Videos that were named; more than one where several bear the name."""

    videos: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time by the clock, in seconds.

    `start` below zero counts from the end of the video; `share` is the part of the video at which it begins.
    """

    relation: Relation
    start: float | None = None
    end: float | None = None
    share: float | None = None


Slot = Named | Reference | Stretch


@dataclass(slots=True)
class Reading:
    """The words left, and what was understood."""

    text: str
    slots: dict[str, Slot] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.text = re.sub(SLOT, " ", self.text[:LONGEST_READ])

    def put(self, start: int, end: int, slot: Slot) -> None:
        """Put a slot where something was understood."""
        kind = ("name", "reference", "stretch")[_number(slot)]
        taken = sum(1 for one in self.slots.values() if _number(one) == _KINDS.index(kind))
        if taken >= MOST_SLOTS:
            self.cut(start, end)
            return
        character = chr(_FIRST + _number(slot) * _PER_KIND + taken)
        self.slots[character] = slot
        self.text = f"{self.text[:start].rstrip()} {character} {self.text[end:].lstrip()}".strip()

    def leave_out(self, text: str) -> bool:
        """Turn a stretch that is to be left out into the rest of the video; tell whether the text is one."""
        slot = next((one for one in text if isinstance(self.slots.get(one), Stretch)), None)
        stretch = self.slots[slot] if slot else None
        if slot is None or not isinstance(stretch, Stretch) or stretch.share is not None:
            return False
        if stretch.relation in ("until", "from_start"):
            self.slots[slot] = Stretch("since", stretch.end)
        elif stretch.relation == "since":
            self.slots[slot] = Stretch("until", None, stretch.start)
        else:
            return False
        return True

    def cut(self, start: int, end: int) -> None:
        """Take words out."""
        self.text = f"{self.text[:start].rstrip()} {self.text[end:].lstrip()}".strip()

    def names(self, text: str) -> tuple[str, ...]:
        """Return the videos named in a part of the text."""
        found = (self.slots.get(character) for character in text)
        return tuple(dict.fromkeys(video for slot in found if isinstance(slot, Named) for video in slot.videos))

    def ambiguous(self, text: str) -> tuple[str, ...]:
        """Return the videos that share the first name that several bear."""
        found = (self.slots.get(character) for character in text)
        return next((slot.videos for slot in found if isinstance(slot, Named) and len(slot.videos) > 1), ())

    def references(self, text: str) -> tuple[Reference, ...]:
        """Return the references in a part of the text, in order."""
        return tuple(slot for slot in map(self.slots.get, text) if isinstance(slot, Reference))

    def stretch(self, text: str) -> Stretch | None:
        """Return the first stretch of time in a part of the text."""
        return next((slot for slot in map(self.slots.get, text) if isinstance(slot, Stretch)), None)


def plain(text: str) -> str:
    """Return the words without slots and the prepositions that led to them."""
    return " ".join(re.sub(SLOT, " ", _LEADING.sub(" ", text)).split()).strip(" ,;:-")


def _number(slot: Slot) -> int:
    return 0 if isinstance(slot, Named) else 1 if isinstance(slot, Reference) else 2
