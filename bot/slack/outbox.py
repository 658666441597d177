"""The outbox: every part of an answer is posted once, also by a process that goes on where another was killed.

Before a post it is written down that it is to be made, and each carries the event and the part it is of as metadata.
Where it is not known what became of one, the thread is read back, and only what is not there is posted.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from bot.slack.calls import Retrying, SlackRefused, errors, refusal_of
from bot.slack.jobs import Lease
from bot.slack.posts import Post
from retrieval.catalogue.database import Database

if TYPE_CHECKING:
    from slack_sdk import WebClient
    from slack_sdk.web import SlackResponse

log = logging.getLogger(__name__)

METADATA = "video_dialog_answer"
PICTURE_PAUSES = (1.0, 2.0, 4.0)
"""Seconds to wait for Slack to be able to show a picture."""

PAGE = 200
SlackMessage = Mapping[str, Any]
"""A message as Slack describes it."""

"""Messages of a thread that are read at once."""


class LeaseLost(Exception):
    """Another process goes on with a job: this one must post nothing more of it."""


class Outbox:
    """Posts of the app.

    Args:
        database: as `bot.slack.state.opened` returns it.
        client: of the app.
        calls: does the calls.
    """

    def __init__(self, database: Database, client: "WebClient", calls: Retrying) -> None:
        self._database = database
        self._client = client
        self.calls = calls

    def post(self, lease: Lease, part: int, post: Post) -> str:
        """Return the time of a message that shows a part of an answer; it is posted where it is not there yet.

        Raises:
            LeaseLost: another process goes on with the job.
            SlackRefused: nothing can be posted there.
            SlackUnreachable: Slack does not answer; whether it was posted is found out the next time.
        """
        return self.once(lease, part, lambda: self.posted(lease, part, post))

    def once(
        self, lease: Lease, part: int, make: Callable[[], str], is_it: Callable[[SlackMessage], bool] | None = None
    ) -> str:
        """Return the time of the message of a part; `make` posts it, where it is not there yet.

        Args:
            lease: of the job.
            part: of its answer.
            make: posts it, and returns its time.
            is_it: knows it in the thread, where it carries no metadata.
        """

        def there() -> str | None:
            return next((str(one["ts"]) for one in self.thread(lease) if known_by(one)), None)

        known_by = is_it or (lambda one: _carries(one, lease, part))
        known = self._begun(lease, part)
        if known:
            return known
        if known == "" and (message := there()) is not None:
            return self._sent(lease, part, message)
        return self._sent(lease, part, self.calls.until(make, "a post", there))

    def there(self, lease: Lease, part: int) -> str:
        """Return the time of the message of a part as it was noted; "" where it is not there, or not known."""
        query = "SELECT message FROM posts WHERE number = ? AND part = ?"
        rows = self._database.rows(query, (lease.number, part))
        return str(rows[0]["message"]) if rows else ""

    def thread(self, lease: Lease) -> Iterator[SlackMessage]:
        """Yield the messages of a job's thread since it was asked."""
        job, cursor = lease.job, None
        while True:
            page = self.calls(
                self._client.conversations_replies,
                channel=job.channel,
                ts=job.thread,
                oldest=min(job.thread, job.message),
                inclusive=True,
                include_all_metadata=True,
                limit=PAGE,
                cursor=cursor,
            )
            yield from page.get("messages") or ()
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return

    def update(self, channel: str, message: str, post: Post, metadata: dict[str, object] | None = None) -> None:
        """Put a post in the place of one that is there."""
        given = {"metadata": metadata} if metadata else {}
        self._shown(
            post,
            lambda shown: self.calls(
                self._client.chat_update,
                channel=channel,
                ts=message,
                text=shown.text,
                blocks=list(shown.blocks),
                link_names=False,
                parse="none",
                **given,
            ),
        )

    def whisper(self, channel: str, thread: str, person: str, post: Post, reply_to: str = "") -> None:
        """Show a post to one person alone. It cannot be read back: where nobody knows whether it came, it is lost."""
        if reply_to and self._replied(reply_to, post):
            return
        self._shown(
            post,
            lambda shown: self.calls(
                self._client.chat_postEphemeral,
                channel=channel,
                user=person,
                thread_ts=thread or None,
                text=shown.text,
                blocks=list(shown.blocks),
            ),
        )

    def _replied(self, address: str, post: Post) -> bool:
        """Send a post to the address of a command or a button; tell whether Slack took it: it does for half an hour."""
        from slack_sdk.webhook import WebhookClient

        def send(shown: Post) -> bool:
            client = WebhookClient(address, timeout=self._client.timeout)
            given: dict[str, Any] = {"text": shown.text, "blocks": list(shown.blocks), "replace_original": False}
            return bool(client.send(response_type="ephemeral", **given).status_code == 200)

        return send(post) or send(post.without_pictures())

    def delete(self, number: int) -> None:
        """Take back whatever was posted of a job."""
        for row in self._database.rows("SELECT channel, message FROM posts WHERE number = ?", (number,)):
            try:
                if row["message"]:
                    self.calls(self._client.chat_delete, channel=row["channel"], ts=row["message"])
            except SlackRefused as error:
                log.info("a post was not deleted: %s", error.error)

    def job_of(self, channel: str, message: str) -> int | None:
        """Return the number of the job that a post is of, None where it is no post that is known."""
        query = "SELECT number FROM posts WHERE channel = ? AND message = ?"
        rows = self._database.rows(query, (channel, message))
        return int(rows[0]["number"]) if rows else None

    def posted(self, lease: Lease, part: int, post: Post) -> str:
        """Return the time of the message of a part, which is posted whether it is there or not."""
        made = self._shown(
            post,
            lambda shown: self._client.chat_postMessage(
                channel=lease.job.channel,
                thread_ts=lease.job.thread or None,
                metadata=metadata(lease, part),
                link_names=False,
                parse="none",
                **shown.payload(),  # type: ignore[arg-type]
            ),
        )
        return str(made["ts"])

    def _shown(self, post: Post, send: Callable[[Post], "SlackResponse"]) -> "SlackResponse":
        """Send a post; Slack refuses a picture that it has just got, so it is waited for, and then done without."""
        bare = post.without_pictures()
        for pause in PICTURE_PAUSES if bare != post else ():
            try:
                return send(post)
            except errors() as error:
                refused = refusal_of(error, "a post")
                if refused is None or refused.error != "invalid_blocks":
                    raise
            self.calls.pause(pause)
        return send(bare)

    def _begun(self, lease: Lease, part: int) -> str | None:
        """Write down that a part is to be posted; return its message, "" where it was begun before, else None."""
        with self._database.writing() as db:
            held = "SELECT 1 FROM jobs WHERE number = ? AND state = 'running' AND claimant = ?"
            if db.execute(held, (lease.number, lease.claimant)).fetchone() is None:
                raise LeaseLost
            query = "SELECT message FROM posts WHERE number = ? AND part = ?"
            row = db.execute(query, (lease.number, part)).fetchone()
            if row is not None:
                return str(row["message"])
            query = "INSERT INTO posts (number, part, channel) VALUES (?, ?, ?)"
            db.execute(query, (lease.number, part, lease.job.channel))
            return None

    def _sent(self, lease: Lease, part: int, message: str) -> str:
        with self._database.writing() as db:
            query = "UPDATE posts SET message = ? WHERE number = ? AND part = ?"
            db.execute(query, (message, lease.number, part))
        return message


def metadata(lease: Lease, part: int) -> dict[str, object]:
    """Return what a message carries, so that it is known again."""
    return {"event_type": METADATA, "event_payload": {"event": lease.job.event, "part": part}}


def _carries(message: SlackMessage, lease: Lease, part: int) -> bool:
    return bool(message.get("metadata") == metadata(lease, part))


def is_unmarked(message: SlackMessage, lease: Lease, bot: str) -> bool:
    """Tell whether a message is one of the app's own since a job was asked that carries nothing: a stream."""
    is_ours = message.get("user") == bot and str(message.get("ts", "")) > lease.job.message
    return is_ours and not message.get("metadata") and not message.get("files")
