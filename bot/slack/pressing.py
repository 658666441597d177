"""From a button to what it asks for. What it carries is only a number; whose answer it is of is looked up. Pure."""

import re
from dataclasses import replace

from bot.slack.blocks import (
    ASK,
    CHOOSE,
    INTO,
    MORE_LIKE,
    ONLY_VIDEO,
    OPINION,
    PLAY_CLIP,
    SHARE,
    WHY,
    ButtonValue,
    opinion_in,
)
from bot.slack.incoming import Pressed
from bot.slack.jobs import ADDING, JobKind, SlackJob
from bot.slack.notices import ASK_AGAIN, CANCEL, CONFIRM

KINDS: dict[str, JobKind] = {
    PLAY_CLIP: "clip",
    MORE_LIKE: "more",
    ONLY_VIDEO: "only",
    WHY: "why",
    SHARE: "ask",
    ASK_AGAIN: "ask",
}

_NUMBERED = re.compile(rf"(?:{CHOOSE}|{ASK})_\d+")

ACTIONS = (*KINDS, OPINION, CHOOSE, ASK, INTO, CONFIRM, CANCEL)
"""The ids of all buttons, and how those begin that are numbered."""


def number_of(pressed: Pressed) -> int:
    """Return the number of the job whose answer has a button.

    Raises:
        ValueError: it carries none.
    """
    value = opinion_in(pressed.value)[1] if pressed.action == OPINION else ButtonValue.read(pressed.value)
    return int(value.reply)


def job_for(pressed: Pressed, number: int, of: SlackJob) -> SlackJob | None:
    """Return what a button asks for, None where it is none of ours, or was shown elsewhere or to somebody else.

    Args:
        pressed: the button, and who pressed it.
        number: of the job whose answer has it.
        of: that job.
    """
    if pressed.channel != of.channel or (of.private and pressed.person != of.person):
        return None
    action = pressed.action
    made = replace(
        of,
        event=pressed.event,
        message=pressed.at or of.message,
        person=pressed.person,
        team=pressed.team or of.team,
        words="",
        files=(),
        look=False,
        handle=ButtonValue.read(pressed.value).number if action in KINDS else None,
        of=number,
        reply_to=pressed.reply_to if of.hidden else "",
    )
    if action == OPINION:
        kind: JobKind = "good" if opinion_in(pressed.value)[0] == "good" else "bad"
        return _aside(replace(made, kind=kind, reply_to=pressed.reply_to))
    if action in (CONFIRM, CANCEL):
        return _confirmed(made, of, action == CONFIRM)
    if action.startswith(f"{INTO}_"):
        chosen = ButtonValue.read(pressed.value).number
        return _aside(replace(made, kind="into", files=of.files, handle=chosen)) if of.kind == "add" else None
    if _NUMBERED.fullmatch(action):
        return replace(made, kind="ask", words=_chosen(pressed.label))
    if action == SHARE:
        return replace(_shared(made, of), kind=of.kind if of.kind in ("ask", "heard") else "ask")
    if action == ASK_AGAIN:
        return replace(made, kind="ask", words=of.words, files=of.files)
    if action == WHY:
        return _aside(replace(made, kind="why", reply_to=pressed.reply_to))
    return replace(made, kind=KINDS[action]) if action in KINDS else None


def _confirmed(made: SlackJob, of: SlackJob, is_yes: bool) -> SlackJob | None:
    """Return what a person was asked to confirm, or that it is not to be done; None where nobody was asked."""
    if of.kind == "grant":
        return _aside(replace(made, kind="granted", words=of.words if is_yes else ""))
    if of.kind != "into":
        return None
    if not is_yes:
        return _aside(replace(made, kind="into"))
    adding = replace(made, kind="adding", queue=ADDING, words=of.words, files=of.files)
    return replace(adding, hidden=False, private=False, reply_to="")


def _aside(job: SlackJob) -> SlackJob:
    """Return a job that is told to its person alone, and waits for nothing."""
    return replace(job, hidden=True, queue=job.event)


def _shared(job: SlackJob, of: SlackJob) -> SlackJob:
    """Return a private question as it is asked again for all who read in the channel, under their rights."""
    thread = job.thread or job.message
    return replace(
        job,
        words=of.words,
        files=of.files,
        hidden=False,
        private=False,
        thread=job.thread,
        conversation=thread,
        queue=f"{job.channel}/{thread}",
    )


def _chosen(label: str) -> str:
    """Return what a button says, without the number before it."""
    number, dot, rest = label.partition(". ")
    return rest if dot and number.isdigit() else label
