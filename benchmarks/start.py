"""What does it cost until the first word? Commands in fresh processes over the sample films: processor time, memory.

    python benchmarks/start.py [--times 5] [--home DIR]

The library is that of `vdialog demo`, whose films are taken in with the default models (texts by the packaged model, no
pictures). Each command is run several times, by turns; the median counts. Processor seconds are those of all threads
and child processes, memory is the most that was resident, wall seconds depend on what else the machine does.

Exits with 1 where a command takes more than the limit of 3 processor seconds or 600 MB, and names each figure that is
20 % worse than `BASELINE`, as measured below.

Before (`BEFORE`), each command loaded torch, transformers and sentence-transformers, and what ingest needs.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

COMMANDS = {
    "search": ("search", "a ferry leaves the harbour"),
    "search --arm keywords": ("search", "a ferry leaves the harbour", "--arm", "keywords"),
    "ask": ("ask", "When does the ferry to Gull Island leave?"),
    "videos list": ("videos", "list"),
}

BEFORE = {
    "search": (12.53, 32.2, 1247),
    "search --arm keywords": (12.30, 28.8, 1244),
    "ask": (13.36, 30.1, 1250),
    "videos list": (0.89, 1.8, 70),
}
"""Processor seconds, wall seconds and MB, on two cores with a load of 9 to 11, November 2026."""

BASELINE = {
    "search": (2.0, 315),
    "search --arm keywords": (1.6, 215),
    "ask": (2.3, 320),
    "videos list": (0.9, 121),
}
"""Processor seconds and MB on the same machine, with the same load."""

SLIP = 1.2
LIMITS = (3.0, 600)

Cost = tuple[float, float, float]


def cost(arguments: tuple[str, ...], environment: Mapping[str, str]) -> Cost:
    """Run a command; return its processor seconds, its wall seconds, and the most memory that it took, in MB."""
    started = time.perf_counter()
    command = [sys.executable, "-c", "import sys\nfrom bot.cli import main\nsys.exit(main())", *arguments]
    ran = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment)
    _, status, used = os.wait4(ran.pid, 0)
    if ran.returncode is None:
        ran.returncode = os.waitstatus_to_exitcode(status)
    if ran.returncode:
        raise SystemExit(f"{' '.join(arguments)} ended with {ran.returncode}")
    return used.ru_utime + used.ru_stime, time.perf_counter() - started, used.ru_maxrss / 1024


def make(home: Path, environment: Mapping[str, str]) -> None:
    """Draw the sample films and take them in with the models that the environment names."""
    from bot.bootstrap import sample_films

    paths, _ = sample_films(home / "films", 3)
    command = [sys.executable, "-c", "import sys\nfrom bot.cli import main\nsys.exit(main())", "ingest"]
    subprocess.run([*command, *map(str, paths)], env=environment, check=True, stdout=subprocess.DEVNULL)


def main() -> None:
    """Make the library, measure the commands, and print what they cost beside what they cost before."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--home", type=Path, help="where the library is made, or was made before")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = (options.home or Path(folder) / "home").absolute()
        ours = {name: value for name, value in os.environ.items() if not name.startswith("VDIALOG_")}
        root = str(Path(__file__).parents[1])
        environment = {**ours, "VDIALOG_HOME": str(home), "VDIALOG_STABLE_SECONDS": "0", "PYTHONPATH": root}
        environment |= {"XDG_CONFIG_HOME": str(Path(folder) / "configuration")}
        if not (home / "catalogue.db").exists():
            make(home, environment)
        found: dict[str, list[Cost]] = {name: [] for name in COMMANDS}
        for _ in range(options.times):
            for name, arguments in COMMANDS.items():
                found[name].append(cost(arguments, environment))
    sys.exit(report({name: median(costs) for name, costs in found.items()}))


def median(costs: list[Cost]) -> Cost:
    """Return the median of each figure."""
    work, wall, memory = (statistics.median(figures) for figures in zip(*costs, strict=True))
    return work, wall, memory


def report(found: Mapping[str, Cost]) -> bool:
    """Print the costs; tell whether a limit is passed."""
    print(f"{'':22s} processor s (before)     wall s (before)      MB (before)   load {os.getloadavg()[0]:.1f}")
    for name, (work, wall, memory) in found.items():
        was = BEFORE[name]
        print(f"{name:22s} {work:11.2f} ({was[0]:6.2f}) {wall:11.1f} ({was[1]:5.1f}) {memory:12.0f} ({was[2]:5.0f})")
    for name, (work, _, memory) in found.items():
        for what, now, kept in (("processor s", work, BASELINE[name][0]), ("MB", memory, BASELINE[name][1])):
            if now > SLIP * kept:
                print(f"SLIPPED: {name} takes {now:.1f} {what}, {now / kept - 1:.0%} more than {kept}")
    passed = [name for name, (work, _, memory) in found.items() if work > LIMITS[0] or memory > LIMITS[1]]
    for name in passed:
        print(f"TOO MUCH: {name} takes more than {LIMITS[0]} processor seconds or {LIMITS[1]} MB")
    return bool(passed)


if __name__ == "__main__":
    main()
