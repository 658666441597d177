"""What people think of answers, kept with the evidence that the answer had. Values, and their JSON."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from bot.dialogue.conversation import Turn
from bot.dialogue.messages import Citation
from bot.dialogue.storing.records import citation_as_data, citation_from_data, ranking_as_data
from bot.errors import UnknownMoment

Opinion = Literal["good", "bad"]
OPINIONS: tuple[Opinion, ...] = ("good", "bad")


@dataclass(frozen=True, slots=True)
class Feedback:
    """One opinion: of a turn, or where `handle` names it of one moment that the turn showed.

    `asked`, `query` and `answer` are the turn's; `moments` the one that was judged, else all that the turn cites,
    each with what found it.
    """

    conversation_id: str
    turn: int
    handle: int | None
    opinion: Opinion
    words: str
    at: datetime
    asked: str
    query: str
    answer: str
    moments: tuple[Citation, ...] = ()


class FeedbackStore(Protocol):
    """Keeps opinions, each as long as its conversation."""

    def judge(self, feedback: Feedback) -> None:
        """Keep an opinion, in one transaction; UnknownConversation where its conversation is not kept."""
        ...

    def feedback(self) -> Sequence[Feedback]:
        """Return all opinions in the order in which they were given."""
        ...


def feedback_on(
    conversation_id: str, number: int, turn: Turn, handle: int | None, opinion: Opinion, words: str, at: datetime
) -> Feedback:
    """Return an opinion with the evidence of its turn.

    Raises:
        UnknownMoment: the turn cites no moment of that handle.
    """
    moments = tuple(c for c in turn.citations if handle in (None, c.handle))
    if handle is not None and not moments:
        raise UnknownMoment(handle)
    said = " ".join(words.split())
    return Feedback(conversation_id, number, handle, opinion, said, at, turn.asked, turn.query, turn.answer, moments)


def feedback_as_data(feedback: Feedback) -> dict[str, object]:
    """Return an opinion in the shape that `vdialog feedback export` prints."""
    return {
        "conversation": feedback.conversation_id,
        "turn": feedback.turn,
        "handle": feedback.handle,
        "opinion": feedback.opinion,
        "words": feedback.words,
        "at": feedback.at.isoformat(),
        "asked": feedback.asked,
        "query": feedback.query,
        "answer": feedback.answer,
        "moments": [
            citation_as_data(c) | {"ranking": c.ranking and ranking_as_data(c.ranking)} for c in feedback.moments
        ],
    }


def feedback_to_json(feedback: Feedback) -> str:
    """Write an opinion."""
    return json.dumps(feedback_as_data(feedback), ensure_ascii=False)


def feedback_from_json(text: str) -> Feedback:
    """Read an opinion back."""
    data: dict[str, Any] = json.loads(text)
    return Feedback(
        data["conversation"],
        data["turn"],
        data["handle"],
        data["opinion"],
        data["words"],
        datetime.fromisoformat(data["at"]),
        data["asked"],
        data["query"],
        data["answer"],
        tuple(citation_from_data(moment) for moment in data["moments"]),
    )
