"""How far something is, where there is no terminal."""

import pytest

from bot.cli.fetching import ProgressLine


def test_each_tenth_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    tell = ProgressLine()
    for done in range(0, 1001, 20):
        tell("fetching it", done * 1000, 1_000_000)
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 11
    assert told[0] == "fetching it: 0 bytes of 1.0 MB (0%)"
    assert told[-1].startswith("fetching it: 1.0 MB of 1.0 MB (100%)")


def test_what_goes_on_begins_where_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    ProgressLine()("fetching it", 500_000, 1_000_000)
    assert capsys.readouterr().err == "fetching it: 500.0 kB of 1.0 MB (50%)\n"


def test_shares_are_told_without_bytes(capsys: pytest.CaptureFixture[str]) -> None:
    tell = ProgressLine(in_bytes=False)
    tell("encoding", 0, 1000)
    tell("encoding", 300, 1000)
    assert capsys.readouterr().err == "encoding: 0%\nencoding: 30%\n"


def test_another_thing_begins_anew(capsys: pytest.CaptureFixture[str]) -> None:
    tell = ProgressLine(in_bytes=False)
    tell("one", 1000, 1000)
    tell("two", 1000, 1000)
    assert capsys.readouterr().err == "one: 100%\ntwo: 100%\n"


def test_nothing_is_told_where_it_is_quiet_or_unknown(capsys: pytest.CaptureFixture[str]) -> None:
    ProgressLine(quiet=True)("fetching it", 1, 2)
    ProgressLine()("fetching it", 0, 0)
    assert capsys.readouterr().err == ""
