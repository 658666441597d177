"""`vdialog chat`: a conversation, line by line."""

import sys
import traceback
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import AsJson, From, NoVision, To, WithinCollections, WithinVideos
from bot.cli.output import plural, say, waiting
from bot.cli.program import pasted
from bot.errors import UsageError, problem_of
from bot.untrusted import inert_line, inert_name, printable

if TYPE_CHECKING:
    from bot.cli.plain.session import Session

PROMPT = "> "
LONGEST_LINE = 1_000_000
"""Characters of a line; what goes beyond them is a line of its own, so that no input fills the memory."""


def chat(
    plain: Annotated[
        bool, typer.Option("--plain", help="Line by line: for terminals, pipes and screen readers.")
    ] = False,
    video: WithinVideos = None,
    collection: WithinCollections = None,
    start: From = None,
    end: To = None,
    conversation: Annotated[
        str | None, typer.Option(metavar="ID", help="Go on with this conversation.", show_default=False)
    ] = None,
    last: Annotated[bool, typer.Option("-c", help="Go on with the last conversation.")] = False,
    no_vision: NoVision = False,
    as_json: AsJson = False,
) -> None:
    """Ask question after question; /help lists what else can be typed.

    With --video, --collection, --from or --to every question is answered from there alone.
    With --json each thing that happens is a line: {"event": NAME, ...}, and an answer has the shape of `ask --json`.
    """
    if not (plain or as_json):
        raise UsageError("there is no other chat than the plain one yet", "Run: vdialog chat --plain")
    from bot import bootstrap, settings
    from bot.actions.resuming import conversation_to_go_on
    from bot.actions.searching import limited
    from bot.cli.plain.screen import Screen
    from bot.cli.plain.session import Session

    chosen = settings.load(**({"vision": "none"} if no_vision else {}))
    with bootstrap.assistant(chosen, waiting) as assistant:
        named = conversation_to_go_on(assistant.conversations, conversation, last)
        catalogue, only = assistant.library.catalogue, collection or ()
        limit = limited(assistant.access, catalogue, video or (), only, start, end)[1]
        session = Session(assistant, chosen, named, Screen(as_json), frozenset(only) or None, limit)
        _greet(session, going_on=conversation is not None or last)
        for line in _lines(as_json):
            if not _heard(session, line):
                break
        _part(session)


def _heard(session: "Session", line: str) -> bool:
    """Answer a line, or do what it commands; return whether the chat goes on. Whatever goes wrong is said."""
    from bot.actions.data import event_data
    from bot.cli.plain import commands
    from bot.dialogue.events import Stopped

    try:
        leaves = line.strip().casefold() in ("quit", "exit")
        order = "/quit" if leaves else line if line.startswith("/") else session.ordered(line)
        if order:
            commands.run(session, order)
        else:
            session.ask(line)
    except commands.Leave:
        return False
    except BrokenPipeError:
        raise
    except KeyboardInterrupt:
        session.screen.tell(event_data(Stopped()), "Stopped.")
    except Exception as error:  # the chat goes on, whatever one line brought about
        problem = problem_of(error)
        if problem.code == "unexpected":
            print(printable("".join(traceback.format_exception(error))), end="", file=sys.stderr)
        session.screen.problem(problem)
    if sys.stdin.isatty() and not session.screen.as_json:
        say("")
    return True


def _lines(as_json: bool) -> Iterator[str]:
    """Yield the lines that are typed or piped in; those of a pipe are printed, so that the output reads as a talk."""
    if reconfigure := getattr(sys.stdin, "reconfigure", None):
        reconfigure(errors="replace")
    read = _typed if sys.stdin.isatty() and not as_json else _piped
    while (line := read()) is not None:
        if stripped := line.strip():
            if read is _piped and not as_json:
                say("", f"{PROMPT}{stripped}")
            yield stripped


def _typed() -> str | None:
    """Return a line that a person types, None at Ctrl+D; Ctrl+C discards the line."""
    with suppress(ImportError):  # not on every platform
        import readline  # noqa: F401  # lets input() edit and remember lines
    try:
        return input(PROMPT)
    except EOFError:
        say("")
        return None
    except KeyboardInterrupt:
        say("", "Ctrl+D or /quit ends the chat.")
        return ""


def _piped() -> str | None:
    return sys.stdin.readline(LONGEST_LINE) or None


def _greet(session: "Session", going_on: bool) -> None:
    from bot.actions.resuming import resumed
    from bot.errors import UnknownConversation

    lines = ["Ask about your videos. /help lists what else can be typed, Ctrl+D ends."]
    if session.scope or session.limit.videos:
        where = [*sorted(session.limit.videos or ()), *(f"collection {name}" for name in sorted(session.scope or ()))]
        times = "" if session.limit.within is None else ", within the times that were given"
        lines.append(f"Answers go by {inert_name(', '.join(where))} alone{times}.")
    turns = 0
    if going_on:
        try:
            kept = resumed(session.conversations, session.conversation_id)
        except UnknownConversation:
            lines.append("There is no earlier conversation: this is a new one.")
        else:
            turns = kept.turns
            lines.append(f'Going on with "{inert_line(kept.title)}", {plural(turns, "turn")}.')
            lines += filter(None, [kept.summary])
    session.screen.tell({"event": "opened", "conversation": session.conversation_id, "turns": turns}, *lines)


def _part(session: "Session") -> None:
    from bot.errors import UnknownConversation

    try:
        session.conversations.latest(session.conversation_id)
    except UnknownConversation:
        return
    said = pasted(f"Conversation {session.conversation_id}; `vdialog chat --plain -c` goes on with it.")
    session.screen.tell({"event": "closed", "conversation": session.conversation_id}, said)
