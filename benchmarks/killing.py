"""Kills what changes a library at every step that it does on disk, and says what was wrong afterwards.

python benchmarks/killing.py [--points N] [OPERATION ...]
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests import killing


def main() -> int:
    """Return 1 where something was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=0, help="steps of each operation, drawn; all without it")
    parser.add_argument("operations", nargs="*", default=list(killing.OPERATIONS), metavar="OPERATION")
    asked, wrong = parser.parse_args(), 0
    for name in asked.operations:
        with tempfile.TemporaryDirectory() as folder:
            outcome = killing.killed(Path(folder), asked.points, name)[name]
        wrong += len(outcome.wrong)
        print(f"{name}: killed at {outcome.killed} of {outcome.steps} steps, {len(outcome.wrong)} wrong", flush=True)
        for one in outcome.wrong:
            print(f"  {one}")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
