"""Videos that were dropped: what they are called in the home, and what is known of them."""

from pathlib import Path

import pytest

from bot.slack.dropped import _file_name
from bot.slack.incoming import pictures, pointed_at, videos


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("quay.mp4", "quay.mp4"),
        ("../../etc/passwd.mp4", "_.._etc_passwd.mp4"),
        (".hidden.mkv", "hidden.mkv"),
        ("a\n\x1b[2Kb.mov", "a___2Kb.mov"),
        ("Über den Fluss (2).mp4", "Über den Fluss (2).mp4"),
        ("...", "video"),
        ("", "video"),
        ("x" * 300 + ".mp4", "x" * 100 + ".mp4"),
        ("水" * 300 + ".mp4", "水" * 33 + ".mp4"),
    ],
)
def test_a_name_lies_in_one_folder_whatever_it_says(name: str, kept: str) -> None:
    assert _file_name(name) == kept
    assert Path("folder", kept).parent == Path("folder")


def test_videos_of_a_message_are_told_from_its_pictures_and_a_shortcut_takes_all_files() -> None:
    files = [
        {"id": "F1", "mimetype": "image/png"},
        {"id": "F2", "mimetype": "video/quicktime"},
        {"id": "F3"},
        "none",
    ]
    assert (pictures({"files": files}), videos({"files": files})) == (("F1",), ("F2",))
    about = pointed_at({"message": {"files": files}})
    assert (about.files, about.attached) == (("F1",), ("F1", "F2", "F3"))
