"""Doing what a job of the inbox asks for: a question is answered, and its events become a status, text and posts."""

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.actions.access import Access
from bot.actions.showing import shown
from bot.dialogue import events
from bot.dialogue.conversation import Turn
from bot.dialogue.messages import Answer
from bot.errors import SERVICE_MISSING, USAGE, AssistantError, Problem, UnknownConversation, UnknownMoment, problem_of
from bot.slack import notices, refusals
from bot.slack.adding import Adding, CutOff
from bot.slack.answers import AnswerPosts
from bot.slack.calls import SlackRefused, SlackUnreachable
from bot.slack.deeds import Deeds
from bot.slack.hearing import BY_PICTURE, Hearing
from bot.slack.inbox import Inbox
from bot.slack.jobs import JobKind, KeptJob, Lease, SlackJob
from bot.slack.outbox import Outbox
from bot.slack.places import Places
from bot.slack.posts import Post, Told, told
from bot.slack.scopes import Scopes
from bot.slack.served import Served
from bot.slack.streaming import AppearingAnswer, show_status
from bot.slack.threads import Threads
from bot.tools.view import EVERYWHERE
from retrieval.errors import LibraryError, MissingModel
from retrieval.types import Filter

if TYPE_CHECKING:
    from slack_sdk import WebClient

log = logging.getLogger(__name__)

OUTAGE_PAUSE = 30.0
"""Seconds after which a question is tried again that needs what is out of order."""

LONGEST_OUTAGE = 1800.0
"""Seconds for which a question waits for what is out of order; then it is refused."""


@dataclass(frozen=True, slots=True)
class Doer:
    """Does what jobs ask for.

    Attributes:
        served: what the app answers from.
        inbox: where the jobs are.
        outbox: posts.
        places: who asks where.
        threads: those that the app was called into.
        client: of the app.
        bot: the app's own id as a user.
        shown: makes posts of answers.
        hearing: reads what a job leaves open.
        deeds: what is no question.
        adding: takes in videos that were dropped.
        scopes: what people narrowed their questions to.
        keep_days: how long what is done is kept.
        outage_pause: seconds after which a question is tried again that waits for what is out of order.
        now: tells the time, in seconds since 1970.
    """

    served: Served
    inbox: Inbox
    outbox: Outbox
    places: Places
    threads: Threads
    client: "WebClient"
    bot: str
    shown: AnswerPosts
    hearing: Hearing
    deeds: Deeds
    adding: Adding
    scopes: Scopes
    keep_days: float
    outage_pause: float = OUTAGE_PAUSE
    now: Callable[[], float] = time.time

    def do(self, lease: Lease, cancel: threading.Event) -> float | None:
        """Do what a job asks for; where nothing can be said there, tell who wanted it for all to see."""
        try:
            return self._done(lease, cancel)
        except SlackRefused as error:
            job = lease.job
            if error.is_gone and job.reply_to and not job.hidden:
                self.outbox.whisper(job.channel, job.thread, job.person, refusals.not_a_member(), job.reply_to)
            raise

    def _done(self, lease: Lease, cancel: threading.Event) -> float | None:
        if lease.result is not None:
            self._deliver(lease, _read(lease.result))
            return None
        if (person := self.places.person(lease.job.person)) is not None and person.is_bot:
            return None  # two apps that answer each other never end
        access = self._access(lease.job)
        if lease.job.kind == "adding":
            return self._added(lease, access, cancel)
        if (deed := (self.deeds.by_kind | self.adding.by_kind).get(lease.job.kind)) is not None:
            if (answer := deed(lease, access)) is not None:
                self._deliver(lease, Told((answer,)))
            return None
        return self._asked(lease, access, cancel)

    def give_up(self, lease: Lease, error: BaseException | None) -> None:
        """Say that it could not be done, and under which reference the log tells more."""
        problem = problem_of(error) if error else Problem("unexpected", "", "", 1)
        self._deliver(lease, Told((self._told_of(problem, error, lease.job.kind),)))

    def tell_place(self, kept: KeptJob, before: int) -> None:
        """Say how many questions are before one that waits."""
        if not kept.job.hidden and kept.job.kind in ("ask", "more", "only"):
            show_status(self.client, kept.job.channel, kept.job.thread, notices.waiting(before))

    def expire(self) -> None:
        """Forget what is too old to be kept."""
        self.inbox.expire(self.keep_days)
        self.threads.expire(self.keep_days)
        self.places.expire()
        self.served.forget(datetime.fromtimestamp(self.now(), UTC) - timedelta(days=self.keep_days))

    def _access(self, job: SlackJob) -> Access:
        """Return what may be seen where an answer goes, narrowed to what its person asked for."""
        access = self.served.at(self.places.asker(job))
        scope = self.scopes.of(job.person) if job.private else None
        return access if scope is None else access.within(frozenset({scope}))

    def _asked(self, lease: Lease, access: Access, cancel: threading.Event) -> float | None:
        """Answer a question, if it is one."""
        if lease.job.kind == "heard" and not self.hearing.is_meant(lease.number, lease.job, access):
            return None
        if (job := self.hearing.looked(lease.job)) is None:
            return None
        lease = replace(lease, job=job)
        if not access.visible:
            self._finish(lease, self._appearing(lease), Told((refusals.nothing_open(access.asker),)))
            return None
        try:
            return self._answer(lease, access, cancel)
        except (AssistantError, LibraryError) as error:
            if isinstance(error, SlackRefused | SlackUnreachable):
                raise
            return self._failed(lease, self._appearing(lease), problem_of(error), cancel)

    def _appearing(self, lease: Lease) -> AppearingAnswer:
        return AppearingAnswer(lease, self.outbox, self.client, self.bot)

    def _answer(self, lease: Lease, access: Access, cancel: threading.Event) -> float | None:
        appearing = self._appearing(lease)
        self.threads.asked(lease.job.channel, lease.job.thread)
        if lease.tries and (answer := self._stored(lease, access)) is not None:
            self._answered(lease, appearing, answer, access)
            return None
        said: list[str] = []
        for event in self._events(lease, access, cancel):
            match event:
                case events.Answered(answer) | events.Clarifying(answer):
                    self._answered(lease, appearing, answer, access)
                    return None
                case events.Stopped():
                    self._finish(lease, appearing, told("\n".join([*said, "Stopped."])))
                    return None
                case events.Failed(problem):
                    return self._failed(lease, appearing, problem, cancel)
                case events.Writing(sentence):
                    said.append(sentence)
                    appearing.write(sentence)
                case _ if stage := notices.status(event):
                    appearing.status(stage)
        raise AssertionError("a reply ends with an answer, a stop or a failure")

    def _events(self, lease: Lease, access: Access, cancel: threading.Event) -> Iterator[events.Event]:
        job, dialogue = lease.job, self.served.dialogue
        if job.kind == "more":
            return dialogue.more_like(job.handle or 0, access.said("", job.conversation, None, cancel))
        within, image, words = EVERYWHERE, self.hearing.picture(job), self.hearing.words(job, access)
        if job.kind == "only":
            turn, citation = shown(access.conversations, job.conversation, job.handle)
            within, words = Filter(videos=frozenset({citation.video_id})), turn.query or turn.asked
        if image is not None and not words:
            words = BY_PICTURE
        said = access.said(words, job.conversation, image, cancel, within)
        return dialogue.respond(replace(said, overheard=self.hearing.overheard(job)))

    def _answered(self, lease: Lease, appearing: AppearingAnswer, answer: Answer, access: Access) -> None:
        self.threads.is_over(lease.job.channel, lease.job.thread)
        turn = self._latest(lease, access)
        at = turn.at.isoformat() if turn else ""
        self._finish(lease, appearing, self.shown.reply(answer, lease, access), at)

    def _latest(self, lease: Lease, access: Access) -> Turn | None:
        try:
            return access.conversations.latest(lease.job.conversation)[1]
        except (UnknownConversation, UnknownMoment):
            return None

    def _stored(self, lease: Lease, access: Access) -> Answer | None:
        """Return the answer that an earlier try stored and did not show; None where there is none."""
        turn = self._latest(lease, access)
        if turn is None:
            return None
        is_of_it = turn.at.timestamp() >= lease.at and turn.at.isoformat() not in self.inbox.turns(lease.job.queue)
        return _answer_of(turn, lease.job) if is_of_it and not turn.stopped else None

    def _finish(self, lease: Lease, appearing: AppearingAnswer, reply: Told, turn: str = "") -> None:
        self.inbox.keep(lease, _written(reply), turn)
        appearing.finish(reply)

    def _failed(
        self, lease: Lease, appearing: AppearingAnswer, problem: Problem, cancel: threading.Event
    ) -> float | None:
        """Tell of a failure; where a service is out of order, the question waits for it until it is told to stop."""
        if problem.code == MissingModel.code and lease.job.files:
            self._finish(lease, appearing, Told((refusals.no_pictures(),)))
            return None
        if problem.exit_code != SERVICE_MISSING or problem.code == MissingModel.code:
            self._finish(lease, appearing, Told((self._told_of(problem, None),)))
            return None
        job = lease.job
        if self.now() - lease.at > LONGEST_OUTAGE:
            self._finish(lease, appearing, Told((refusals.given_up(job.words),)))
            return None
        if not job.hidden and self.threads.notice(job.channel, job.thread):
            self.outbox.post(lease, NOTICE, notices.model_down())
        if cancel.is_set() or self.inbox.beat([lease])[lease.number] == "stop":
            self._finish(lease, appearing, Told((notices.stopped(),)))
            return None
        return self.outage_pause

    def _told_of(self, problem: Problem, error: BaseException | None, kind: JobKind = "ask") -> Post:
        reference = "" if problem.exit_code == USAGE else self.served.note(problem.code, error)
        return notices.failed(refusals.told_of(problem, kind), reference)

    def _added(self, lease: Lease, access: Access, cancel: threading.Event) -> float | None:
        try:
            reply = Told((self.adding.take(lease, access, cancel),))
        except CutOff:
            return 0.0
        self.inbox.keep(lease, _written(reply))
        self._deliver(lease, reply)
        return None

    def _deliver(self, lease: Lease, reply: Told) -> None:
        self._appearing(lease).finish(reply)


NOTICE = 900
"""The part of an answer that tells of an outage."""


def _answer_of(turn: Turn, job: SlackJob) -> Answer:
    """Return a kept turn as the answer that it was."""
    return Answer(
        turn.answer,
        turn.verdict,
        job.conversation,
        turn.act,
        turn.query,
        turn.filters,
        turn.confidence,
        turn.looked,
        citations=turn.citations,
        model=turn.model,
    )


def _written(reply: Told) -> str:
    return json.dumps(asdict(reply), ensure_ascii=False)


def _read(kept: str) -> Told:
    data: dict[str, Any] = json.loads(kept)
    return Told(tuple(Post(one["text"], tuple(one["blocks"])) for one in data["posts"]), data["whole"])
