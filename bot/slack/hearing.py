"""What a question is about beside its words: whether it is meant for the app, what was said before, what was sent."""

from collections import deque
from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PIL import Image

from bot.actions.access import Access
from bot.dialogue.conversation import Conversation
from bot.dialogue.reading.utterance import asked
from bot.errors import UnknownConversation
from bot.slack.addressing import Surroundings, asks_nothing_of_its_own, is_meant
from bot.slack.calls import Retrying, SlackRefused
from bot.slack.files import Files
from bot.slack.inbox import Inbox
from bot.slack.incoming import pictures, videos, words_of
from bot.slack.jobs import SlackJob
from bot.slack.places import Places
from bot.slack.served import Served

if TYPE_CHECKING:
    from slack_sdk import WebClient

BEFORE = 20
"""Messages that count as said just before, where the app is called into a thread."""

PAGE = 200
MOST_PAGES = 10
"""Pages of a thread that are read at most."""

BY_PICTURE = "Where is this?"


class Hearing:
    """Reads what a job leaves open.

    Args:
        served: what the app answers from.
        client: of the app.
        calls: does the calls.
        places: knows people.
        files: fetches pictures.
        inbox: knows what was asked before.
        bot: the app's own id as a user.
        ours: what the app is called.
    """

    def __init__(
        self,
        served: Served,
        client: "WebClient",
        calls: Retrying,
        places: Places,
        files: Files,
        inbox: Inbox,
        bot: str,
        ours: tuple[str, ...],
    ) -> None:
        self._served = served
        self._client = client
        self._calls = calls
        self._places = places
        self._files = files
        self._inbox = inbox
        self._bot = bot
        self._ours = ours

    def is_meant(self, number: int, job: SlackJob, access: Access) -> bool:
        """Tell whether a message without a mention asks the app something."""
        people = filter(None, map(self._places.person, self._inbox.people(job.queue)))
        names = [name for one in people for name in one.names]
        talk = Surroundings(kept(job, access), names, self._ours, self._inbox.follows_answer(number, job))
        return is_meant(job.words, talk, lambda stems: self._served.known(stems, access.visible))

    def words(self, job: SlackJob, access: Access) -> str:
        """Return what is asked; where it names nothing and begins no thread, what was last asked there before it."""
        if job.words and not asks_nothing_of_its_own(job.words):
            return job.words
        if job.files or job.thread in ("", job.message) or kept(job, access).turns:
            return job.words
        before = [words_of(str(one.get("text") or "")) for one in self._thread(job) if self._is_before(one, job)]
        named = [text for text in before if text and not asks_nothing_of_its_own(text)]
        asking = [text for text in named if asked(text).asks]
        return next(reversed(asking or named), job.words)

    def picture(self, job: SlackJob) -> Image.Image | None:
        """Return the picture that was sent with a question, None for none.

        Raises:
            PictureUnreadable: it cannot be read, or is none.
            SlackUnreachable: Slack does not answer.
        """
        return self._files.picture(job.files[0]) if job.files else None

    def overheard(self, job: SlackJob) -> tuple[str, ...]:
        """Return what people said in a thread that was no question to the app; nothing where no model is told."""
        if not self._served.has_model or job.hidden or job.channel.startswith("D") or job.thread in ("", job.message):
            return ()
        before = [one for one in self._thread(job) if self._is_before(one, job) and not self._was_asked(one, job)]
        return tuple(filter(None, (words_of(str(one.get("text") or ""), self._bot) for one in before)))

    def looked(self, job: SlackJob) -> SlackJob | None:
        """Return a job with the pictures of its message; None where it came with videos, and asks nothing beside."""
        if not job.look or job.files:
            return job
        message = next((one for one in self._thread(job, job.message) if one.get("ts") == job.message), {})
        found = pictures(message)
        if videos(message) and not found and not asked(job.words).asks:
            return None
        return replace(job, files=found, look=False)

    def _thread(self, job: SlackJob, since: str | None = None) -> Collection[dict[str, Any]]:
        """Return the last messages of a thread up to the one that asks; none where Slack does not hand them out.

        Slack tells of the first ones first, so all are read, `since` a message or from the beginning.
        """
        last: deque[dict[str, Any]] = deque(maxlen=BEFORE)
        cursor = None
        try:
            for _ in range(MOST_PAGES):
                page = self._calls(
                    self._client.conversations_replies,
                    channel=job.channel,
                    ts=job.thread,
                    oldest=since,
                    latest=job.message,
                    inclusive=True,
                    limit=PAGE,
                    cursor=cursor,
                )
                last.extend(page.get("messages") or ())
                cursor = (page.get("response_metadata") or {}).get("next_cursor")
                if not cursor:
                    break
        except SlackRefused:
            return ()
        return last

    def _was_asked(self, message: dict[str, Any], job: SlackJob) -> bool:
        return any(one.turn for one in self._inbox.of_message(job.channel, str(message.get("ts") or "")))

    def _is_before(self, message: dict[str, Any], job: SlackJob) -> bool:
        is_ours = message.get("bot_id") or message.get("user") == self._bot
        return not is_ours and str(message.get("ts") or "") < job.message


def kept(job: SlackJob, access: Access) -> Conversation:
    """Return the conversation of a job as far as it may be told; an empty one where there is none."""
    try:
        return access.conversations.recall(job.conversation)
    except UnknownConversation:
        return Conversation(job.conversation)
