"""Files that are written for a person: never over what is there, unless they say so."""

import errno
from pathlib import Path

import pytest

from bot.actions.targets import check_target, write_text, writing
from bot.errors import DiskFull, UsageError


def test_a_file_is_written_and_what_is_there_is_kept_unless_it_may_be_replaced(tmp_path: Path) -> None:
    target = tmp_path / "talk.md"
    write_text(target, "one")
    with pytest.raises(UsageError, match="already exists") as refused:
        write_text(target, "two")
    assert "--overwrite" in refused.value.hint and "overwrite=True" in refused.value.hint
    assert target.read_text() == "one"
    write_text(target, "two", overwrite=True)
    assert target.read_text() == "two"


@pytest.mark.parametrize("name", ["", "talk\0.md", "a" * 300, "file/talk.md", f"{'a' * 300}/talk.md", "pipe"])
@pytest.mark.parametrize("overwrite", [True, False])
def test_a_path_where_nothing_can_be_written_is_said_as_it_was_given(
    name: str, overwrite: bool, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("kept")
    (tmp_path / "pipe").symlink_to(tmp_path / "no" / "where")
    with pytest.raises(UsageError) as refused:
        write_text(tmp_path / name, "one", overwrite)
    assert repr(str(tmp_path))[:-1] in refused.value.message
    assert refused.value.hint


def test_what_goes_wrong_while_a_file_is_written_is_said_of_that_file(tmp_path: Path) -> None:
    with pytest.raises(DiskFull, match="talk.md") as full, writing(tmp_path / "talk.md"):
        raise OSError(errno.ENOSPC, "No space left on device", str(tmp_path / ".part-1"))
    assert (full.value.code, full.value.exit_code) == ("disk_full", 3)
    with (
        pytest.raises(UsageError, match="talk.md' cannot be written: Permission denied"),
        writing(tmp_path / "talk.md"),
    ):
        raise PermissionError(errno.EACCES, "Permission denied", str(tmp_path / ".part-1"))


def test_a_folder_that_is_not_there_is_refused_before_anything_is_done(tmp_path: Path) -> None:
    check_target(tmp_path / "a.mp4")
    with pytest.raises(UsageError, match="does not exist"):
        check_target(tmp_path / "no" / "a.mp4")
