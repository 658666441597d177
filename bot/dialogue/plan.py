"""What the assistant decided to do with an utterance. A value."""

from dataclasses import dataclass
from typing import Literal

from bot.dialogue.messages import Filters
from retrieval.types import TimeSpan

Act = Literal["find", "ask", "list_videos", "describe_video", "chat", "clarify"]
Direction = Literal["before", "after"]
Chat = Literal["greeting", "thanks", "farewell", "help"]
Unclear = Literal["reference", "video", "question"]
"""What to ask back for: which moment, which video, or what to look for at all."""

OPEN_END = 1e7
"""Stands for "to the end" in a span of time, in seconds: longer than any video."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do.

    Attributes:
        act: what kind of reply is wanted.
        words: the user's own words.
        query: the words to search for, standing on their own: no scaffolding, nothing that needs the past.
        videos: ids of the videos that the user named; the search stays in them.
        focus: id of the video that the talk is about; searched first, then everything.
        within: the stretch of time that the user named.
        anchor: id of the moment that the user points at.
        direction: whether the moment before or after the anchor is wanted.
        chat: which small talk.
        unclear: what to ask back for.
        reference: the user's words for what is unclear.
        choices: ids of the videos to choose from.
    """

    act: Act
    words: str
    query: str = ""
    videos: tuple[str, ...] = ()
    focus: str | None = None
    within: TimeSpan | None = None
    anchor: str | None = None
    direction: Direction | None = None
    chat: Chat | None = None
    unclear: Unclear | None = None
    reference: str = ""
    choices: tuple[str, ...] = ()

    @property
    def filters(self) -> Filters:
        """What the plan narrows the search to, for people and programs."""
        return Filters(
            videos=self.videos or ((self.focus,) if self.focus else ()),
            start=self.within.start if self.within else None,
            end=self.within.end if self.within and self.within.end < OPEN_END else None,
            before=self.anchor if self.direction == "before" else None,
            after=self.anchor if self.direction == "after" else None,
        )
