"""`/videos`: questions that only who asks sees answered, and what else can be typed after it."""

from dataclasses import dataclass, replace

from bot.slack.incoming import Commanded
from bot.slack.jobs import JobKind, SlackJob
from bot.slack.posts import Post, post

HELP = """\
/videos ask QUESTION – an answer that only you see; a button shares it
/videos find WORDS – moments with these words, for you alone
/videos list – the videos that you may see
/videos scope COLLECTION – your questions go by this collection alone; * for all again
/videos grant COLLECTION [external] – let this channel see a collection (administrators)
Mention me in a channel to ask for all who read there. I read along in a thread that begins so: say quiet, and I do not,
say listen, and I do again. Say stop, and I stop answering."""

LIST = "Which videos are there?"


@dataclass(frozen=True, slots=True)
class Commands:
    """Reads commands.

    Attributes:
        admins: ids of those who may grant collections.
    """

    admins: frozenset[str]

    def read(self, typed: Commanded, workspace: str) -> tuple[SlackJob | None, Post | None]:
        """Return what a command asks for, and what is answered at once; None for neither."""
        verb, _, rest = typed.text.partition(" ")
        words, name = rest.strip(), verb.casefold()
        match name:
            case "ask" if words:
                return self.asking(typed, words, workspace), None
            case "find" if words:
                return self.asking(typed, f"find {words}", workspace), None
            case "list" if not words:
                return self.asking(typed, LIST, workspace), None
            case "scope":
                return self._of(typed, "scope", words, workspace), None
            case "grant" if words:
                return self._of(typed, "grant", words, workspace), None
            case _:
                return None, post(HELP)

    def asking(self, typed: Commanded, words: str, workspace: str) -> SlackJob:
        """Return a question whose answer only its person sees, under their own rights."""
        return self._of(typed, "ask", words, workspace)

    def adding(self, typed: Commanded, workspace: str) -> SlackJob:
        """Return that the files of a message are to be added to a collection."""
        return replace(self._of(typed, "add", "", workspace), files=typed.attached, queue=typed.event)

    def _of(self, typed: Commanded, kind: JobKind, words: str, workspace: str) -> SlackJob:
        return SlackJob(
            event=typed.event,
            kind=kind,
            queue=f"{typed.person}/{typed.channel}",
            workspace=workspace,
            channel=typed.channel,
            thread=typed.thread,
            message=typed.at,
            person=typed.person,
            team=typed.team or workspace,
            conversation=typed.channel,
            words=words,
            files=typed.files,
            hidden=True,
            private=True,
            reply_to=typed.reply_to,
        )


def added_with(job: SlackJob, videos: tuple[str, ...]) -> SlackJob:
    """Return that videos which came with a question are to be added, told to its person alone, beside the question."""
    event = f"{job.event}/add"
    return replace(job, event=event, queue=event, words="", files=videos, look=False, hidden=True, private=True)
