"""What is to be done, as values: jobs of the inbox, leases of them, and how they are kept. Pure."""

import json
from dataclasses import asdict, dataclass
from sqlite3 import Row
from typing import Any, Literal

JobKind = Literal[
    "ask",
    "heard",
    "more",
    "only",
    "clip",
    "why",
    "good",
    "bad",
    "scope",
    "grant",
    "granted",
    "forget",
    "add",
    "into",
    "adding",
]
"""What is to be done; `heard` is to be answered only if it is meant for the app.

Videos are added in three steps: `add` asks for a collection, `into` asks to confirm it, `adding` takes them in.
"""

ADDING = "adding"
"""The queue of videos that are taken in, one after another: a worker of its own does them, and no question waits."""


@dataclass(frozen=True, slots=True)
class SlackJob:
    """Something to do.

    Attributes:
        event: what it is known by; the same is taken once.
        kind: what is to be done.
        queue: jobs of one queue are done one after another, in the order of their messages.
        workspace: of the app.
        channel: where it was asked.
        thread: the message that the answer is a reply to, "" for none.
        message: when it was asked, as Slack's time of a message.
        person: who asks.
        team: the workspace of that person.
        conversation: its id in the store.
        words: what was said.
        files: ids of pictures that were dropped, or of the videos that are to be added.
        look: whether the message must be read for its files: mentions come without.
        handle: the moment that is meant.
        of: the number of the job whose answer has the button that was pressed.
        hidden: whether only the person sees the answer.
        private: whether it is answered under the rights of that person, and not of those who read in the channel.
        reply_to: an address that takes such answers for half an hour.
    """

    event: str
    kind: JobKind
    queue: str
    workspace: str
    channel: str
    thread: str
    message: str
    person: str
    team: str
    conversation: str
    words: str = ""
    files: tuple[str, ...] = ()
    look: bool = False
    handle: int | None = None
    of: int = 0
    hidden: bool = False
    private: bool = False
    reply_to: str = ""


@dataclass(frozen=True, slots=True)
class Lease:
    """A job that a worker does now. `tries` counts the leases before; `result` is what one of them left to post."""

    number: int
    job: SlackJob
    claimant: str
    tries: int
    at: float
    result: str | None


@dataclass(frozen=True, slots=True)
class KeptJob:
    """A job as it stands; `turn` is when the turn was stored that answered it, "" as long as there is none."""

    number: int
    job: SlackJob
    state: str
    turn: str = ""


def written(job: SlackJob) -> str:
    """Return a job as JSON."""
    return json.dumps(asdict(job), ensure_ascii=False)


def read(row: Row) -> SlackJob:
    """Return the job of a row."""
    data: dict[str, Any] = json.loads(row["job"])
    return SlackJob(**{**data, "files": tuple(data["files"])})


def kept(row: Row) -> KeptJob:
    """Return a job of a row as it stands."""
    return KeptJob(row["number"], read(row), row["state"], row["turn"])
