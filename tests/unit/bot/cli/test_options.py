from pathlib import Path

import pytest
import typer
from PIL import Image

from bot.cli.options import picture, time
from bot.errors import PictureUnreadable


@pytest.mark.parametrize(("text", "seconds"), [("0", 0), ("2.5", 2.5), ("00:02", 2), ("1:02:03", 3723)])
def test_a_time_is_seconds_or_a_clock_time(text: str, seconds: float) -> None:
    assert time(text) == seconds


@pytest.mark.parametrize("text", ["-1", "nan", "inf", "later", ""])
def test_no_other_time_is_taken(text: str) -> None:
    with pytest.raises(typer.BadParameter):
        time(text)


def test_a_picture_is_read_as_rgb(tmp_path: Path) -> None:
    Image.new("RGBA", (4, 3), "red").save(tmp_path / "p.png")
    assert (picture(tmp_path / "p.png").mode, picture(tmp_path / "p.png").size) == ("RGB", (4, 3))


def test_what_is_no_picture_is_refused(tmp_path: Path) -> None:
    (tmp_path / "p.png").write_text("not a picture")
    with pytest.raises(PictureUnreadable, match=r"p\.png"):
        picture(tmp_path / "p.png")


def test_a_picture_far_too_large_is_refused(tmp_path: Path) -> None:
    Image.new("1", (20_000, 20_000)).save(tmp_path / "huge.png")
    with pytest.raises(PictureUnreadable):
        picture(tmp_path / "huge.png")
