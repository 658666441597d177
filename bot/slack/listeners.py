"""Listeners: what Slack tells is put into the inbox, and then acknowledged. Nothing is answered here."""

import logging
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bot.dialogue.reading.utterance import asked
from bot.slack import pressing
from bot.slack.addressing import corrects, order_in
from bot.slack.commands import Commands, added_with
from bot.slack.inbox import Inbox, Put
from bot.slack.incoming import Incoming, Payload, changed, commanded, deleted, pointed_at, pressed, said
from bot.slack.jobs import JobKind, SlackJob
from bot.slack.notices import LISTEN, QUIET, edited, followed, stopped
from bot.slack.places import Places
from bot.slack.posts import Post
from bot.slack.threads import Mode, Threads

if TYPE_CHECKING:
    from slack_bolt import App

log = logging.getLogger(__name__)

Whisper = Callable[[SlackJob, Post], None]
Ack = Callable[..., object]

SHORTCUT = "ask_about_this"
ADD = "add_to_collection"
COMMAND = "/videos"


@dataclass(frozen=True, slots=True)
class Identity:
    """What the app is, for its listeners: its workspace, its own id as a user, and what it is called."""

    workspace: str
    bot: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listeners:
    """Takes what Slack tells.

    Attributes:
        heard: what the app is.
        inbox: takes what is to be done.
        threads: those that the app was called into.
        places: forgets people who changed.
        commands: reads what is typed after a slash.
        whisper: tells a person something, without delay for Slack.
        refuse: tells a person that something was not taken, and why.
        greet: shows what can be asked, in a direct message.
        removed: is called where the app was taken out of the workspace.
        now: tells the time, in seconds since 1970.
    """

    heard: Identity
    inbox: Inbox
    threads: Threads
    places: Places
    commands: Commands
    whisper: Whisper
    refuse: Callable[[SlackJob, Put], None]
    greet: Callable[[str, str], None]
    removed: Callable[[], None]
    now: Callable[[], float] = time.time

    def register(self, app: "App") -> None:
        """Let an app of Bolt call these listeners."""
        app.event("app_mention")(self.on_message)
        app.event("message")(self.on_message)
        app.event("app_home_opened")(self.on_home_opened)
        app.event("user_change")(self.on_user_changed)
        app.event("app_uninstalled")(self.on_removed)
        app.event("tokens_revoked")(self.on_removed)
        for action in pressing.ACTIONS:
            app.action(re.compile(rf"{re.escape(action)}(?:_\d+)?"))(self.on_pressed)
        for action in (LISTEN, QUIET):
            app.action(action)(self.on_told)
        app.action("open_at")(self.on_opened)
        app.command(COMMAND)(self.on_command)
        app.shortcut(SHORTCUT)(self.on_shortcut)
        app.shortcut(ADD)(self.on_add)

    def on_message(self, body: dict[str, Any]) -> None:
        """Take what a person says, changes or deletes."""
        if (change := changed(body, self.heard.bot)) is not None:
            self._changed(change)
        elif (gone := deleted(body)) is not None:
            self._deleted(*gone)
        elif (heard := said(body, self.heard.bot)) is not None:
            self._said(heard)

    def on_home_opened(self, body: dict[str, Any]) -> None:
        """Show what can be asked, where somebody opens the messages of the app."""
        event: Payload = body.get("event") or {}
        if event.get("tab") == "messages" and event.get("channel") and event.get("user"):
            self.greet(str(event["channel"]), str(event["user"]))

    def on_user_changed(self, body: dict[str, Any]) -> None:
        """Forget what a person was."""
        user = (body.get("event") or {}).get("user")
        self.places.forget(str(user.get("id") if isinstance(user, Mapping) else user))

    def on_removed(self, body: dict[str, Any]) -> None:
        """End, where the app was taken out of the workspace or its token was taken back."""
        tokens = (body.get("event") or {}).get("tokens")
        if tokens is None or tokens.get("bot"):
            self.removed()

    def on_pressed(self, ack: Ack, body: dict[str, Any]) -> None:
        """Take a button that was pressed below an answer."""
        push = pressed(body)
        try:
            number = pressing.number_of(push) if push else 0
        except ValueError:
            number = 0
        of = self.inbox.job(number)
        if push and of and push.person and (made := pressing.job_for(push, number, of.job)) is not None:
            self._put(made)
        ack()

    def on_told(self, ack: Ack, body: dict[str, Any]) -> None:
        """Take that a thread is to be quiet, or to listen."""
        push = pressed(body)
        if push is not None:
            thread = push.value.replace("-", ".")
            self._tell(push.channel, thread, push.person, "quiet" if push.action == QUIET else "listen")
        ack()

    def on_opened(self, ack: Ack) -> None:
        """Take that somebody follows a link."""
        ack()

    def on_command(self, ack: Ack, body: dict[str, Any]) -> None:
        """Take what is typed after a slash."""
        typed = commanded(body, f"{self.now():.6f}")
        job, told = self.commands.read(typed, self.heard.workspace)
        if job is not None:
            self._put(job)
        ack(**({"response_type": "ephemeral", **told.payload()} if told is not None else {}))

    def on_shortcut(self, ack: Ack, body: dict[str, Any]) -> None:
        """Take a message that somebody wants to ask about."""
        about = pointed_at(body)
        if about.text or about.files:
            self._put(self.commands.asking(about, about.text, self.heard.workspace))
        ack()

    def on_add(self, ack: Ack, body: dict[str, Any]) -> None:
        """Take a message whose videos are to be added to a collection."""
        about = pointed_at(body)
        self._put(self.commands.adding(about, self.heard.workspace))
        ack()

    def _said(self, heard: Incoming) -> None:
        order, rest = order_in(heard.text)
        is_for_us = heard.is_direct or heard.mentions_us
        follows = not is_for_us and bool(heard.thread) and self._follows(heard, is_woken=order == "listen" and not rest)
        if not is_for_us and (not follows or heard.mentions_others):
            return
        if is_for_us and heard.videos:
            self._put(added_with(self._asked(heard, "add"), heard.videos))
            if not heard.files and not asked(heard.text).asks:
                return
        if self.inbox.knows(f"{heard.channel}/{heard.message}"):
            return
        job = self._asked(heard, "ask" if is_for_us else "heard")
        if not order and not corrects(heard.text):
            self._put(job)
            return
        is_new = self.inbox.is_new(f"{job.event}/order")
        if order in ("quiet", "listen"):
            if is_new:
                self._tell(heard.channel, heard.root, heard.person, "quiet" if order == "quiet" else "listen")
        elif is_new and self._stopped(job, is_order=bool(order)):
            job = replace(job, kind="ask")
        if rest:
            self._put(replace(job, words=rest))

    def _follows(self, heard: Incoming, is_woken: bool) -> bool:
        """Tell whether a message without a mention may be for the app: also one that wakes it where it is quiet."""
        known = self.threads.thread(heard.channel, heard.thread) if is_woken else None
        return self.threads.follows(heard.channel, heard.thread) or (known is not None and known.mode == "quiet")

    def _stopped(self, job: SlackJob, is_order: bool) -> bool:
        """Stop what is done in the conversation of a job, on an order also what waits; tell whether there was any."""
        if not is_order:
            return self.inbox.steer(job.queue, "stop")
        was = self.inbox.stop(job.queue, job.person, job.message)
        if was == "waiting":  # nobody works on it who could say so
            self.whisper(replace(job, thread="" if job.thread == job.message else job.thread), stopped())
        return bool(was)

    def _asked(self, heard: Incoming, kind: JobKind) -> SlackJob:
        conversation = self._conversation(heard)
        return SlackJob(
            event=f"{heard.channel}/{heard.message}",
            kind=kind,
            queue=f"{heard.channel}/{conversation}",
            workspace=self.heard.workspace,
            channel=heard.channel,
            thread=heard.root,
            message=heard.message,
            person=heard.person,
            team=heard.team or self.heard.workspace,
            conversation=conversation,
            words=heard.text,
            files=heard.files,
            look=heard.look,
        )

    def _conversation(self, heard: Incoming) -> str:
        """Return which conversation a message goes on with: that of its thread, or of the talk in a direct message."""
        known = self.threads.thread(heard.channel, heard.root)
        if known is None and heard.is_direct and not heard.thread:
            known = self.threads.latest(heard.channel)
        conversation = heard.root if known is None else known.conversation
        if heard.is_direct or heard.mentions_us:
            self.threads.call(heard.channel, heard.root, conversation, heard.is_direct or not heard.thread)
        return conversation

    def _changed(self, heard: Incoming) -> None:
        """Take a question that was changed: one that waits is asked as it is now, one that was taken can be again."""
        for kept in self.inbox.of_message(heard.channel, heard.message):
            job = kept.job
            if job.kind not in ("ask", "heard") or job.words == heard.text:
                continue
            now = replace(job, words=heard.text)
            if not self.inbox.change(kept.number, now) and (kept.turn or kept.state == "running"):
                self.inbox.replace(kept.number, now)
                self.whisper(job, edited(str(kept.number)))

    def _deleted(self, channel: str, message: str) -> None:
        """Take that a question was deleted: it is not answered, and an answer is forgotten."""
        for kept in self.inbox.of_message(channel, message):
            if kept.job.kind in ("ask", "heard"):
                self.inbox.drop(kept.number)
                event = f"{kept.job.event}/forget"
                self._put(replace(kept.job, event=event, kind="forget", of=kept.number, words=""))

    def _tell(self, channel: str, thread: str, person: str, mode: Mode) -> None:
        self.threads.tell(channel, thread, mode)
        told = followed(thread.replace(".", "-"), mode == "listen")
        of = SlackJob("", "ask", "", self.heard.workspace, channel, thread, thread, person, "", thread)
        self.whisper(of, told)

    def _put(self, job: SlackJob) -> None:
        became = self.inbox.put(job)
        if became not in ("taken", "known"):
            self.refuse(job, became)
