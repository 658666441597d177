"""What buttons and commands do beside asking: why, a clip, an opinion, a scope, a grant, forgetting a turn."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal

from bot.actions.access import Access
from bot.actions.cutting import cut, file_name, file_span
from bot.actions.explaining import why
from bot.actions.judging import judge
from bot.dialogue.messages import Citation
from bot.dialogue.storing.feedback import Opinion
from bot.errors import UnknownConversation, UnknownMoment, UsageError
from bot.rights import OWNER, TERMINAL, Place, Principal
from bot.slack import notices
from bot.slack.files import Files
from bot.slack.inbox import Inbox
from bot.slack.jobs import KeptJob, Lease, SlackJob
from bot.slack.outbox import Outbox, SlackMessage
from bot.slack.posts import Post, post
from bot.slack.refusals import GONE
from bot.slack.scopes import Scopes
from bot.slack.served import Served
from bot.untrusted import inert_name
from retrieval.errors import NotInLibrary, UnreadableMedia

if TYPE_CHECKING:
    from slack_sdk import WebClient

CLIP = 800
"""The part of an answer that is a clip."""

EVERYTHING = "*"
NO_ADMIN = "Only administrators of mine may grant collections. Ask whoever runs me."

Deed = Callable[[Lease, Access], Post | None]


class Deeds:
    """Does what jobs ask for that are no questions; what each returns is told to the person alone."""

    def __init__(
        self,
        served: Served,
        inbox: Inbox,
        outbox: Outbox,
        files: Files,
        scopes: Scopes,
        client: "WebClient",
        admins: frozenset[str],
    ) -> None:
        self._served = served
        self._inbox = inbox
        self._outbox = outbox
        self._files = files
        self._scopes = scopes
        self._client = client
        self._admins = admins
        self.by_kind: dict[str, Deed] = {
            "why": self.why,
            "clip": self.clip,
            "good": self.judge,
            "bad": self.judge,
            "forget": self.forget,
            "scope": self.scope,
            "grant": self.grant,
            "granted": self.granted,
        }

    def why(self, lease: Lease, access: Access) -> Post:
        """Tell why a moment was shown."""
        try:
            return notices.explained(why(access.conversations, lease.job.conversation, lease.job.handle))
        except (UnknownConversation, UnknownMoment):
            return post(GONE)

    def judge(self, lease: Lease, access: Access) -> Post:
        """Keep an opinion of an answer, with its evidence."""
        job, of = lease.job, self._inbox.job(lease.job.of)
        opinion: Opinion = "good" if job.kind == "good" else "bad"
        try:
            if of is None or (turn := self._turn(of, access)) is None:
                return post(GONE)
            judge(access.conversations, job.conversation, opinion, turn=turn)
        except UnknownConversation:
            return post(GONE)
        return post("Thank you. Your opinion is kept with the answer.")

    def clip(self, lease: Lease, access: Access) -> Post | None:
        """Cut a moment out of its video and put it into the thread, or into a message to who alone may see it."""
        shelf = self._served.shelf
        try:
            citation = self._shown(lease, access)
            source = file_span(citation, shelf, access.visible)
            key = shelf.naming.key(citation.video_id, access.visible)
        except (UnknownConversation, UnknownMoment, NotInLibrary):
            return post(GONE)
        except UsageError:
            return post("The file of this video is not at hand, so no clip can be cut from it.")
        name = file_name(citation)
        with TemporaryDirectory() as folder:
            try:
                path = cut(source, Path(folder) / name, self._served.limits).path
            except UnreadableMedia:
                return post("The file of this video cannot be read, so no clip can be cut from it.")
            self._upload(lease, path, name, key, citation)
        return None

    def forget(self, lease: Lease, access: Access) -> None:
        """Forget the turn of a question that was deleted, and take back what was posted of it."""
        of = self._inbox.job(lease.job.of)
        if of is not None:
            self._outbox.delete(of.number)
            if of.turn:
                access.conversations.forget(lease.job.conversation, datetime.fromisoformat(of.turn))

    def scope(self, lease: Lease, access: Access) -> Post:
        """Narrow the private questions of a person to one collection, or to all again."""
        name, visible = lease.job.words, access.within(None).visible
        named = ", ".join(map(inert_name, sorted(visible))) or "none yet"
        if name == EVERYTHING:
            self._scopes.narrow(lease.job.person, None)
            return post(f"Your questions here go by all collections that you may see: {named}.")
        if name not in visible:
            return post(f"There is no collection “{inert_name(name)}”. You see: {named}.")
        self._scopes.narrow(lease.job.person, name)
        return post(f"Your questions here go by {inert_name(name)} alone. /videos scope * takes all again.")

    def grant(self, lease: Lease, access: Access) -> Post:
        """Ask an administrator whether a collection is to be granted to the channel."""
        if lease.job.person not in self._admins:
            return post(NO_ADMIN)
        collection, external = _granted(lease.job.words)
        if collection not in self._collections(access):
            return post(f"There is no collection “{inert_name(collection)}”.")
        place = _place(lease.job)
        whom = (
            "also people of other workspaces, and guests" if external else "no guests, and nobody of other workspaces"
        )
        question = f"Let {place} see the collection “{inert_name(collection)}”? Whoever reads there sees it: {whom}."
        return notices.confirming(question, str(lease.number))

    def granted(self, lease: Lease, access: Access) -> Post:
        """Grant a collection to the channel, as it was confirmed."""
        job = lease.job
        if not job.words:
            return post("Nothing was granted.")
        if job.person not in self._admins:
            return post(NO_ADMIN)
        collection, external = _granted(job.words)
        try:
            by = Principal("member", job.team, job.person)
            given = access.rights.add(collection, _place(job), external, by)
        except NotInLibrary:
            return post(f"There is no collection “{inert_name(collection)}”.")
        return post(f"{given.grantee} sees “{inert_name(collection)}” from the next question on.")

    def _collections(self, access: Access) -> frozenset[str]:
        """Return the names of all collections, for who may grant them."""
        return access.rights.visible(TERMINAL, OWNER)

    def _shown(self, lease: Lease, access: Access) -> Citation:
        found = why(access.conversations, lease.job.conversation, lease.job.handle)
        return found.citation

    def _turn(self, of: KeptJob, access: Access) -> int | None:
        """Return the number of the turn that answered a job."""
        turns = access.conversations.load(of.job.conversation).turns
        return next((number for number, turn in enumerate(turns, 1) if turn.at.isoformat() == of.turn), None)

    def _upload(self, lease: Lease, path: Path, name: str, video: str, citation: Citation) -> None:
        job, channel, thread = lease.job, lease.job.channel, lease.job.thread or None
        if job.private:
            opened = self._outbox.calls(self._client.conversations_open, users=job.person)
            channel, thread = str(opened["channel"]["id"]), None

        def is_it(message: SlackMessage) -> bool:
            named = {one.get("name") for one in message.get("files") or ()}
            return name in named and str(message.get("ts", "")) > job.message

        def make() -> str:
            source = f"{citation.moment_id} {citation.timecode}"
            return self._files.upload(path, name, video, source, channel=channel, thread_ts=thread)

        if job.private:
            self._outbox.calls.until(make, "an upload")
        else:
            self._outbox.once(lease, CLIP, make, is_it)


def _granted(words: str) -> tuple[str, bool]:
    """Return the collection that is to be granted, and whether also to people of other workspaces."""
    collection, space, last = words.rpartition(" ")
    return (collection.strip(), True) if space and last.casefold() == "external" else (words, False)


def _place(job: SlackJob) -> Place:
    kind: Literal["direct", "channel"] = "direct" if job.channel.startswith("D") else "channel"
    return Place(kind, job.workspace, job.channel)
