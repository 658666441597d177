"""What changes a library, killed at a step that it does on disk: what was acknowledged is there, nothing doubled.

`make prove` kills at all steps.
"""

from pathlib import Path

import pytest

from tests import killing

SOME = ("remove", "replace", "backup", "restore", "migrate", "reingest")


@pytest.mark.slow
def test_a_kill_at_any_step_leaves_a_library_that_is_whole(tmp_path: Path) -> None:
    try:
        found = killing.killed(tmp_path, 1, *SOME)
    except FileNotFoundError:
        pytest.skip("no compiler of C (`make ci-tools` installs one)")
    assert {name: outcome.wrong for name, outcome in found.items()} == dict.fromkeys(SOME, [])
    assert all(outcome.killed == 1 for outcome in found.values())
    assert all(outcome.steps > 10 for outcome in found.values())
