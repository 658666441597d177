"""Runs the command line and turns whatever goes wrong into a message and an exit code."""

import json
import logging
import os
import re
import sys
import time
import traceback
from collections.abc import Sequence

import typer
from typer import TyperException
from typer.completion import completion_init  # type: ignore[attr-defined]  # it is in no list

from bot.cli.output import complain
from bot.cli.program import pasted
from bot.errors import INPUTS_REFUSED, INTERRUPTED, OK, UNEXPECTED, USAGE, Problem, problem_of
from bot.health.logbook import Logbook, kinds, places
from bot.untrusted import inert_error
from retrieval.private import privately

UNNOTED = (USAGE, INPUTS_REFUSED, INTERRUPTED)
"""Exit codes of what a person did, not the program."""

NOTED = (
    *("ingest", "import", "reindex", "compact", "backup", "restore", "doctor", "setup"),
    *("videos remove", "videos move", "videos rename", "videos keep-texts", "grants add", "grants remove"),
)
"""Commands whose end is noted: those that change a library, who sees it, or examine it."""


log = logging.getLogger(__name__)

OURS = ("bot", "retrieval", "demo")
"""Whose log is shown where more than warnings is asked for: others log addresses, and what they send."""

_VERBOSE = re.compile(r"-v+")


def run(app: typer.Typer, arguments: Sequence[str]) -> int:
    """Run an app and return the exit code. Errors go to stderr, as JSON where `--json` is among the arguments."""
    arguments, level = verbosity(arguments)
    as_json, started, command = wants_json(arguments), time.monotonic(), named(app, arguments)
    _never_fail_on_characters()
    _log_harmlessly(level)
    code = UNEXPECTED
    try:
        with privately():
            code = _run(app, arguments)
        sys.stdout.flush()
        if code == INTERRUPTED:
            _interrupted(as_json)
    except TyperException as error:
        code = _usage(error, as_json)
    except (KeyboardInterrupt, typer.Abort):
        code = _interrupted(as_json)
    except BrokenPipeError:
        code = _unheard()
    except Exception as error:  # the last line of defence: everything becomes a message and a code
        problem = problem_of(error)
        log.debug(
            "%s, raised at %s",
            " from ".join(kinds(error)),
            ", ".join(repr(place.split()[0]) for place in places(error)),
        )
        with privately():
            reference = "" if problem.exit_code in UNNOTED else _logbook().failed(command, problem.code, error)
        code = report(problem, as_json, error, reference)
    finally:
        log.info("%s: exit code %d after %.2f s", command or "vdialog", code, time.monotonic() - started)
        if command in NOTED:
            with privately():
                _logbook().ended(command, code, time.monotonic() - started)
    return code


def verbosity(arguments: Sequence[str]) -> tuple[list[str], int]:
    """Return the arguments without -v and -vv, wherever they stand, and the level of what is logged on stderr."""
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    count = sum(len(word) - 1 for word in options if _VERBOSE.fullmatch(word))
    left = [word for word in options if not _VERBOSE.fullmatch(word)]
    level = (logging.WARNING, logging.INFO, logging.DEBUG)[min(count, 2)]
    return [*left, *arguments[len(options) :]], level


def unfit(platform: str) -> str:
    """Say why the program does not run on a platform; "" where it does."""
    if platform != "win32":
        return ""
    return (
        "vdialog: Windows cannot limit the process that opens a video, so Video Dialog does not run there."
        " It runs in WSL, the Linux inside Windows: docs/installation.md tells how."
    )


def _run(app: typer.Typer, arguments: Sequence[str]) -> int:
    if not arguments:
        completion_init()  # a shell that wants completions gives its words in the environment
    try:
        code = app(args=list(arguments), prog_name="vdialog", standalone_mode=False)
    except SystemExit as leaving:
        # Typer leaves so when nobody reads the output any more.
        raise BrokenPipeError from leaving
    return code if isinstance(code, int) else OK


def named(app: typer.Typer, arguments: Sequence[str]) -> str:
    """Return the name of the command that is called, of those that there are; what else was typed is not in it."""
    groups = {group.name: group.typer_instance for group in app.registered_groups}
    inside = groups.get(arguments[0]) if arguments else None
    words = arguments[:1] if inside is None else arguments[:2]
    known = {command.name for command in (inside or app).registered_commands} | groups.keys()
    return " ".join(word for word in words if word in known)


def _logbook() -> Logbook:
    from bot.settings import Settings

    try:
        return Logbook(Settings().home)
    except (ValueError, OSError, RuntimeError):
        return Logbook(None)


def wants_json(arguments: Sequence[str]) -> bool:
    """Tell whether the output is to be JSON, before anything is parsed."""
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    return "--json" in options


def report(problem: Problem, as_json: bool, error: BaseException | None = None, reference: str = "") -> int:
    """Write a problem to stderr and return its exit code; what was unforeseen comes with its traceback.

    The reference is that of the log, "" where it is not in it.
    """
    if as_json:
        from bot.actions.data import problem_data, versioned

        print(json.dumps(versioned(problem_data(problem, reference))), file=sys.stderr)
        return problem.exit_code
    if problem.exit_code == UNEXPECTED and problem.code == "unexpected" and error is not None:
        print(inert_error("".join(traceback.format_exception(error))), end="", file=sys.stderr)
    complain(f"vdialog: {problem.message}")
    told = list(filter(None, (problem.hint, f"Reference {reference}: vdialog log {reference}" if reference else "")))
    complain(*map(pasted, told))
    return problem.exit_code


def _usage(error: TyperException, as_json: bool) -> int:
    message = error.format_message()
    if not as_json and message.startswith("Usage:"):
        print(inert_error(message), file=sys.stderr)
        return USAGE
    path = getattr(getattr(error, "ctx", None), "command_path", "vdialog")
    return report(Problem("usage", message, f"`{path} --help` shows what it takes.", USAGE), as_json)


def _interrupted(as_json: bool) -> int:
    return report(problem_of(KeyboardInterrupt()), as_json)


def _unheard() -> int:
    """End quietly: whoever read the output has what they wanted."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.__stdout__.fileno() if sys.__stdout__ else 1)
    return OK


class _Harmless(logging.Formatter):
    """What is logged may hold words of a model or of its server; `timed` says also when, and where."""

    def __init__(self, timed: bool) -> None:
        super().__init__()
        self._timed = timed

    def format(self, record: logging.LogRecord) -> str:
        when = f"{self.formatTime(record, '%H:%M:%S')} {record.name}: " if self._timed else ""
        return when + inert_error(super().format(record))


def _log_harmlessly(level: int) -> None:
    """Let the log be shown as errors are, from a level on; where somebody else shows it already they go on to."""
    for name in OURS:
        logging.getLogger(name).setLevel(logging.NOTSET if level == logging.WARNING else level)
    if not logging.root.handlers:
        shown = logging.StreamHandler()
        shown.setFormatter(_Harmless(timed=level < logging.WARNING))
        logging.root.addHandler(shown)


def _never_fail_on_characters() -> None:
    """Let a terminal that cannot show a character show a question mark instead of ending the program."""
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="replace")
