"""Is all damage found, and none of it shown? Random bits flipped and files cut or deleted, in a home like a person's.

    python benchmarks/damage.py [--flips 300] [--cuts 60] [--seed 1]

The home holds two films with their subtitles, captions without films, and a conversation. Every command that shows
something runs on the whole home first. Then each case damages a copy of it in one place and runs them again, and
`vdialog doctor --full` on another copy. A case counts where a command printed something else than before: it is
*missed* where doctor says that all is well, and *shown* where a command that printed something else said nothing of
damage. They run in another process, which is begun anew where it ends or hangs over a damaged file.
"""

import argparse
import contextlib
import io
import json
import logging
import os
import random
import re
import select
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.cli import main as vdialog
from demo.stories import FILMS
from demo.writing import write_films

CAPTIONS = {
    "park": {
        "duration": 40,
        "timestamps": [[0, 10], [10, 20], [25, 40]],
        "sentences": [
            "A man in a red shirt throws a ball.",
            "A brown dog catches the ball.",
            "The dog sleeps under a tree.",
        ],
    },
    "kitchen": {
        "duration": 30,
        "timestamps": [[0, 12], [12, 30]],
        "sentences": ["A woman cuts an onion.", "The woman stirs a pot of soup."],
    },
}
QUESTIONS = ("where is the dog?", "who cuts an onion?", "when is there a ferry?")
TELLS = re.compile(r"damaged|doctor|restore|reindex|not what was written")
MASKED = (
    (r'"seconds": ([0-9.e-]+|{[^}]*})', '"seconds": 0'),
    (r"\b[0-9a-f]{32}\b", "CONVERSATION"),
    (r"\d+\.\d+ s\b", "0 s"),
)
SECONDS = 120
"""How long a case may take; one that hangs has not told of the damage."""

Printed = dict[str, tuple[int, str, str]]


@dataclass(frozen=True, slots=True)
class Damage:
    """One place that is damaged: a file of the home, how, and where in it."""

    file: str
    how: str
    place: int

    def do(self, home: Path) -> None:
        """Damage a home."""
        path = home / self.file
        data = bytearray(path.read_bytes())
        if self.how == "deleted":
            path.unlink()
        elif self.how == "flipped":
            data[self.place // 8] ^= 1 << self.place % 8
            path.write_bytes(data)
        else:
            path.write_bytes(data[: self.place])


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a case: the commands that printed something else, those that showed it, and whether it was found."""

    changed: tuple[str, ...]
    shown: tuple[str, ...]
    is_found: bool


def settings(home: Path) -> None:
    """Let this process use a home, with models that need no weights."""
    for name in [name for name in os.environ if name.startswith("VDIALOG_")]:
        del os.environ[name]
    os.environ |= {"VDIALOG_HOME": str(home), "VDIALOG_TEXT_MODEL": "hashing", "VDIALOG_STABLE_SECONDS": "0"}


def run(*arguments: str) -> tuple[int, str, str]:
    """Run a command in this process; return its exit code and what it printed, seconds and ids masked."""
    code, *texts = raw(*arguments)
    for pattern, mask in MASKED:
        texts = [re.sub(pattern, mask, text) for text in texts]
    return code, texts[0], texts[1]


def raw(*arguments: str) -> tuple[int, str, str]:
    """Run a command in this process; return its exit code and what it printed."""
    out, err = io.StringIO(), io.StringIO()
    logging.root.handlers.clear()  # what is logged goes to where stderr goes now
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = vdialog(arguments)
    return code, out.getvalue(), err.getvalue()


def printed(ids: Sequence[str], conversation: str) -> Printed:
    """Run every command that shows something; what changes the home comes last."""
    commands = [("videos", "list", "--json"), ("conversations", "list", "--json")]
    commands += [("videos", "show", name, "--json") for name in ids]
    commands += [("conversations", "show", conversation), ("conversations", "search", "dog", "--json")]
    commands += [("search", question, "--json") for question in QUESTIONS]
    commands += [("feedback", "export"), ("clip", f"{ids[0]}:1", "-o", "clip.mp4", "--json")]
    commands += [("ask", QUESTIONS[0], "--json")]
    commands += [("ask", "and after that?", "--conversation", conversation, "--json")]
    return {" ".join(command): run(*command) for command in commands}


def make(folder: Path) -> tuple[Path, tuple[list[str], str]]:
    """Make the home and return it, with the ids of its videos and of its conversation."""
    home = folder / "home"
    settings(home)
    write_films(folder / "films", FILMS[:2])
    (folder / "captions.json").write_text(json.dumps(CAPTIONS))
    assert run("ingest", str(folder / "films"))[0] == 0
    assert run("import", str(folder / "captions.json"))[0] == 0
    for number, question in enumerate(QUESTIONS):
        assert run("ask", question, *["-c"][:number])[0] == 0
    (conversation,) = json.loads(raw("conversations", "list", "--json")[1])["conversations"]
    assert run("feedback", "add", conversation["conversation"], "good")[0] == 0
    listed = json.loads(run("videos", "list", "--json")[1])["videos"]
    films = sorted(listed, key=lambda video: video["state"] == "imported")
    return home, ([video["video_id"] for video in films], conversation["conversation"])


def drawn(home: Path, flips: int, cuts: int, rng: random.Random) -> list[Damage]:
    """Draw places: half of the flips in a file drawn by its bytes, the other half and all cuts in any file."""
    files = sorted(str(path.relative_to(home)) for path in home.rglob("*") if path.is_file() and path.stat().st_size)
    sizes = [(home / file).stat().st_size for file in files]
    found = []
    for number in range(flips):
        (place,) = rng.choices(range(len(files)), sizes if number % 2 else None)
        found.append(Damage(files[place], "flipped", rng.randrange(8 * sizes[place])))
    for number in range(cuts):
        place = rng.randrange(len(files))
        how, rest = (("deleted", 0), ("cut", rng.randrange(sizes[place])), ("cut", 0))[number % 3]
        found.append(Damage(files[place], how, rest))
    return found


def outcome(damage: Damage, home: Path, whole: Printed, names: tuple[list[str], str], folder: Path) -> Outcome:
    """Damage copies of a home, and see what is said and shown."""
    copy, other = folder / "home", folder / "other" / "home"
    for one in (copy, other):
        shutil.copytree(home, one)
        damage.do(one)
    settings(copy)
    now = printed(*names)
    settings(other)
    code = run("doctor", "--full")[0]
    there = {name: tuple(text.replace(str(folder), "") for text in told[1:]) for name, told in whole.items()}
    changed, shown = [], []
    for name, (ended, out, err) in now.items():
        said = (out.replace(str(folder), ""), err.replace(str(folder), ""))
        if ended != whole[name][0] or said != there[name]:
            changed.append(name)
            if not TELLS.search(out + err):
                shown.append(name)
    return Outcome(tuple(changed), tuple(shown), code != 0)


def outcomes(cases: Sequence[Damage], home: Path, whole: Printed, names: tuple[list[str], str]) -> Iterator[Outcome]:
    """Yield the outcome of each case, from a process that is begun anew where one ended or hangs."""
    done = 0
    while done < len(cases):
        reading, writing = os.pipe()
        if (child := os.fork()) == 0:
            with contextlib.suppress(Exception), os.fdopen(writing, "w") as told:
                os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
                for damage in cases[done:]:
                    with tempfile.TemporaryDirectory() as folder:
                        os.chdir(folder)
                        found = outcome(damage, home, whole, names, Path(folder))
                        print(json.dumps([found.changed, found.shown, found.is_found]), file=told, flush=True)
                        os.chdir("/")
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as lines:
            while done < len(cases) and select.select([lines], [], [], SECONDS)[0] and (line := lines.readline()):
                changed, shown, is_found = json.loads(line)
                yield Outcome(tuple(changed), tuple(shown), is_found)
                done += 1
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        if done < len(cases):
            yield Outcome(("the process ended",), ("the process ended",), False)
            done += 1


def in_a_child(folder: Path) -> tuple[Path, Printed, tuple[list[str], str]]:
    """Make the home and see what it prints, in processes of their own: no thread of theirs may be forked."""
    made = folder / "made.json"
    if (child := os.fork()) == 0:
        end = 1
        with contextlib.suppress(BaseException):
            home, names = make(folder)
            with tempfile.TemporaryDirectory() as other:
                os.chdir(other)
                shutil.copytree(home, Path(other) / "home")
                settings(Path(other) / "home")
                told = printed(*names)
                assert run("doctor", "--full")[0] == 0
            masked = {name: [code, *(t.replace(other, "") for t in texts)] for name, (code, *texts) in told.items()}
            made.write_text(json.dumps([str(home), masked, names]))
            end = 0
        os._exit(end)
    os.waitpid(child, 0)
    home, masked, names = json.loads(made.read_text())
    return Path(home), {name: (code, out, err) for name, (code, out, err) in masked.items()}, (names[0], names[1])


def measured(flips: int, cuts: int, seed: int, folder: Path, is_told: bool = True) -> tuple[int, list[str], list[str]]:
    """Return how many cases changed what is printed, and which of them were missed or shown."""
    home, whole, names = in_a_child(folder)
    changed, missed, shown = 0, [], []
    cases = drawn(home, flips, cuts, random.Random(seed))
    for number, (damage, found) in enumerate(zip(cases, outcomes(cases, home, whole, names), strict=True), start=1):
        changed += bool(found.changed)
        case = f"{damage.file} {damage.how} at {damage.place}: {', '.join(found.shown or found.changed)}"
        if found.changed and not found.is_found:
            missed.append(case)
        if found.shown:
            shown.append(case)
        if is_told and (number % 20 == 0 or found.shown or (found.changed and not found.is_found)):
            print(f"{number}/{len(cases)}: {changed} changed, {len(missed)} missed, {len(shown)} shown", flush=True)
    return changed, missed, shown


def main() -> None:
    """Damage homes and print what was missed and what was shown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--flips", type=int, default=300, help="bits that are flipped")
    parser.add_argument("--cuts", type=int, default=60, help="files that are cut or deleted")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        changed, missed, shown = measured(options.flips, options.cuts, options.seed, Path(folder))
    print(f"{options.flips + options.cuts} cases: {changed} change what is printed, load {os.getloadavg()[0]:.1f}")
    print(f"missed by doctor --full: {len(missed)}", *missed, sep="\n  ")
    print(f"shown as if all was well: {len(shown)}", *shown, sep="\n  ")
    sys.exit(bool(missed or shown))


if __name__ == "__main__":
    main()
