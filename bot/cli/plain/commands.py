"""What can be typed in the chat beside questions: lines that begin with a slash."""

import difflib
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.actions.covering import found_of
from bot.actions.data import video_data
from bot.actions.exporting import as_data, as_markdown, export_conversation
from bot.actions.judging import judge
from bot.actions.pictures import picture
from bot.actions.resuming import asked_before
from bot.cli.feedback import said_of_opinion
from bot.cli.plain import moments
from bot.cli.videos import say_videos
from bot.dialogue.storing.feedback import Opinion, feedback_as_data
from bot.errors import UsageError
from retrieval.errors import NotInLibrary
from retrieval.types import films

if TYPE_CHECKING:
    from bot.cli.plain.session import Session

EVERYTHING = "*"
"""What `/scope` takes for all collections again."""


class Leave(Exception):
    """The chat is to end."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command: what it takes, what it does in a line, and what does it."""

    takes: str
    help: str
    run: Callable[["Session", str], None]


def run(session: "Session", line: str) -> None:
    """Do what a line that begins with a slash asks for.

    Raises:
        Leave: the chat is to end.
        UsageError: there is no such command, or it cannot do what it is asked for.
    """
    name, _, argument = line[1:].partition(" ")
    found = COMMANDS.get(name.casefold())
    if found is None:
        near = difflib.get_close_matches(name.casefold(), COMMANDS, 1)
        hint = f"Did you mean /{near[0]}? " if near else ""
        raise UsageError(f"there is no command /{name}", f"{hint}/help lists those that there are.")
    with asked_before():
        found.run(session, argument.strip())


def help_(session: "Session", _: str) -> None:
    """List the commands."""
    wide = max(len(f"{name} {command.takes}") for name, command in COMMANDS.items())
    lines = [f"/{f'{name} {command.takes}':<{wide}}  {command.help}" for name, command in COMMANDS.items()]
    listed = [{"command": f"/{name}", "takes": one.takes, "does": one.help} for name, one in COMMANDS.items()]
    session.screen.tell(
        {"event": "help", "commands": listed},
        *lines,
        "Everything else is a question. 2 stands for the number of a moment; without one the first of the last"
        " answer is meant. Ctrl+C stops an answer, Ctrl+D ends the chat.",
    )


def videos(session: "Session", _: str) -> None:
    """List the videos that answers go by."""
    found = films(session.assistant.library.catalogue.videos(session.asked))
    known = found_of(session.assistant.library.catalogue, found)
    told = [video_data(video, known[video.generation]) for video in found]
    session.screen.tell({"event": "videos", "videos": told})
    if not session.screen.as_json:
        say_videos(found, known, session.apart)


def image(session: "Session", argument: str) -> None:
    """Ask by a picture."""
    try:
        file, *question = shlex.split(argument)
    except ValueError as error:
        raise UsageError("/image takes a file and perhaps a question", 'Put "quotes" around spaces.') from error
    path = Path(file).expanduser()
    if not path.is_file():
        raise UsageError(f"there is no file {file!r}", "Give the path of a picture.")
    session.ask(" ".join(question) or "Where is this?", picture(path))


def export(session: "Session", argument: str) -> None:
    """Write the conversation to a file, or print it."""
    kept = session.conversations.load(session.conversation_id)
    if not argument:
        session.screen.tell({"event": "conversation", **as_data(kept)}, as_markdown(kept))
        return
    target = Path(argument).expanduser()
    export_conversation(kept, target)
    session.screen.tell({"event": "exported", "path": str(target.absolute())}, f"Wrote {target}.")


def scope(session: "Session", argument: str) -> None:
    """Narrow what answers go by to one collection, or to all again."""
    known = sorted(session.visible)
    if argument == EVERYTHING:
        session.scope = None
    elif argument in known:
        session.scope = frozenset({argument})
    elif argument:
        raise NotInLibrary(f"there is no collection {argument!r}", f"There are: {', '.join(known) or 'none'}.")
    alone = ", ".join(map(repr, sorted(session.scope or ())))
    going = f"collection {alone} alone" if alone else "all collections"
    session.screen.tell(
        {"event": "scope", "collections": sorted(session.asked)},
        f"Answers go by {going}. There are: {', '.join(known) or 'none'}.",
    )


def good(session: "Session", argument: str) -> None:
    """Keep that an answer, or a moment, was good."""
    _judge(session, "good", argument)


def bad(session: "Session", argument: str) -> None:
    """Keep that an answer, or a moment, was bad."""
    _judge(session, "bad", argument)


def leave(_: "Session", __: str) -> None:
    """End the chat."""
    raise Leave


def _judge(session: "Session", opinion: Opinion, argument: str) -> None:
    handle, words = moments.opinion_of(argument)
    kept = judge(session.conversations, session.conversation_id, opinion, handle, words)
    session.screen.tell({"event": "feedback", **feedback_as_data(kept)}, said_of_opinion(kept))


COMMANDS = {
    "help": Command("", "this list", help_),
    "videos": Command("", "the videos that answers go by", videos),
    "show": Command("2", "all texts and frames of moment [2]", moments.show),
    "play": Command("2", "play [2] with the player of VDIALOG_PLAYER", moments.play),
    "why": Command("2", "why [2] was found: each arm's place and score, matching words, what was seen", moments.why),
    "more": Command("2", 'more moments like [2]; for those around it ask "what is right after [2]?"', moments.more),
    "clip": Command("2 [FILE]", "cut [2] out of its video into a file", moments.clip),
    "image": Command("FILE [QUESTION]", "ask by a picture", image),
    "export": Command("[FILE]", "this conversation as Markdown; as JSON where FILE ends in .json", export),
    "scope": Command("C", f"answer by collection C alone; /scope {EVERYTHING} by all again", scope),
    "good": Command("[2] [WORDS]", "keep that the last answer, or [2], is good", good),
    "bad": Command("[2] [WORDS]", "keep that the last answer, or [2], is bad, and why", bad),
    "quit": Command("", "end the chat; the conversation is kept", leave),
}
