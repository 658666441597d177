from pathlib import Path

import pytest
from PIL import Image

from bot.actions.pictures import picture
from bot.errors import PictureUnreadable


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
