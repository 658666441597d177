"""A conversation so far: its turns, the moments shown by handle, what it is about. Pure state."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.dialogue.messages import Citation, Verdict


@dataclass(frozen=True, slots=True)
class Turn:
    """One exchange. `asked` are the user's own words, `query` is what was searched for.

    `video` is the one video that the turn was about, None where it showed several; `listed` are the videos
    that it offered, in their order: those of a list, or the choices when it asked back.
    """

    asked: str
    act: str
    query: str
    answer: str
    verdict: Verdict
    at: datetime
    citations: tuple[Citation, ...] = ()
    video: str | None = None
    listed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conversation:
    """All turns in order; new ones make a new value."""

    conversation_id: str
    turns: tuple[Turn, ...] = ()
    title: str = ""

    def with_turn(self, turn: Turn) -> "Conversation":
        """Return the conversation with one more turn; the first turn's words become its title."""
        return replace(self, turns=(*self.turns, turn), title=self.title or title_from(turn.asked))

    @property
    def last(self) -> Turn | None:
        """The latest turn."""
        return self.turns[-1] if self.turns else None

    @property
    def shown(self) -> Mapping[int, Citation]:
        """Every moment shown so far, by its handle."""
        return {c.handle: c for turn in self.turns for c in turn.citations}

    @property
    def latest_shown(self) -> tuple[Citation, ...]:
        """The moments of the latest turn that showed any, in their order."""
        return next((turn.citations for turn in reversed(self.turns) if turn.citations), ())

    @property
    def focus(self) -> Citation | None:
        """The moment that "it" and "that" mean: the first of the latest shown."""
        return self.latest_shown[0] if self.latest_shown else None

    @property
    def video(self) -> str | None:
        """The video that the conversation is about, if what was last shown is all from one."""
        return next((turn.video for turn in reversed(self.turns) if turn.video or turn.citations), None)

    @property
    def query(self) -> str:
        """What was last searched for."""
        return next((turn.query for turn in reversed(self.turns) if turn.query), "")

    def handle(self, moment_id: str, taken: Mapping[str, int]) -> int:
        """Return a moment's handle: the one it has, else the next free one.

        Args:
            moment_id: the moment.
            taken: handles given since the last turn, by moment id.
        """
        known = {c.moment_id: c.handle for c in self.shown.values()} | dict(taken)
        return known.get(moment_id, max(known.values(), default=0) + 1)


def title_from(words: str) -> str:
    """Return a conversation's first title: the words of its first utterance, at most 60 characters."""
    flat = " ".join(words.split())
    return flat if len(flat) <= 60 else flat[:59].rstrip() + "…"
