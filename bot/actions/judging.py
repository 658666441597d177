"""Keeping what a person thinks of an answer, or of a moment that it showed."""

from datetime import UTC, datetime

from bot.dialogue.storing.feedback import OPINIONS, Feedback, Opinion, feedback_on
from bot.dialogue.storing.naming import JudgedStore
from bot.errors import UsageError


def judge(
    store: JudgedStore, conversation_id: str, opinion: Opinion, handle: int | None = None, words: str = ""
) -> Feedback:
    """Keep an opinion of the last turn, or of a moment as the last turn that cites it showed it; return it.

    Raises:
        UsageError: it is neither good nor bad.
        UnknownConversation: there is none of that id.
        UnknownMoment: it has shown no such moment.
    """
    if opinion not in OPINIONS:
        raise UsageError(f"{opinion!r} is not an opinion", f"Give one of: {', '.join(OPINIONS)}.")
    number, turn = store.latest(conversation_id, handle)
    kept = feedback_on(conversation_id, number, turn, handle, opinion, words, datetime.now(UTC))
    store.judge(kept)
    return kept
