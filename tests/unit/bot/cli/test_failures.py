"""What the process ends with, and what it says, when something goes wrong in a command."""

import json
import logging
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from bot.cli.failures import run, unfit, verbosity, wants_json
from bot.errors import ConfigurationError
from retrieval.errors import MissingModel


@pytest.fixture(autouse=True)
def no_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is noted where there is no library: not in that of whoever runs the tests."""
    monkeypatch.setenv("VDIALOG_HOME", str(tmp_path / "home"))


def app_that(does: Callable[[], None]) -> typer.Typer:
    app = typer.Typer(pretty_exceptions_enable=False, rich_markup_mode=None)

    @app.command()
    def command(number: int = 1, as_json: bool = typer.Option(False, "--json")) -> None:
        does()

    return app


def raising(error: BaseException) -> Callable[[], None]:
    def does() -> None:
        raise error

    return does


def test_a_command_that_returns_ends_with_0() -> None:
    assert run(app_that(lambda: None), []) == 0


def test_a_command_can_choose_its_exit_code() -> None:
    assert run(app_that(raising(typer.Exit(6))), []) == 6


def test_an_error_says_what_is_wrong_and_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(app_that(raising(ConfigurationError("the setting is wrong", "Set it right."))), []) == 3
    out, err = capsys.readouterr()
    assert (out, err) == ("", "vdialog: the setting is wrong\nSet it right.\n")


def test_with_json_an_error_is_one_json_object_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(app_that(raising(MissingModel("no weights", "Get them."))), ["--json"]) == 4
    out, err = capsys.readouterr()
    assert out == ""
    told = {"code": "missing_model", "message": "no weights", "hint": "Get them."}
    assert json.loads(err) == {"version": 2, "error": told}


@pytest.mark.parametrize("arguments", [["--number", "x"], ["--nosuch"], ["too", "many"]])
def test_a_usage_error_ends_with_2_in_json_too(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(app_that(lambda: None), arguments) == 2
    assert capsys.readouterr().err.startswith("vdialog: ")
    assert run(app_that(lambda: None), [*arguments, "--json"]) == 2
    assert json.loads(capsys.readouterr().err)["error"]["code"] == "usage"


def test_an_interrupt_ends_with_130(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(app_that(raising(KeyboardInterrupt())), ["--json"]) == 130
    assert json.loads(capsys.readouterr().err)["error"]["code"] == "interrupted"


def test_the_unforeseen_ends_with_1_and_shows_where(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(app_that(raising(ZeroDivisionError("boom"))), []) == 1
    err = capsys.readouterr().err
    assert "Traceback" in err
    assert "something unforeseen happened: ZeroDivisionError: boom" in err


def test_the_unforeseen_is_json_alone_where_json_is_wanted(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(app_that(raising(ZeroDivisionError("boom"))), ["--json"]) == 1
    assert json.loads(capsys.readouterr().err)["error"]["code"] == "unexpected"


def test_an_error_cannot_send_control_characters_to_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    run(app_that(raising(ConfigurationError("bad \x1b[2J name"))), [])
    assert "\x1b" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [(["search", "x", "--json"], True), (["search", "x"], False), (["search", "--", "--json"], False)],
)
def test_json_is_wanted_where_the_option_stands(arguments: list[str], wanted: bool) -> None:
    assert wants_json(arguments) is wanted


@pytest.mark.parametrize(
    ("arguments", "left", "level"),
    [
        (["search", "x"], ["search", "x"], logging.WARNING),
        (["-v", "search", "x"], ["search", "x"], logging.INFO),
        (["search", "x", "-vv"], ["search", "x"], logging.DEBUG),
        (["-v", "search", "-v", "x"], ["search", "x"], logging.DEBUG),
        (["-vvvv", "ask"], ["ask"], logging.DEBUG),
        (["search", "--", "-v"], ["search", "--", "-v"], logging.WARNING),
        (["videos", "-version"], ["videos", "-version"], logging.WARNING),
    ],
)
def test_more_is_logged_wherever_v_stands(arguments: list[str], left: list[str], level: int) -> None:
    assert verbosity(arguments) == (left, level)


def test_windows_is_told_what_to_do_and_others_nothing() -> None:
    assert "WSL" in unfit("win32")
    assert unfit("linux") == unfit("darwin") == ""
