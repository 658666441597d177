"""What is said beside the answers: the stage of the work, limits, stops, failures, and what can be asked.

Pure; the sentences are our own, and what they name of others is made inert.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from bot.actions.explaining import Explanation
from bot.dialogue import events
from bot.errors import Problem
from bot.slack.blocks import ASK, BLOCKS, BUTTONS, INTO, LABEL, ButtonValue, actions, button, note, shortened_to, width
from bot.slack.posts import Post, post
from bot.untrusted import inert_error, inert_line
from retrieval.ingest.progress import Progress
from retrieval.ingest.reports import FileReport
from retrieval.types import in_a_row

LISTEN: Final = "listen"
QUIET: Final = "quiet"
ASK_AGAIN: Final = "again"
CONFIRM: Final = "confirm"
CANCEL: Final = "cancel"

MOST_COLLECTIONS: Final = (BLOCKS - 10) * BUTTONS
"""Collections that can be chosen from."""

CLOSED: Final = "What was added is not open to this channel: it is found where its collection was granted."

MOST_OPENERS: Final = 4
"""Suggested prompts that Slack shows."""


def status(event: events.Event) -> str | None:
    """Return what Slack shows after the app's name while it works; None for an event that changes nothing."""
    match event:
        case events.Understood() | events.Searching():
            return "is searching the videos…"
        case events.Found(moments):
            return f"found {_counted(moments, 'moment')} and goes on…"
        case events.Queued(position):
            return f"waits for the vision model, {_counted(position, 'question')} before this one…"
        case events.Looking(_, keyframes):
            return f"is looking at {_counted(len(keyframes), 'frame')}…"
        case events.Writing():
            return "is writing…"
    return None


def waiting(before: int) -> str:
    """Return the status of a question that waits behind others."""
    return f"will take this question after {_counted(before, 'other')}…"


def too_many(seconds: float) -> Post:
    """Return the notice that somebody, or a channel, asks more than its share."""
    return post(f"That is more than I can answer at once. Ask again in {_counted(max(1, round(seconds)), 'second')}.")


def full() -> Post:
    """Return the notice that no question is taken for now."""
    return post("I have too many questions waiting and cannot take this one. Ask again in a few minutes.")


def model_down() -> Post:
    """Return the notice, given once in a thread, that a model does not answer."""
    return post("A model that I need does not answer right now. I keep the questions of this thread and go on with it.")


def stopped() -> Post:
    """Return the notice that an answer was stopped."""
    return post("Stopped.")


def cut_off(asked: str, reply: str) -> Post:
    """Return the apology for a question that a restart cut off, with a button to ask it again."""
    named = f" to “{shortened_to(inert_line(asked), 200)}”" if asked.strip() else ""
    return post(f"I was restarted before my answer{named} was finished. Sorry.", *_again(reply))


def edited(reply: str) -> Post:
    """Return the offer to answer a question anew after it was changed."""
    return post("The question was changed after I answered it.", *_again(reply))


def failed(problem: Problem, reference: str) -> Post:
    """Return what went wrong, in a sentence, with its number in the log."""
    said = f"{problem.message[:1].upper()}{problem.message[1:]}"
    return post(f"{said}.".replace("..", "."), *([note(f"Reference: {reference}")] if reference else []))


def followed(thread: str, follows: bool) -> Post:
    """Return what holds for a thread from now on, with a button for the opposite."""
    if follows:
        said, label, action = "I read this thread and answer what is about the videos.", "Be quiet here", QUIET
    else:
        said, label, action = (
            "I am quiet in this thread, and answer only who mentions me. Say listen, and I read along again.",
            "Read this thread",
            LISTEN,
        )
    return post(said, *actions([button(label, action, ButtonValue(thread))]))


def greeting(openers: Sequence[str], reply: str) -> Post:
    """Return the greeting of the messages tab, with a button for each question that can be asked."""
    made = [
        button(opener, f"{ASK}_{number}", ButtonValue(reply, number))
        for number, opener in enumerate(openers[:MOST_OPENERS], 1)
    ]
    said = "Ask me about the videos: what happens, what is said, what is written, and where."
    return post(said if made else f"{said} No video is open to you yet.", *actions(made))


def suggested(openers: Iterable[str]) -> list[dict[str, str]]:
    """Return questions as prompts of `assistant.threads.setSuggestedPrompts`; long ones are left out."""
    lines = [inert_line(opener) for opener in openers]
    return [{"title": line, "message": line} for line in lines if line and width(line) <= LABEL][:MOST_OPENERS]


def confirming(question: str, reply: str) -> Post:
    """Return a question of yes or no about something that is not done before it is confirmed."""
    value = ButtonValue(reply)
    return post(
        question,
        *actions([button("Yes", CONFIRM, value, style="primary"), button("No", CANCEL, value)]),
    )


def whom_to_ask(admins: Sequence[str]) -> Post:
    """Return that somebody may not add videos, and who may."""
    who = in_a_row([inert_line(one) for one in admins], 5) if admins else "whoever runs me"
    return post(f"Only administrators of mine may add videos. Ask {who}.")


def into_which(names: Sequence[str], wrong: Sequence[str], collections: Sequence[str], reply: str) -> Post:
    """Return the question for the collection that videos are to be added to; `wrong` says what cannot be added."""
    named = in_a_row(names, 10)
    choices = [button(one, f"{INTO}_{number}", ButtonValue(reply, number)) for number, one in enumerate(collections, 1)]
    return post("\n".join([f"Add {named} to which collection?", *wrong]), *actions(choices))


def adding_to(collection: str, count: int, reply: str) -> Post:
    """Return the question whether videos are to be added to a collection."""
    them = _counted(count, "file")
    return confirming(
        f"Add {them} to “{inert_line(collection)}”? Whoever sees that collection sees what is added.", reply
    )


def progress(now: Progress) -> str:
    """Return how far an ingest is."""
    left = "" if now.left is None else f", about {_counted(max(1, round(now.left / 60)), 'minute')} left"
    at = "" if now.count == 1 else f"{now.number} of {now.count}, "
    return f"{at}{inert_line(now.path.name)}: {now.stage}, {now.share:.0%}{left}"


def added(report: FileReport, name: str) -> str:
    """Return what became of a video that was to be added, by its name; paths of this machine are left out."""
    if report.verdict == "refused":
        return f"{name} was not added: {_without_folder(report)}."
    if report.verdict in ("unchanged", "duplicate", "moved"):
        return f"{name} is in the library already."
    found = f"{name} was added: {_counted(report.moments, 'moment')}"
    return f"{found}. A part is missing: {_without_folder(report)}." if report.verdict == "partial" else f"{found}."


def _without_folder(report: FileReport) -> str:
    return inert_line(inert_error(report.reason.replace(f"{report.path.parent}/", ""))).rstrip(".")


def explained(found: Explanation) -> Post:
    """Return why a moment was shown."""
    citation, ranking = found.citation, found.citation.ranking
    lines = [
        f"[{citation.handle}] {inert_line(citation.title)}, {citation.timecode}",
        f"Asked: “{inert_line(found.asked)}”",
    ]
    if ranking is None:
        lines.append("It was not searched for: the question led to it by what was shown before, or by the time.")
    else:
        if found.query:
            lines.append(f"Searched for: “{inert_line(found.query)}”")
        lines += [f"{arm}: {f'place {at.rank}' if at else 'did not find it'}" for arm, at in found.arms]
        lines.append(f"Words that match: {inert_line(', '.join(ranking.matched)) or 'none'}")
    if citation.observation is None:
        lines.append("Nobody looked at its frames.")
    else:
        saw = f"saw “{inert_line(citation.observation)}”" if citation.observation else "saw nothing of what was asked"
        lines.append(f"{inert_line(found.model or 'The vision model')} {saw}.")
    return post("\n".join(lines))


def _again(reply: str) -> list[dict[str, object]]:
    return actions([button("Ask it again", ASK_AGAIN, ButtonValue(reply))])


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
