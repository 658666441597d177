"""One answer as it appears in Slack: a status while it is made, its text as it is written, and the whole at its end.

What is written within a moment is posted at once, without a stream. A stream may end on its own; the last word is an
update of its message, so nothing is lost with it.
"""

import logging
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from bot.slack.blocks import pieces
from bot.slack.calls import SlackRefused, errors
from bot.slack.jobs import Lease
from bot.slack.mrkdwn import escaped
from bot.slack.outbox import Outbox, SlackMessage, is_unmarked, metadata
from bot.slack.posts import Post, Told, post

if TYPE_CHECKING:
    from slack_sdk import WebClient

log = logging.getLogger(__name__)

PATIENCE = 1.0
"""Seconds for which a text that has begun is kept back: whatever is whole by then needs no stream."""

APART = 1.0
"""Seconds between two calls that show more of a text, or another status."""

WHOLE = 700
"""The part of an answer that is its text as a file."""

LONGEST_APPENDED = 12_000


class AppearingAnswer:
    """What people see of a job while it is worked on, and at its end.

    Args:
        lease: of the job.
        outbox: posts.
        client: of the app.
        bot: the app's own id as a user.
        now: tells seconds.
    """

    def __init__(
        self, lease: Lease, outbox: Outbox, client: "WebClient", bot: str, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._lease = lease
        self._outbox = outbox
        self._client = client
        self._bot = bot
        self._now = now
        self._status = ""
        self._told_at = float("-inf")
        self._unsent: list[str] = []
        self._since: float | None = None
        self._message = ""
        self._is_streaming = True

    def status(self, text: str) -> None:
        """Say what is done now; that it cannot be said is no harm."""
        job = self._lease.job
        if job.hidden or text == self._status or self._message or self._now() - self._told_at < APART:
            return
        self._status, self._told_at = text, self._now()
        show_status(self._client, job.channel, job.thread, text)

    def write(self, sentence: str) -> None:
        """Take another part of the text, and show it in time."""
        self._unsent.append(sentence)
        self._since = self._now() if self._since is None else self._since
        if self._lease.job.hidden or not self._is_streaming or self._now() - self._since < PATIENCE:
            return
        try:
            self._append("\n".join(self._unsent))
        except errors() as error:
            log.info("a stream ended: %s", type(error).__name__)
            self._is_streaming = False

    def finish(self, reply: Told) -> None:
        """Show the whole answer; what was streamed is replaced by its first post.

        Raises:
            LeaseLost: another process goes on with the job.
            SlackRefused: nothing can be posted there.
            SlackUnreachable: Slack does not answer.
        """
        job, outbox = self._lease.job, self._outbox
        if job.hidden:
            for one in (*reply.posts, *(() if reply.whole is None else told_in_parts(reply.whole))):
                outbox.whisper(job.channel, job.thread, job.person, one, job.reply_to)
            return
        self._first(reply.posts[0])
        for part, one in enumerate(reply.posts[1:], start=1):
            outbox.post(self._lease, part, one)
        if reply.whole is not None:
            self._attach(reply.whole)

    def _first(self, first: Post) -> None:
        made = []

        def make() -> str:
            made.append(True)
            return self._outbox.posted(self._lease, 0, first)

        def is_it(message: SlackMessage) -> bool:
            is_marked = message.get("metadata") == metadata(self._lease, 0)
            return is_marked or is_unmarked(message, self._lease, self._bot)

        message = self._outbox.once(self._lease, 0, make, is_it)
        if made:
            return
        try:
            self._outbox.calls(self._client.chat_stopStream, channel=self._lease.job.channel, ts=message)
        except SlackRefused as error:
            log.debug("a stream had ended: %s", error.error)
        self._outbox.update(self._lease.job.channel, message, first, metadata(self._lease, 0))

    def _attach(self, whole: str) -> None:
        """Put a text as a file into the thread."""
        job, name = self._lease.job, f"answer-{self._lease.number}.txt"

        def make() -> str:
            upload = self._client.files_upload_v2
            made = upload(content=whole, filename=name, channel=job.channel, thread_ts=job.thread)
            return str((made.get("files") or [{}])[0].get("id") or name)

        def is_it(message: SlackMessage) -> bool:
            return name in {one.get("name") for one in message.get("files") or ()}

        self._outbox.once(self._lease, WHOLE, make, is_it)

    def _append(self, text: str) -> None:
        shown = next(pieces(escaped(text), LONGEST_APPENDED), "")
        if not self._message:
            self._message = self._outbox.once(self._lease, 0, lambda: self._started(shown))
        else:
            call = self._client.chat_appendStream
            call(channel=self._lease.job.channel, ts=self._message, markdown_text=f"\n{shown}")
        self._unsent, self._since = [], self._now() - PATIENCE + APART

    def _started(self, shown: str) -> str:
        job = self._lease.job
        started = self._client.chat_startStream(
            channel=job.channel,
            thread_ts=job.thread,
            markdown_text=shown,
            recipient_user_id=job.person,
            recipient_team_id=job.team,
        )
        return str(started["ts"])


def show_status(client: "WebClient", channel: str, thread: str, text: str) -> None:
    """Say below a thread what is done, "" for none; that it cannot be said is no harm."""
    from slack_sdk.errors import SlackClientError

    if not thread:
        return
    try:
        client.assistant_threads_setStatus(channel_id=channel, thread_ts=thread, status=text)
    except (SlackClientError, OSError) as error:
        log.debug("a status was not shown: %s", type(error).__name__)


def told_in_parts(whole: str) -> Iterator[Post]:
    """Yield posts that show all of a text where no file can be put."""
    yield from map(post, pieces(whole, LONGEST_APPENDED))
