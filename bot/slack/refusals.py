"""What the app says where it does not answer a question: which one, and why. Pure."""

from bot.errors import USAGE, Problem, UnknownConversation, UnknownMoment
from bot.rights import Asker, Place
from bot.slack.blocks import shortened_to
from bot.slack.inbox import Put
from bot.slack.jobs import JobKind
from bot.slack.posts import Post, post
from bot.untrusted import inert_line

GONE = "That is not there any more."

_WHY: dict[Put, str] = {
    "full": "too many questions are waiting. Ask again in some minutes.",
    "person": "so many of your questions are waiting. Ask again when some are answered.",
    "channel": "so many questions of this channel are waiting. Ask again when some are answered.",
}


def not_taken(words: str, why: Put) -> Post:
    """Return that a question was not taken, by its words."""
    return post(f"I did not take {_quoted(words)}: {_WHY[why]}")


def given_up(words: str) -> Post:
    """Return that a question waited in vain, by its words."""
    return post(f"A model that I need still does not answer, so I give up on {_quoted(words)}. Ask again later.")


def lost(words: str) -> Post:
    """Return that a question could not be answered although it was tried again and again, by its words."""
    return post(f"I was interrupted again and again, and could not answer {_quoted(words)}. Sorry: ask it again.")


def nothing_open(asker: Asker) -> Post:
    """Return that no video may be seen where somebody asks, and by which grant some would be."""
    place, person = asker.place, asker.principal
    if place.is_private:
        what, to = "to you, where only you see the answer", str(person)
    else:
        what, to = "to this channel", str(Place("channel", place.workspace, place.channel))
        if place.shared:
            what += ": guests or people of elsewhere read along, or it is not known who does"
    command = f"vdialog grants add COLLECTION {to}{' --external' if asker.is_outside else ''}"
    return post(f"No video is open {what}. Whoever runs me opens some by: {command}")


def not_a_member() -> Post:
    """Return that nothing can be said in a channel, to who asked for it there."""
    return post("I cannot write in this channel. Invite me to it, and press the button again.")


def no_pictures() -> Post:
    """Return that a picture cannot be searched with, because what that needs was never set up."""
    return post("Searching by picture is not set up here. Ask in words, or ask whoever runs me to set it up.")


def told_of(problem: Problem, kind: JobKind = "ask") -> Problem:
    """Return a problem as people of a team are told of it: what is wrong with the home is its owner's business."""
    if problem.code in (UnknownConversation.code, UnknownMoment.code):
        return Problem(problem.code, GONE, "", USAGE)
    if problem.exit_code == USAGE:
        return problem
    what = "add the videos" if kind == "adding" else "answer"
    return Problem(problem.code, f"Something went wrong, and I could not {what}", "", problem.exit_code)


def _quoted(words: str) -> str:
    return f"“{shortened_to(inert_line(words), 200)}”" if words.strip() else "what you asked"
