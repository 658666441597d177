"""The tools as LangChain tools: name, help and schema for a language model that works with them.

What may be seen is bound in the view and is no argument. Moments are told by their handles and without times: a model
cites handles, and times are put in by the program. Whatever a tool tells is fenced; errors are told, never raised.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Literal, Protocol

from langchain_core.tools import BaseTool, StructuredTool
from pydantic import BaseModel, ConfigDict, Field

from bot.errors import AssistantError
from bot.tools.moments import FrameQuestion, Side, compare_moments, look_at_moment, moments_around, search_moments
from bot.tools.pieces import Piece, piece_of_hit
from bot.tools.videos import describe_video, list_videos
from bot.tools.view import SearchLimits, View
from bot.untrusted import defused, fenced
from retrieval.errors import LibraryError
from retrieval.searching.query import Query
from retrieval.searching.search import SearchResult

MOST_TOLD = 5
"""Moments that one call tells of."""

MOST_LISTED = 30
"""Videos that one call lists."""

LONGEST_TEXT = 160
"""Characters that are told of one text."""

_MARK = re.compile(r"\[\s*(\d+)\s*\]")


class ToolNotes(Protocol):
    """Remembers what the tools told a model of: only that can be cited."""

    def handle(self, piece: Piece) -> int:
        """Return the handle of a moment that is told of."""
        ...

    def moment_id(self, named: str) -> str:
        """Return the id of the moment with this handle; whatever is no handle comes back as it is."""
        ...

    def query(self, words: str) -> Query:
        """Return what is asked for by words of a model."""
        ...

    def searched(self, found: SearchResult) -> bool:
        """Take note of a search, and tell whether it found what was asked."""
        ...


class _Arguments(BaseModel):
    model_config = ConfigDict(coerce_numbers_to_str=True, extra="forbid")


Words = Annotated[str, Field(max_length=300)]
Name = Annotated[str, Field(max_length=300)]
MOMENT = "Number of a moment as the tools told it, e.g. 3."
VIDEO = "Id of a video as list_videos tells it."


class SearchMoments(_Arguments):
    """What to search for."""

    query: Words = Field(description="What happens, is said or is written in the moment, in a few words.")
    video: Name = Field(default="", description=f"{VIDEO} Empty for all videos.")
    without: list[Words] = Field(default=[], max_length=5, description="Words that must not occur.")


class MomentsAround(_Arguments):
    """Where to go from a moment."""

    moment: Name = Field(description=MOMENT)
    side: Side = Field(description="before or after the moment, or during: the moment itself.")


class Nothing(_Arguments):
    """No argument."""


class DescribeVideo(_Arguments):
    """Which video."""

    video: Name = Field(description=VIDEO)


class CompareMoments(_Arguments):
    """Which moments."""

    moments: list[Name] = Field(min_length=2, max_length=MOST_TOLD, description="Numbers of moments.")


class LookAtMoment(_Arguments):
    """What to look for."""

    moment: Name = Field(description=MOMENT)
    question: Words = Field(description="What to look for in the picture, as a question.")


ToolName = Literal[
    "search_moments", "look_at_moment", "moments_around", "list_videos", "describe_video", "compare_moments"
]


def offered(view: View, notes: ToolNotes, look: FrameQuestion | None) -> list[BaseTool]:
    """Return the tools for one answer; without somebody who looks, the one for looking is left out."""
    desk = _Desk(view, notes, look)
    tools: list[tuple[ToolName, Callable[..., str], str, type[BaseModel]]] = [
        ("search_moments", desk.search, "Find moments by words: what happens, is said, or is written.", SearchMoments),
        ("moments_around", desk.around, "Tell what comes right before or after a moment.", MomentsAround),
        ("list_videos", desk.videos, "List the videos with their ids and lengths.", Nothing),
        ("describe_video", desk.describe, "Tell what a video shows, by moments spread over it.", DescribeVideo),
        ("compare_moments", desk.compare, "Put moments side by side: lengths and texts.", CompareMoments),
    ]
    if look is not None:
        tools.append(("look_at_moment", desk.look, "Look at the picture of a moment for a question.", LookAtMoment))
    return [
        StructuredTool.from_function(_telling(function), name=name, description=text, args_schema=schema)
        for name, function, text, schema in tools
    ]


class _Desk:
    """Answers the calls of one model for the time of one answer."""

    def __init__(self, view: View, notes: ToolNotes, look: FrameQuestion | None) -> None:
        self._view, self._notes, self._look = view, notes, look

    def search(self, query: str, video: str = "", without: Sequence[str] = ()) -> str:
        limits = SearchLimits(without=tuple(word for said in without for word in re.findall(r"\w+", said)))
        plain = " ".join(re.findall(r"\w[\w'-]*", query))
        where = limits.only(self._video(video)) if video else limits
        found = search_moments(self._view, self._notes.query(plain), where, MOST_TOLD)
        if not self._notes.searched(found):
            return "Nothing in the library matches."
        return self._moments([piece_of_hit(hit, plain) for hit in found.hits])

    def around(self, moment: str, side: Side) -> str:
        piece = moments_around(self._view, self._notes.moment_id(moment), side)
        return self._moments([piece]) if piece else f"Nothing comes {side} it: the video is over there."

    def videos(self) -> str:
        videos = list_videos(self._view)
        lines = [
            f"id {video.video_id}, title {video.title}, {video.duration:.0f} seconds" for video in videos[:MOST_LISTED]
        ]
        more = len(videos) - len(lines)
        return fenced("videos", lines) + (f"\n{more} more are not listed." if more else "")

    def describe(self, video: str) -> str:
        told = describe_video(self._view, self._video(video), most=MOST_TOLD)
        return f"{len(told.moments)} moments, {told.video.duration:.0f} seconds.\n{self._moments(told.pieces)}"

    def compare(self, moments: Sequence[str]) -> str:
        return self._moments(compare_moments(self._view, [self._notes.moment_id(moment) for moment in moments]))

    def look(self, moment: str, question: str) -> str:
        assert self._look is not None, "the tool is offered only where somebody looks"
        piece, seen = look_at_moment(self._view, self._look, self._notes.moment_id(moment), question)
        handle = self._notes.handle(piece)
        if not seen:
            return f"The picture of [{handle}] does not show it."
        return fenced(f"what was seen in the picture of [{handle}]", [_unmarked(seen)])

    def _moments(self, pieces: Iterable[Piece]) -> str:
        lines = [line for piece in pieces for line in self._lines(piece)]
        return fenced("moments; cite the number in brackets", lines) if lines else "No moment."

    def _lines(self, piece: Piece) -> Iterable[str]:
        head = f"[{self._notes.handle(piece)}] in {_unmarked(piece.title)}, {piece.span.duration:.0f} seconds"
        texts = [f"{text.source}: {_unmarked(text.text)}" for text in piece.moment.texts[:3]]
        return (head, *texts) if texts else (f"{head}, no text",)

    def _video(self, named: str) -> str:
        """Return the id of a visible video from its id as it was told; whatever else it may be comes back."""
        told = {defused(video.video_id): video.video_id for video in self._view.videos()}
        return told.get(defused(named), named)


def _unmarked(text: str) -> str:
    """Return a text of others, short, and without what looks like a handle."""
    return _MARK.sub(r"(\1)", defused(text, LONGEST_TEXT))


def _telling(function: Callable[..., str]) -> Callable[..., str]:
    """Return a tool's function that tells what went wrong instead of raising it."""

    def call(**arguments: object) -> str:
        try:
            return function(**arguments)
        except (LibraryError, AssistantError) as error:
            return f"That did not work: {defused(error.message)}"

    return call
