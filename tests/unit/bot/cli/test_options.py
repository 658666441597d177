from pathlib import Path

import pytest
import typer

from bot.cli.options import existing, path, time


@pytest.mark.parametrize(("text", "seconds"), [("0", 0), ("2.5", 2.5), ("00:02", 2), ("1:02:03", 3723)])
def test_a_time_is_seconds_or_a_clock_time(text: str, seconds: float) -> None:
    assert time(text) == seconds


@pytest.mark.parametrize("text", ["-1", "nan", "inf", "later", ""])
def test_no_other_time_is_taken(text: str) -> None:
    with pytest.raises(typer.BadParameter):
        time(text)


def test_an_empty_text_is_no_path_though_the_system_takes_it_for_the_current_folder(tmp_path: Path) -> None:
    assert existing(str(tmp_path)) == path(tmp_path) == tmp_path
    assert path("new") == Path("new")
    for read, text in ((path, ""), (existing, ""), (existing, str(tmp_path / "new"))):
        with pytest.raises(typer.BadParameter):
            read(text)
