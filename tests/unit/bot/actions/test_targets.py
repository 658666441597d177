"""Files that are written for a person: never over what is there, unless they say so."""

from pathlib import Path

import pytest

from bot.actions.targets import check_target, write_text
from bot.errors import UsageError


def test_a_file_is_written_and_what_is_there_is_kept_unless_it_may_be_replaced(tmp_path: Path) -> None:
    target = tmp_path / "talk.md"
    write_text(target, "one")
    with pytest.raises(UsageError, match="already exists") as refused:
        write_text(target, "two")
    assert "--overwrite" in refused.value.hint and "overwrite=True" in refused.value.hint
    assert target.read_text() == "one"
    write_text(target, "two", overwrite=True)
    assert target.read_text() == "two"


def test_a_folder_that_is_not_there_is_refused_before_anything_is_done(tmp_path: Path) -> None:
    check_target(tmp_path / "a.mp4")
    with pytest.raises(UsageError, match="does not exist"):
        check_target(tmp_path / "no" / "a.mp4")
