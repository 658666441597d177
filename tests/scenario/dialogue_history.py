"""What has been shown so far in a dialogue, and what references to it mean: a check on what files say."""

import re
from dataclasses import dataclass, replace

from tests.scenario.dialogue_values import Place, Reference, Turn

NUMBERS = (
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"),
    *("eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth"),
    *("nineteenth", "twentieth"),
)
_CARDINALS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMBER = re.compile(rf"\bnumber (\d+|{'|'.join(_CARDINALS)})\b")
_ORDINAL = re.compile(rf"\b({'|'.join(NUMBERS[1:])})\b")
_HANDLE = re.compile(r"(?:\[|#|\bmoment )(\d+)")
_OFFERING = ("find", "ask", "count", "compare")


@dataclass(frozen=True, slots=True)
class History:
    """What the turns so far have shown: `offered` is the latest choice of several, `latest` the latest of all.

    `named` are all videos that were shown or named, in order, each where it came up last.
    """

    shown: tuple[Place, ...] = ()
    offered: tuple[Place, ...] = ()
    latest: tuple[Place, ...] = ()
    named: tuple[str, ...] = ()

    def after(self, turn: Turn, videos: tuple[str, ...]) -> "History":
        """Return the history with one more turn; `videos` are those that a list of all would show."""
        act, filters = turn.expected.act, turn.expected.filters
        listed = videos if act == "list_videos" else turn.expected.choices
        offered = tuple(Place(video) for video in listed) or self.offered
        if act in _OFFERING and len(turn.shown) > 1:
            offered = turn.shown
        videos = dict.fromkeys([*filters.videos, *(place.video for place in turn.shown)])
        return replace(
            self,
            shown=tuple(dict.fromkeys((*self.shown, *turn.shown))),
            offered=offered,
            latest=turn.shown or self.latest,
            named=(*(video for video in self.named if video not in videos), *videos),
        )

    def means(self, reference: Reference, say: str) -> bool:
        """Tell whether a reference is to what the conventions say that its words mean."""
        choice, low = self.offered or self.shown, say.lower()
        if reference.kind == "handle":
            return reference.to in [self._nth(self.shown, int(number) - 1) for number in _HANDLE.findall(low)]
        if reference.kind == "first":
            return reference.to == choice[:1]
        if reference.kind == "last":
            return reference.to == (self.latest[-1:] if "you showed" in low else choice[-1:])
        if reference.kind == "ordinal":
            return _place(low) is None or reference.to == self._nth(choice, _place(low) or 0)
        several = [set(self.latest), set(self.shown), set(self.offered)]
        if reference.kind == "that":
            return reference.to == self.latest[:1] or set(reference.to) in several
        if reference.kind == "among":
            return set(reference.to) in several and len(reference.to) > 1
        if not reference.to:
            return reference.kind == "other" or not self.shown
        return self._loosely(reference)

    def _loosely(self, reference: Reference) -> bool:
        """Check what words alone do not decide: the film at hand or another, someone or something seen before."""
        current = self.named[-1]
        if reference.kind == "same_video":
            return reference.to == (Place(current),)
        if reference.kind == "other":
            return reference.to == tuple(map(Place, self.named[-2:-1])) or set(reference.to) < set(self.shown)
        if reference.kind == "implied":
            return reference.to in ((Place(current),), self.latest[:1])
        return set(reference.to) <= {*self.shown, Place(current)}

    @staticmethod
    def _nth(places: tuple[Place, ...], number: int) -> tuple[Place, ...]:
        return places[number : number + 1]


def _place(say: str) -> int | None:
    """Return the place that the words name, counted from 0; None where none is spelt right."""
    if found := _NUMBER.search(say):
        return int(found[1]) - 1 if found[1].isdigit() else _CARDINALS.index(found[1])
    ordinal = _ORDINAL.search(say)
    return NUMBERS.index(ordinal[1]) if ordinal else None
