"""Pictures of users: a few kinds are opened, in a process of their own, and nothing else of the system is."""

import os
import stat
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bot.actions.pictures import picture
from bot.errors import PictureUnreadable

EPS = b"""%!PS-Adobe-3.0 EPSF-3.0
%%BoundingBox: 0 0 10 10
(touched) (w) file closefile
showpage
"""
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/hostname"/></svg>'
XBM = b"#define a_width 8\n#define a_height 1\nstatic char a_bits[] = {\n0xff};"


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "gif"])
def test_a_picture_is_read_as_rgb(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "p"
    Image.new("RGB", (40, 30), "red").save(path, kind)
    shown = picture(path)
    assert (shown.mode, shown.size) == ("RGB", (40, 30))
    assert np.abs(np.asarray(shown).astype(int) - (255, 0, 0)).max() < 8


def test_a_picture_without_background_and_one_in_the_hand_are_read(tmp_path: Path) -> None:
    Image.new("RGBA", (4, 3), "red").save(tmp_path / "p.png")
    assert (picture(tmp_path / "p.png").mode, picture(str(tmp_path / "p.png")).size) == ("RGB", (4, 3))
    assert picture(Image.new("L", (4, 3))).mode == "RGB"
    with Image.open(tmp_path / "p.png") as opened:
        assert picture(opened).size == (4, 3)


@pytest.mark.parametrize("name", ["p.png", "p.eps", "p.jpg", "p.svg"])
@pytest.mark.parametrize("content", [EPS, PDF, SVG, XBM, b"not a picture", b"", b"\x89PNG\r\n\x1a\n" + EPS, b"RIFF"])
def test_nothing_else_is_opened_whatever_it_is_called(
    tmp_path: Path, name: str, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = tmp_path / "started"
    for program in ("gs", "gswin64c", "rsvg-convert"):
        (tmp_path / program).write_text(f"#!/bin/sh\necho $0 >> {started}\n")
        (tmp_path / program).chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    (tmp_path / name).write_bytes(content)
    with pytest.raises(PictureUnreadable, match=name.replace(".", r"\.")) as raised:
        picture(tmp_path / name)
    assert "JPEG, PNG, WebP or GIF" in raised.value.hint
    assert not started.exists()


def test_a_file_that_is_opened_but_not_yet_read_is_not_read_where_it_is_of_another_kind(tmp_path: Path) -> None:
    (tmp_path / "p.png").write_bytes(EPS)
    with Image.open(tmp_path / "p.png") as opened, pytest.raises(PictureUnreadable):
        picture(opened)


def test_what_is_no_plain_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "p.png")
    assert stat.S_ISFIFO((tmp_path / "p.png").stat().st_mode)
    for path in (tmp_path / "p.png", Path("/dev/zero"), Path("/dev/stdin"), tmp_path, tmp_path / "gone.png"):
        with pytest.raises(PictureUnreadable):
            picture(path)


def test_a_picture_far_too_large_is_refused(tmp_path: Path) -> None:
    Image.new("1", (20_000, 20_000)).save(tmp_path / "huge.png")
    with pytest.raises(PictureUnreadable, match="too many pixels"):
        picture(tmp_path / "huge.png")
    with (tmp_path / "sparse.png").open("wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n")
        file.truncate(2**32)
    with pytest.raises(PictureUnreadable, match="too large"):
        picture(tmp_path / "sparse.png")


def test_a_large_picture_comes_smaller(tmp_path: Path) -> None:
    Image.new("RGB", (6000, 3000), "blue").save(tmp_path / "large.jpg")
    assert max(picture(tmp_path / "large.jpg").size) <= 4096


def test_a_damaged_picture_ends_the_child_alone(tmp_path: Path) -> None:
    Image.effect_noise((300, 300), 90).save(tmp_path / "p.png")
    whole = (tmp_path / "p.png").read_bytes()
    for at in (40, 300, len(whole) // 2):
        (tmp_path / "p.png").write_bytes(whole[:at] + b"\xff" * 30 + whole[at + 30 :])
        with pytest.raises(PictureUnreadable):
            picture(tmp_path / "p.png")
