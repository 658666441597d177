import pytest
import typer

from bot.cli.options import time


@pytest.mark.parametrize(("text", "seconds"), [("0", 0), ("2.5", 2.5), ("00:02", 2), ("1:02:03", 3723)])
def test_a_time_is_seconds_or_a_clock_time(text: str, seconds: float) -> None:
    assert time(text) == seconds


@pytest.mark.parametrize("text", ["-1", "nan", "inf", "later", ""])
def test_no_other_time_is_taken(text: str) -> None:
    with pytest.raises(typer.BadParameter):
        time(text)
