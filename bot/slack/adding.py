"""Adding videos that were dropped: an administrator chooses a collection and confirms, and they are taken in.

That goes by the same ingest as `vdialog ingest`. The files lie in the home before it begins, so what a restart cuts off
goes on. How far it is stands in one message of the thread, what became of it in the next.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path

from bot.actions.access import Access
from bot.errors import UsageError
from bot.rights import OWNER, TERMINAL
from bot.slack import notices
from bot.slack.calls import SlackRefused, SlackUnreachable
from bot.slack.dropped import DroppedVideo, DroppedVideos
from bot.slack.inbox import Inbox
from bot.slack.jobs import Lease
from bot.slack.outbox import Outbox, metadata
from bot.slack.places import Places
from bot.slack.posts import Post, post
from bot.slack.served import Served
from retrieval.ingest.progress import Progress

log = logging.getLogger(__name__)

PROGRESS = 700
"""The part of an answer that tells how far it is."""

EVERY = 5.0
"""Seconds from one sign of progress to the next."""

MOST = 10
"""Files of a message."""


class CutOff(Exception):
    """The process is to end: the next one goes on."""


class Adding:
    """Adds videos.

    Args:
        served: what the app answers from.
        inbox: keeps what was chosen.
        outbox: posts.
        dropped: fetches videos.
        places: knows people.
        admins: ids of those who may add videos.
        every: seconds from one sign of progress to the next.
    """

    def __init__(
        self,
        served: Served,
        inbox: Inbox,
        outbox: Outbox,
        dropped: DroppedVideos,
        places: Places,
        admins: frozenset[str],
        every: float = EVERY,
    ) -> None:
        self._served = served
        self._inbox = inbox
        self._outbox = outbox
        self._dropped = dropped
        self._places = places
        self._admins = admins
        self._every = every
        self.by_kind = {"add": self.offer, "into": self.confirm}

    def offer(self, lease: Lease, access: Access) -> Post:
        """Ask an administrator for the collection; tell anybody else whom to ask."""
        if lease.job.person not in self._admins:
            return self._whom_to_ask()
        videos, wrong = self._looked_at(lease)
        if videos:
            names, reply = [one.shown for one in videos], str(lease.number)
            return notices.into_which(names, wrong, self._collections(access), reply)
        return post("\n".join(wrong) or "There is no file with this message.")

    def confirm(self, lease: Lease, access: Access) -> Post:
        """Ask whether the videos are to go into the collection that was chosen."""
        if lease.job.person not in self._admins:
            return self._whom_to_ask()
        collections, number = self._collections(access), lease.job.handle or 0
        if not 0 < number <= len(collections):
            return post("Nothing was added.")
        chosen = collections[number - 1]
        self._inbox.replace(lease.number, replace(lease.job, words=chosen))
        return notices.adding_to(chosen, len(lease.job.files), str(lease.number))

    def take(self, lease: Lease, access: Access, cancel: threading.Event) -> Post:
        """Take videos in, and return what became of each.

        Raises:
            CutOff: it is to go on later.
        """
        job = lease.job
        if job.person not in self._admins:
            return self._whom_to_ask()
        videos, wrong = self._looked_at(lease)
        board = _Board(lease, self._outbox, cancel, self._every)
        there: dict[Path, DroppedVideo] = {}
        for video in videos:
            board.show(f"Fetching {video.shown}…")
            try:
                path = self._dropped.fetch(video, lambda: not cancel.is_set())
            except UsageError as error:
                wrong.append(_sentence(error.message))
                continue
            board.go_on()
            there[path] = video
        reports = self._served.take_in(list(there), job.words, board.on_progress) if there else ()
        if not cancel.is_set():
            board.show("Done.")
        for report in reports:
            if report.verdict == "refused":
                self._dropped.delete(report.path)
        told = [notices.added(one, there[one.path].shown) for one in reports if one.path in there]
        is_open = job.words in access.visible
        return post("\n".join([*told, *wrong, *(() if is_open or not told else (notices.CLOSED,))]))

    def _looked_at(self, lease: Lease) -> tuple[list[DroppedVideo], list[str]]:
        """Return the videos that can be added, and why others cannot."""
        videos, wrong = [], []
        for file in lease.job.files[:MOST]:
            try:
                videos.append(self._dropped.video(file))
            except UsageError as error:
                wrong.append(_sentence(error.message))
        return videos, wrong

    def _collections(self, access: Access) -> Sequence[str]:
        """Return the names of all collections, with the one that files go into where nobody says which."""
        there = access.rights.visible(TERMINAL, OWNER)
        return sorted({*there, self._served.collection})[: notices.MOST_COLLECTIONS]

    def _whom_to_ask(self) -> Post:
        known = [one for one in map(self._places.person, sorted(self._admins)) if one is not None]
        return notices.whom_to_ask([one.names[-1] for one in known if one.names])


@dataclass(slots=True)
class _Board:
    """The message that tells how far it is; where Slack does not show it, the work goes on all the same."""

    lease: Lease
    outbox: Outbox
    cancel: threading.Event
    every: float
    now: Callable[[], float] = time.monotonic
    message: str = ""
    shown: float = -inf
    text: str = ""

    def go_on(self) -> None:
        """Raise CutOff where the process is to end."""
        if self.cancel.is_set():
            raise CutOff

    def on_progress(self, now: Progress) -> None:
        """Show where an ingest is, from time to time."""
        self.go_on()
        if self.now() - self.shown >= self.every:
            self.show(notices.progress(now))

    def show(self, text: str) -> None:
        """Show a line."""
        self.go_on()
        self.shown = self.now()
        if text == self.text:
            return
        made, self.text = post(text), text
        if not self.message and not (before := self.outbox.there(self.lease, PROGRESS)):
            self.message = self.outbox.post(self.lease, PROGRESS, made)
            return
        self.message = self.message or before
        try:
            self.outbox.update(self.lease.job.channel, self.message, made, metadata(self.lease, PROGRESS))
        except (SlackRefused, SlackUnreachable) as error:
            if isinstance(error, SlackRefused) and error.is_out:
                raise
            log.info("how far an ingest is could not be shown: %s", error.message)


def _sentence(message: str) -> str:
    return f"{message[:1].upper()}{message[1:]}."
