"""`vdialog` as a process of its own: what it loads, and how it ends."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = (
    "torch",
    "transformers",
    "sentence_transformers",
    "open_clip",
    "lancedb",
    "rapidocr",
    "cv2",
    "av",
    "scenedetect",
    "pandas",
    "sklearn",
)

PROBE = """
import sys
from bot.cli import main
code = main(sys.argv[1:])
print(" ".join(name for name in {heavy!r} if name in sys.modules), file=sys.stderr)
sys.exit(code)
"""


def started(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "VDIALOG_HOME": str(home), "VDIALOG_TEXT_MODEL": "hashing"}
    program = PROBE.format(heavy=HEAVY)
    return subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, env=environment, check=False
    )


@pytest.mark.parametrize(
    "arguments", [("--help",), ("ask", "--help"), ("config", "show"), ("videos", "list"), ("conversations", "list")]
)
def test_what_needs_no_model_loads_none(arguments: tuple[str, ...], tmp_path: Path) -> None:
    ran = started(*arguments, home=tmp_path)
    assert (ran.returncode, ran.stderr.strip()) == (0, "")


def test_every_command_has_help_and_json(tmp_path: Path) -> None:
    helped = started("--help", home=tmp_path).stdout
    commands = ("demo", "ingest", "import", "search", "ask", "videos", "conversations", "clip", "reindex", "doctor")
    assert all(command in helped for command in (*commands, "config"))


def test_a_reader_that_leaves_early_is_no_failure(tmp_path: Path) -> None:
    environment = {**os.environ, "VDIALOG_HOME": str(tmp_path)}
    program = "import sys; from bot.cli import main; sys.exit(main())"
    command = f'"{sys.executable}" -c "{program}" config show | (exec 0<&-; sleep 2)'
    ran = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, env=environment, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")


def test_without_a_command_the_help_is_shown(tmp_path: Path) -> None:
    ran = started(home=tmp_path)
    assert ran.returncode == 2
    assert "Usage: vdialog" in ran.stderr
