"""A part of `benchmarks/faults.py`: one case of a server, a clock and a film that changes."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("kind", ["server closed: looking", "file: cut_film"])
def test_a_fault_ends_in_a_clear_report(kind: str) -> None:
    command = [sys.executable, "benchmarks/faults.py", "--kinds", kind]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "1 cases, 0 problems" in ran.stdout
