import errno
import sqlite3

import pytest

from bot import errors
from bot.errors import (
    ConfigurationError,
    Problem,
    Refused,
    UnknownConversation,
    UsageError,
    VisionBadReply,
    VisionBusy,
    VisionCircuitOpen,
    VisionFailed,
    VisionTimeout,
    VisionTruncated,
    VisionUnreachable,
    problem_of,
)
from retrieval.errors import (
    InvalidAnnotations,
    InvalidQuery,
    LibraryError,
    LibraryUnusable,
    MissingModel,
    NotInLibrary,
    SpaceMismatch,
    UnfitEncoder,
    UnreadableMedia,
)


@pytest.mark.parametrize(
    ("error", "exit_code"),
    [
        (UsageError("x"), 2),
        (UnknownConversation("x"), 2),
        (NotInLibrary("x"), 2),
        (InvalidQuery("x"), 2),
        (ConfigurationError("x"), 3),
        (LibraryUnusable("x"), 3),
        (SpaceMismatch("x"), 3),
        (sqlite3.DatabaseError("malformed"), 3),
        (MissingModel("x"), 4),
        (UnfitEncoder("x"), 4),
        (UnreadableMedia("x"), 6),
        (InvalidAnnotations("x"), 6),
        (VisionUnreachable("llava", "the address"), 4),
        (VisionBusy("llava"), 4),
        (VisionTimeout("llava", 60), 4),
        (VisionTruncated("llava", "no end came"), 4),
        (VisionBadReply("llava", "status 500"), 4),
        (VisionCircuitOpen("llava", 30), 4),
        (KeyboardInterrupt(), 130),
        (LibraryError("x"), 1),
        (OSError(errno.ENOSPC, "No space left on device"), 3),
        (OSError(errno.EACCES, "Permission denied"), 1),
        (RuntimeError("boom"), 1),
    ],
)
def test_every_error_has_its_exit_code(error: BaseException, exit_code: int) -> None:
    problem = problem_of(error)
    assert problem.exit_code == exit_code
    assert problem.message


def test_a_problem_keeps_the_words_and_the_hint_of_its_error() -> None:
    assert problem_of(NotInLibrary("no video 'x'", "List them.")) == Problem(
        "not_in_library", "no video 'x'", "List them.", 2
    )


def test_a_refused_reply_keeps_the_problem_it_ended_in() -> None:
    problem = Problem("missing_model", "no weights", "get them", errors.SERVICE_MISSING)
    assert problem_of(Refused(problem)) == problem


def test_every_failure_of_a_vision_model_is_one_kind_that_says_what_to_do() -> None:
    for failure in (VisionUnreachable("llava", "x"), VisionTimeout("llava", 2.5), VisionCircuitOpen("llava", 0.2)):
        assert isinstance(failure, VisionFailed)
        problem = problem_of(failure)
        assert problem.code == "vision_failed"
        assert "llava" in problem.message and problem.hint
    assert "within 2.5 seconds" in VisionTimeout("llava", 2.5).message
    assert "in 1 seconds" not in VisionCircuitOpen("llava", 12.4).message


def test_the_unforeseen_names_its_kind() -> None:
    assert "ZeroDivisionError: division by zero" in problem_of(ZeroDivisionError("division by zero")).message


def test_the_drawn_tree_names_every_error() -> None:
    assert errors.__doc__ is not None
    drawn = {
        name for name, value in vars(errors).items() if isinstance(value, type) and value.__module__ == "bot.errors"
    }
    assert all(name in errors.__doc__ for name in drawn - {"Problem"})


def test_a_full_disk_is_said_to_be_full() -> None:
    problem = problem_of(OSError(errno.ENOSPC, "No space left on device", "keyframe.jpg"))
    assert (problem.code, problem.exit_code) == ("disk_full", 3)
    assert "'keyframe.jpg'" in problem.message


def test_an_address_that_the_person_set_is_readable_and_no_other_is() -> None:
    errors.know_addresses(["http://models.example:8000/v1/", ""])
    said = "nothing answers at http://models.example:8000/v1: it says http://models.example:8000/v1/x and http://evil.example"
    shown = Problem("x", said, "", 4).message
    assert "answers at http://models.example:8000/v1:" in shown
    assert shown.count("://") == 1
