"""The assistant's exceptions, and what every error means to the person at the terminal.

AssistantError                  everything the assistant raises on purpose; code, message, hint, exit code
├── UsageError                  a command or an option that makes no sense                        exit 2
├── UnknownConversation         no conversation of that id (also a LookupError)                   exit 2
├── UnknownMoment               no moment of that number was shown (also a LookupError)           exit 2
├── ConfigurationError          a setting that cannot be used                                     exit 3
├── DiskFull                    no room for a file                                            exit 3
├── NotFetched                  a model that did not come, or not as it should be             exit 4
├── PromptTooLong               more text than a vision model can read                            exit 2
├── VisionFailed                a vision model that is there and gave no answer                   exit 4
│   ├── VisionUnreachable       nothing answers at its address
│   ├── VisionBusy              its server has too much to do, for now
│   ├── VisionTimeout           no answer within the time it has
│   ├── VisionTruncated         an answer that ended before its end, or has none
│   ├── VisionBadReply          a failure of the server's, or what is no answer
│   └── VisionCircuitOpen       it failed so often that it is not asked for a while
├── Refused                     a reply that ended in a failure, with the problem's own exit code
├── Interrupted                 a person ended what was at work                                   exit 130
└── PictureUnreadable           a picture to search with that cannot be read                      exit 2

`problem_of` translates these, the library's errors and the unforeseen into one value.
"""

import errno
import re
import secrets
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bot.untrusted import inert_error, printable
from retrieval.errors import (
    AlreadyThere,
    IndexUnavailable,
    InvalidAnnotations,
    InvalidQuery,
    InvalidSpan,
    InvalidSubtitles,
    LibraryError,
    LibraryUnusable,
    MissingModel,
    NotInLibrary,
    SpaceMismatch,
    UnfitEncoder,
    UnreadableMedia,
)

OK: Final = 0
UNEXPECTED: Final = 1
USAGE: Final = 2
CONFIGURATION: Final = 3
SERVICE_MISSING: Final = 4
NOTHING_FOUND: Final = 5
INPUTS_REFUSED: Final = 6
INTERRUPTED: Final = 130


class AssistantError(Exception):
    """Base of the assistant's errors.

    Attributes:
        code: a stable short name for programs, e.g. `usage`.
        exit_code: what the process ends with.
        message: what is wrong, in a sentence.
        hint: what to do next; may be empty.
    """

    code = "unexpected"
    exit_code = UNEXPECTED

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(AssistantError):
    """A command or an option that makes no sense."""

    code = "usage"
    exit_code = USAGE


class UnknownConversation(AssistantError, LookupError):
    """No conversation of that id."""

    code = "unknown_conversation"
    exit_code = USAGE

    def __init__(self, conversation_id: str) -> None:
        super().__init__(f"there is no conversation {conversation_id!r}", "`vdialog conversations list` shows them.")


class UnknownMoment(AssistantError, LookupError):
    """No moment of that handle was shown in the conversation; without a handle, none at all was."""

    code = "unknown_moment"
    exit_code = USAGE

    def __init__(self, handle: int | None) -> None:
        which = "no moment" if handle is None else f"no moment [{handle}]"
        super().__init__(f"{which} was shown in this conversation", "Answers show moments with their numbers.")


class ConfigurationError(AssistantError):
    """A setting that cannot be used."""

    code = "configuration"
    exit_code = CONFIGURATION


class DiskFull(AssistantError):
    """There is no room for a file."""

    code = "disk_full"
    exit_code = CONFIGURATION

    def __init__(self, file: str | None, sizes: str = "") -> None:
        named = "" if file is None else f" {file!r}"
        said = f"there is no space left for the file{named}{': ' if sizes else ''}{sizes}"
        super().__init__(said, "Make room, and give the same command again.")


class NotFetched(AssistantError):
    """A model did not come, or not as it should be. What has come of it is kept, unless it is wrong."""

    code = "not_fetched"
    exit_code = SERVICE_MISSING


class Interrupted(AssistantError):
    """A person ended an ingest. What was finished stays, and the same command goes on."""

    code = "interrupted"
    exit_code = INTERRUPTED

    def __init__(self, finished: int, count: int) -> None:
        done = f"; {finished} of {count} files {'is' if finished == 1 else 'are'} finished" if count else ""
        super().__init__(f"interrupted{done}", "The same command goes on where this one was ended.")


class PictureUnreadable(AssistantError):
    """A picture that was to be searched with cannot be read."""

    code = "picture_unreadable"
    exit_code = USAGE


class PromptTooLong(AssistantError):
    """More text than a vision model can read with its pictures. Nothing of it is cut silently."""

    code = "prompt_too_long"
    exit_code = USAGE

    def __init__(self, model: str, length: int | None, context: int) -> None:
        """Say how many tokens the model reads, and how many there were; None where its server did not count."""
        super().__init__(
            f"{model} reads {context} tokens, and what it is asked has {length or 'more'} with its picture",
            "Ask with fewer words, or about fewer moments.",
        )


class VisionFailed(AssistantError):
    """A vision model gave no answer. Whatever was read of it until then is not to be used."""

    code = "vision_failed"
    exit_code = SERVICE_MISSING


class VisionUnreachable(VisionFailed):
    """Nothing answers at the address of the vision model."""

    def __init__(self, model: str, where: str) -> None:
        super().__init__(f"{model} cannot be asked: nothing answers at {where}", "`vdialog doctor` says what is there.")


class VisionBusy(VisionFailed):
    """The server of a vision model has too much to do, for now."""

    def __init__(self, model: str) -> None:
        super().__init__(f"{model} cannot be asked: its server is busy", "Ask again a little later.")


class VisionTimeout(VisionFailed):
    """A vision model did not answer within the time it has."""

    def __init__(self, model: str, seconds: float, what: str = "an answer") -> None:
        super().__init__(
            f"{model} did not give {what} within {seconds:g} seconds",
            "Ask again, or give it more time: VDIALOG_VISION_TIMEOUT.",
        )


class VisionTruncated(VisionFailed):
    """A vision model's answer ended before its end, or went on without one."""

    def __init__(self, model: str, how: str) -> None:
        super().__init__(f"the answer of {model} broke off: {how}", "Ask again.")


class VisionBadReply(VisionFailed):
    """The server of a vision model failed, or replied with what is no answer."""

    def __init__(self, model: str, what: str) -> None:
        super().__init__(f"{model} gave no answer: {what}", "Ask again; what its server prints may say more.")


class VisionCircuitOpen(VisionFailed):
    """A vision model failed so often in a row that it is left alone for a while."""

    def __init__(self, model: str, seconds: float) -> None:
        super().__init__(
            f"{model} failed several times in a row and is asked again in {max(1.0, seconds):.0f} seconds",
            "`vdialog doctor` says what is wrong with it.",
        )


LIBRARY_EXITS: tuple[tuple[type[LibraryError], int], ...] = (
    (InvalidSpan, USAGE),
    (InvalidQuery, USAGE),
    (NotInLibrary, USAGE),
    (AlreadyThere, USAGE),
    (LibraryUnusable, CONFIGURATION),
    (SpaceMismatch, CONFIGURATION),
    (MissingModel, SERVICE_MISSING),
    (IndexUnavailable, SERVICE_MISSING),
    (UnfitEncoder, SERVICE_MISSING),
    (UnreadableMedia, INPUTS_REFUSED),
    (InvalidAnnotations, INPUTS_REFUSED),
    (InvalidSubtitles, INPUTS_REFUSED),
)


@dataclass(frozen=True, slots=True)
class Problem:
    """An error as a front end shows it: its message holds no live link or mention; its hint, our own words, may."""

    code: str
    message: str
    hint: str
    exit_code: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "message", _readable(self.message))
        object.__setattr__(self, "hint", printable(self.hint))


_own_addresses: set[str] = set()


def know_addresses(addresses: Iterable[str]) -> None:
    """Let errors show these addresses of servers as they are: the person set them, so they lead nowhere else."""
    _own_addresses.update(address.rstrip("/") for address in addresses if address)


def _readable(message: str) -> str:
    """Return a message in which nothing is a link but an address that the person set, if it stands there alone."""
    marks = {address: secrets.token_hex(16) for address in _own_addresses}
    for address, mark in marks.items():
        message = re.sub(rf"(?<![\w/.:@-]){re.escape(address)}(?![/.:?#@%-]*\w)", mark, message)
    message = inert_error(message)
    for address, mark in marks.items():
        message = message.replace(mark, address)
    return message


class Refused(AssistantError):
    """A reply that ended in a failure; it has the code of what went wrong."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message, problem.hint)
        self.code = problem.code
        self.exit_code = problem.exit_code


def problem_of(error: BaseException) -> Problem:
    """Return what an error means: its code, a sentence, what to do next, and the exit code."""
    if isinstance(error, AssistantError):
        return Problem(error.code, error.message, error.hint, error.exit_code)
    if isinstance(error, LibraryError):
        exits = (exit_code for kind, exit_code in LIBRARY_EXITS if isinstance(error, kind))
        return Problem(error.code, error.message, error.hint, next(exits, UNEXPECTED))
    if isinstance(error, KeyboardInterrupt):
        return Problem("interrupted", "interrupted", "", INTERRUPTED)
    if isinstance(error, sqlite3.Error):
        return Problem("library_unusable", f"the library cannot be read: {error}", _UNFORESEEN_HINT, CONFIGURATION)
    if isinstance(error, OSError) and error.strerror:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return problem_of(DiskFull(error.filename))
        named = f" {error.filename!r}" if error.filename is not None else ""
        said = f"the file{named} cannot be used: {error.strerror}"
        return Problem("file_error", said, "Check that it is there, and that you may use it.", UNEXPECTED)
    said = f"{type(error).__name__}: {error}".strip().removesuffix(":")
    return Problem("unexpected", f"something unforeseen happened: {said}", _UNFORESEEN_HINT, UNEXPECTED)


_UNFORESEEN_HINT = "`vdialog doctor` checks the installation and the library."
