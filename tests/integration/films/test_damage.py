"""A seeded part of `benchmarks/damage.py`: no damage is missed by doctor, and none is shown."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_damage_is_found_and_not_shown() -> None:
    command = [sys.executable, "benchmarks/damage.py", "--flips", "6", "--cuts", "3", "--seed", "11"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=None)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "9 cases" in ran.stdout
