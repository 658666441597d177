"""Further moments like one that was shown: a turn of the conversation that needs no planner.

Its moments get handles like those of any answer, so that they can be asked about.
"""

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import prompts
from bot.dialogue.composing import templates
from bot.dialogue.composing.citations import check
from bot.dialogue.composing.templates import Sentence, Shown
from bot.dialogue.conversation import Conversation, Turn
from bot.dialogue.events import Answered, Event, Found, Searching, Writing
from bot.dialogue.messages import Answer, Verdict
from bot.dialogue.storing.base import ConversationStore
from bot.errors import UnknownMoment
from bot.tools.moments import moments_like
from bot.tools.shelf import piece_of_hit
from bot.tools.view import View
from retrieval.types import Hit, TextSource

MOST = 5
"""Further moments that are shown at once; asking again shows others."""

SEARCHED = 50
"""Moments that are searched for beside those shown before."""


def more_like(handle: int, conversation_id: str, store: ConversationStore, view: View) -> Iterator[Event]:
    """Yield what happens until the answer: moments like the one of a handle that were not shown before.

    Raises:
        UnknownConversation: there is none of that id.
        UnknownMoment: it has shown no moment of that handle.
        NotInLibrary: the moment is gone or not visible.
    """
    started, conversation = time.perf_counter(), store.recall(conversation_id)
    if handle not in conversation.shown:
        raise UnknownMoment(handle)
    asked = f"more like [{handle}]"
    yield Searching(asked)
    pieces = [piece_of_hit(hit, "") for hit in _further(handle, conversation, view)]
    shown = templates.numbered(pieces, conversation)
    yield Found(len(shown))
    seconds = {"search": round(time.perf_counter() - started, 4)}
    marks, said, sources = {handle, *(one.citation.handle for one in shown)}, [], list[TextSource]()
    for sentence in _sentences(handle, shown, sources):
        said.append(check(sentence.text, marks).text)
        yield Writing(said[-1])
    verdict: Verdict = "answered" if shown else "not_found"
    citations, text = tuple(one.citation for one in shown), "\n".join(said)
    store.append(conversation_id, Turn(asked, "find", "", text, verdict, datetime.now(UTC), citations))
    told = Answer(text, verdict, conversation_id, "find", "", citations=citations, seconds=seconds)
    yield Answered(told)


def _further(handle: int, conversation: Conversation, view: View) -> list[Hit]:
    """Return hits like a moment, those shown before left out."""
    known = {citation.moment_id for citation in conversation.shown.values()}
    found = moments_like(view, conversation.shown[handle].moment_id, SEARCHED + min(len(known), SEARCHED))
    return [hit for hit in found.hits if hit.moment.moment_id not in known][:MOST]


def _sentences(handle: int, shown: Sequence[Shown], sources: list[TextSource]) -> Iterator[Sentence]:
    """Yield what is said; `sources` grows meanwhile."""
    yield Sentence(prompts.render("more_like", handle=handle, count=len(shown)))
    for sentence in templates.quote_moments(shown, ""):
        sources += sentence.sources
        yield sentence
    if shown:
        yield templates.closing(sources)
