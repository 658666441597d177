"""The core of the assistant: an utterance goes in, events come out, and the turn is stored.

plan -> retrieve -> compose -> check -> save. Nothing unchecked is ever shown.
"""

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import chain

from bot.dialogue import compose, replies
from bot.dialogue.citations import check
from bot.dialogue.compose import Sentence, Shown
from bot.dialogue.conversation import Conversation, Turn
from bot.dialogue.events import Answered, Clarifying, Event, Failed, Found, Searching, Understood, Writing
from bot.dialogue.gather import MOST_QUOTED, Gathered, Gatherer
from bot.dialogue.messages import Answer, Citation, Utterance
from bot.dialogue.plan import Plan
from bot.dialogue.planner import Planner
from bot.dialogue.remembering import notice
from bot.dialogue.replies import Reply
from bot.dialogue.store import ConversationStore
from bot.errors import AssistantError, UnknownConversation, problem_of
from bot.tools.shelf import Piece, Searcher, Shelf
from bot.tools.videos import describe_video
from bot.tools.view import spread
from retrieval.errors import LibraryError
from retrieval.types import TextSource, Video


@dataclass(slots=True)
class _Stages:
    """How long each stage took, in seconds."""

    taken: dict[str, float] = field(default_factory=dict)
    _since: float = field(default_factory=time.perf_counter)

    def done(self, stage: str) -> None:
        now = time.perf_counter()
        self.taken[stage], self._since = round(now - self._since, 4), now


@dataclass(frozen=True, slots=True)
class _Written:
    """What was said, every mark checked, and what it rests on."""

    text: str
    citations: tuple[Citation, ...]
    sources: tuple[TextSource, ...]


class DialogueManager:
    """Answers utterances from one library.

    Args:
        shelf: the catalogue.
        searcher: the search.
        planner: decides what to do.
        store: keeps the conversations.
        now: tells the time.
    """

    def __init__(
        self,
        shelf: Shelf,
        searcher: Searcher,
        planner: Planner,
        store: ConversationStore,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._shelf = shelf
        self._gatherer = Gatherer(shelf, searcher)
        self._planner = planner
        self._store = store
        self._now = now

    def respond(self, utterance: Utterance) -> Iterator[Event]:
        """Yield what happens until the answer, which is stored before it is yielded.

        The last event is Answered, Clarifying or Failed; an error of the library or the assistant is the latter.
        """
        try:
            yield from self._respond(utterance)
        except (LibraryError, AssistantError) as error:
            yield Failed(problem_of(error))

    def _respond(self, utterance: Utterance) -> Iterator[Event]:
        stages = _Stages()
        conversation = self._conversation(utterance.conversation_id)
        videos = self._shelf.videos(utterance.visible)
        plan = self._planner.plan(conversation, utterance, videos)
        stages.done("plan")
        yield Understood(plan.act, plan.query, plan.filters, plan.note)
        reply = yield from self._reply(plan, conversation, utterance, videos)
        reply = replace(reply, sentences=chain(notice(conversation), reply.sentences))
        stages.done("search")
        written = yield from self._write(reply)
        stages.done("write")
        self._store.append(utterance.conversation_id, _turn(plan, reply, written, self._now()))
        stages.done("save")
        answer = _answer(plan, reply, written, utterance.conversation_id, stages.taken)
        yield Clarifying(answer) if reply.verdict == "clarify" else Answered(answer)

    def _conversation(self, conversation_id: str) -> Conversation:
        try:
            return self._store.recall(conversation_id)
        except UnknownConversation:
            return Conversation(conversation_id)

    def _reply(
        self, plan: Plan, conversation: Conversation, utterance: Utterance, videos: Sequence[Video]
    ) -> Generator[Event, None, Reply]:
        """Return what to say, having looked it up."""
        if known := _known(plan, conversation, videos):
            return known
        if plan.act == "describe_video":
            return self._description(plan, conversation, utterance.visible)
        yield Searching(plan.query)
        gathered = self._gathered(plan, utterance, videos)
        yield Found(len(gathered.pieces))
        titles = {video.video_id: replies.title_of(video) for video in videos}
        if gathered.outcome == "edge" and gathered.anchor:
            return replies.edge(plan, titles[gathered.anchor.video_id])
        shown = _numbered(gathered.pieces, conversation)
        if plan.act == "compare":
            return replies.comparing(plan, gathered, shown, [v for v in videos if v.video_id in plan.videos])
        if not gathered.pieces:
            return replies.nothing(plan, gathered, [titles[video] for video in plan.videos])
        if plan.act == "count":
            return replies.counting(plan, gathered, shown)
        if plan.act == "summarise":
            return replies.summarising(plan, gathered, shown)
        return replies.quoting(plan, gathered, shown)

    def _gathered(self, plan: Plan, utterance: Utterance, videos: Sequence[Video]) -> Gathered:
        """Return the moments that an act is about."""
        visible = utterance.visible
        if plan.act == "compare":
            pieces = self._gatherer.pointed(plan, visible)
            named = [self._gatherer.best_in(plan, video, visible) for video in plan.videos]
            return _complete([*pieces, *(piece for piece in named if piece)])
        if plan.act == "summarise" and plan.pointed:
            return _complete(self._gatherer.pointed(plan, visible))
        if plan.act == "summarise" and plan.videos and not plan.query:
            return _complete(self._gatherer.moments_of(plan, visible))
        if plan.act == "summarise" and not plan.query:
            told = [self._gatherer.best_in(plan, video.video_id, visible) for video in videos]
            return _complete([piece for piece in told if piece])
        return self._gatherer.gather(plan, utterance.image, visible)

    def _description(self, plan: Plan, conversation: Conversation, visible: frozenset[str]) -> Reply:
        told = describe_video(self._gatherer.view(visible), plan.videos[0], plan.within)
        return replies.describing(told.video, told.moments, _numbered(told.pieces, conversation), told.more)

    def _write(self, reply: Reply) -> Generator[Event, None, _Written]:
        """Write sentence by sentence, each checked before it is shown."""
        known = {one.citation.handle: one.citation for one in reply.shown}
        said: list[str] = []
        cited: dict[int, Citation] = {}
        sources: list[TextSource] = []
        for sentence in _closed(reply, sources):
            checked = check(sentence.text, known.keys())
            cited |= {handle: known[handle] for handle in checked.handles}
            sources += sentence.sources
            said.append(checked.text)
            yield Writing(checked.text)
        return _Written("\n".join(said), tuple(cited.values()), compose.in_order(sources))


def _known(plan: Plan, conversation: Conversation, videos: Sequence[Video]) -> Reply | None:
    """Return what can be said without looking anything up."""
    if plan.act == "chat":
        return replies.small_talk(plan)
    if plan.act == "list_videos":
        return replies.listing(videos)
    if not videos:
        return replies.nothing_at_all()
    return replies.asking_back(plan, conversation, videos) if plan.act == "clarify" else None


def _closed(reply: Reply, sources: Sequence[TextSource]) -> Iterator[Sentence]:
    """Yield a reply's sentences and, where it shows moments, what they rest on; `sources` grows meanwhile."""
    yield from reply.sentences
    if reply.shown:
        yield compose.closing(sources)


def _complete(pieces: Sequence[Piece]) -> Gathered:
    """Return pieces that were not searched for: those that tell something, evenly spread where they are many."""
    once = list({piece.moment.moment_id: piece for piece in pieces}.values())
    told = [piece for piece in once if piece.moment.texts] or once
    return Gathered("found" if told else "nothing", tuple(spread(told, MOST_QUOTED)), count=len(told))


def _numbered(pieces: Sequence[Piece], conversation: Conversation) -> tuple[Shown, ...]:
    """Give each moment its handle: the one it had in this conversation, or the next."""
    handles: dict[str, int] = {}
    shown = []
    for piece in pieces:
        moment = piece.moment
        handle = handles[moment.moment_id] = conversation.handle(moment.moment_id, handles)
        place = (moment.moment_id, moment.video_id, piece.title, piece.span, piece.keyframe)
        citation = Citation(handle, *place, ranking=piece.ranking)
        shown.append(Shown(citation, moment))
    return tuple(shown)


def _turn(plan: Plan, reply: Reply, written: _Written, now: datetime) -> Turn:
    return Turn(
        asked=plan.words,
        act=plan.act,
        query=plan.query,
        answer=written.text,
        verdict=reply.verdict,
        at=now,
        citations=written.citations,
        video=reply.video,
        listed=reply.listed,
        filters=plan.filters,
    )


def _answer(plan: Plan, reply: Reply, written: _Written, conversation_id: str, seconds: dict[str, float]) -> Answer:
    return Answer(
        text=written.text,
        verdict=reply.verdict,
        conversation_id=conversation_id,
        act=plan.act,
        query=plan.query,
        filters=plan.filters,
        confidence=round(reply.confidence, 4),
        sources=written.sources,
        choices=reply.choices,
        citations=written.citations,
        seconds=seconds,
    )
