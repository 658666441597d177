"""Keeping what a person thinks of an answer, or of a moment that it showed."""

from datetime import UTC, datetime

from bot.dialogue.conversation import Turn
from bot.dialogue.storing.feedback import OPINIONS, Feedback, Opinion, feedback_on
from bot.dialogue.storing.naming import JudgedStore
from bot.errors import UnknownMoment, UsageError


def judge(
    store: JudgedStore,
    conversation_id: str,
    opinion: Opinion,
    handle: int | None = None,
    words: str = "",
    turn: int | None = None,
) -> Feedback:
    """Keep an opinion of the last turn, or of a moment as the last turn that cites it showed it; return it.

    Args:
        store: keeps it.
        conversation_id: of the conversation.
        opinion: good or bad.
        handle: the moment that is judged; the whole answer where None.
        words: what the person says of it.
        turn: the number of the turn that is judged, from 1, where it is not the last.

    Raises:
        UsageError: it is neither good nor bad.
        UnknownConversation: there is none of that id.
        UnknownMoment: it has shown no such moment, or there is no such turn.
    """
    if opinion not in OPINIONS:
        raise UsageError(f"{opinion!r} is not an opinion", f"Give one of: {', '.join(OPINIONS)}.")
    number, judged = store.latest(conversation_id, handle) if turn is None else _turn(store, conversation_id, turn)
    kept = feedback_on(conversation_id, number, judged, handle, opinion, words, datetime.now(UTC))
    store.judge(kept)
    return kept


def _turn(store: JudgedStore, conversation_id: str, number: int) -> tuple[int, Turn]:
    turns = store.load(conversation_id).turns
    if not 1 <= number <= len(turns):
        raise UnknownMoment(None)
    return number, turns[number - 1]
