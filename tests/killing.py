"""Kills what changes a library at every step that it does on disk, and looks at what is left.

Run with the counting library before it (see `tests/guard/die.c`): python -m tests.killing FOLDER POINTS [OPERATION ...]
"""

import ctypes
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

import lance_namespace  # noqa: F401  # what LanceDB loads, once for all; itself must be loaded after a fork
import pyarrow.dataset  # noqa: F401

from bot import bootstrap
from bot.bootstrap import restoring
from bot.dialogue.conversation import Turn
from bot.dialogue.messages import Citation
from bot.dialogue.storing.sqlite import SqliteConversations
from bot.rights import Rights, grantee_of
from bot.settings import Settings
from retrieval.catalogue import row_sums
from retrieval.catalogue.backups import damage
from retrieval.library import Library
from retrieval.publishing import erasing
from retrieval.searching.query import Query
from retrieval.types import TimeSpan
from tests.contract.test_conversation_store import turn
from tests.films import film, shots
from tests.unit.retrieval.catalogue.test_upgrading import SEVERAL_COLLECTIONS

SOURCE = Path(__file__).parent / "guard" / "die.c"
HIDDEN, NEW = "zwjqkvbxh", "nnkqzzvbw"
SAID = {
    "planted": [f"the {HIDDEN} is here", "a dog sleeps"],
    "park": ["a dog runs", "a man throws a ball"],
    "lake": ["a boat", "a dog swims"],
}
MORE = {"hill": ["a dog on a hill", "snow"], "sea": ["waves", "a dog in the sea"]}
CUES = "1\n00:00:00,200 --> 00:00:01,200\n{}\n"
ALL = frozenset({"library", "other"})

State = dict[str, object]


@dataclass
class Outcome:
    """What became of one operation: its steps on disk, at how many of them it was killed, and what was wrong then."""

    steps: int = 0
    killed: int = 0
    wrong: list[str] = field(default_factory=list)


def settings(home: Path) -> Settings:
    return Settings(home=home, text_model="hashing", clip_model="hashing", stable_seconds=0)


def captions(folder: Path, said: dict[str, list[str]], name: str = "captions.json") -> Path:
    entries = {
        name: {"duration": 10, "timestamps": [[5 * n, 5 * n + 5] for n in range(len(texts))], "sentences": texts}
        for name, texts in said.items()
    }
    (folder / name).write_text(json.dumps(entries))
    return folder / name


def shown(asked: str, video: str, said: str) -> Turn:
    made = turn(asked, f'In "{video}": "{said}" [1]')
    cited = Citation(1, f"library/{video}:1", f"library/{video}", video, TimeSpan(0, 5))
    return Turn(**{name: getattr(made, name) for name in made.__slots__} | {"citations": (cited,)})


def prepared(folder: Path) -> Path:
    """Make a home with three videos of which was spoken, one of which went and came back, and a copy of it."""
    home = folder / "home"
    with bootstrap.library(settings(home)) as library:
        library.import_annotations(captions(folder, SAID), "library")
        library._publisher.rebuild()
    with closing(SqliteConversations(home / "conversations.db")) as store:
        store.append("first", shown(f"where is the {HIDDEN}?", "planted", SAID["planted"][0]))
        store.append("second", shown("where is the man?", "park", SAID["park"][1]))
    bootstrap.back_up(settings(home), folder / "copy")
    captions(folder, {**SAID, "planted": [f"the {NEW} is here", "a dog sleeps"]})
    captions(folder, MORE, "more.json")
    shutil.copytree(home, folder / "older")
    with closing(sqlite3.connect(folder / "older" / "catalogue.db")) as db:
        db.row_factory = sqlite3.Row
        row_sums.drop(db)
        db.executescript(SEVERAL_COLLECTIONS)
        db.commit()
    (folder / "films").mkdir()
    film(folder / "films" / "barks.mp4", shots((1, 1), (2, 1)))
    (folder / "films" / "barks.srt").write_text(CUES.format("a dog barks"))
    with bootstrap.library(settings(folder / "filmed")) as library:
        library.ingest([folder / "films"], "library")
    (folder / "films").rename(folder / "shot")
    return folder


def take(folder: Path, library: Library) -> None:
    """Take the film in, which is not where it was: what is killed is one of many copies of the folder."""
    library.ingest([folder / "shot"], "library")


def instead(folder: Path, name: str) -> Path:
    """Let another home stand where the home is, and return it."""
    shutil.rmtree(folder / "home")
    (folder / name).rename(folder / "home")
    return folder / "home"


def remove(folder: Path, begin: Callable[[], None]) -> None:
    with bootstrap.library(settings(folder / "home")) as library:
        begin()
        library.remove("planted", ALL)


def replace(folder: Path, begin: Callable[[], None]) -> None:
    with bootstrap.library(settings(folder / "home")) as library:
        begin()
        library.import_annotations(folder / "captions.json", "library")


def move(folder: Path, begin: Callable[[], None]) -> None:
    with bootstrap.library(settings(folder / "home")) as library:
        begin()
        library.move("planted", "other", ALL)


def compact(folder: Path, begin: Callable[[], None]) -> None:
    with bootstrap.library(settings(folder / "home")) as library:
        most, erasing.AT_ONCE = erasing.AT_ONCE, 0
        library.remove("planted", ALL)
        erasing.AT_ONCE = most
        begin()
        library.compact()


def delete(folder: Path, begin: Callable[[], None]) -> None:
    with closing(SqliteConversations(folder / "home" / "conversations.db")) as store:
        begin()
        store.delete("first")


def backup(folder: Path, begin: Callable[[], None]) -> None:
    begin()
    bootstrap.back_up(settings(folder / "home"), folder / "made")


def restore(folder: Path, begin: Callable[[], None]) -> None:
    with bootstrap.library(settings(folder / "home")) as library:
        library.remove("planted", ALL)
    begin()
    plan = restoring.plan_restore(settings(folder / "home"), folder / "copy", None)
    assert plan is not None
    restoring.restore(settings(folder / "home"), plan)


def import_(folder: Path, begin: Callable[[], None]) -> None:
    with bootstrap.library(settings(folder / "home")) as library:
        begin()
        library.import_annotations(folder / "more.json", "library")


def grant(folder: Path, begin: Callable[[], None]) -> None:
    with bootstrap.library(settings(folder / "home")) as library:
        begin()
        Rights(library.catalogue).add("library", grantee_of("channel:T024/C7"), external=True)


def append(folder: Path, begin: Callable[[], None]) -> None:
    with closing(SqliteConversations(folder / "home" / "conversations.db")) as store:
        begin()
        store.append("first", shown("and the dog?", "park", SAID["park"][0]))


def migrate(folder: Path, begin: Callable[[], None]) -> None:
    home = instead(folder, "older")
    begin()
    with bootstrap.library(settings(home)) as library:
        library._publisher.sweep()


def ingest(folder: Path, begin: Callable[[], None]) -> None:
    with bootstrap.library(settings(folder / "home")) as library:
        begin()
        take(folder, library)


def reingest(folder: Path, begin: Callable[[], None]) -> None:
    home = instead(folder, "filmed")
    with bootstrap.library(settings(home)) as library:
        (folder / "shot" / "barks.srt").write_text(CUES.format("a dog sings"))
        begin()
        take(folder, library)


OPERATIONS: dict[str, Callable[[Path, Callable[[], None]], None]] = {
    one.__name__: one
    for one in (
        *(remove, replace, move, compact, delete, backup, restore),
        *(import_, grant, append, migrate, ingest, reingest),
    )
}
BEGUN = ("compact", "restore", "migrate", "reingest")
"""Those that do something before they begin: what they begin with is not what was prepared."""
GOES_ON = ("ingest", "reingest")
"""Those that go on where they were when they are given again."""
ERASED = {"remove": HIDDEN, "replace": HIDDEN, "compact": HIDDEN}
"""What is in no file any more once an operation counts."""


def state(home: Path, library: Library) -> State:
    catalogue = library.catalogue
    videos = {
        video.key: [(moment.moment_id, moment.text) for moment in catalogue.moments(video.key, ALL)]
        for video in catalogue.videos(ALL)
    }
    with closing(SqliteConversations(home / "conversations.db")) as store:
        talks = {
            one.conversation_id: [(kept.asked, kept.answer) for kept in store.load(one.conversation_id).turns]
            for one in store.list()
        }
    grants = [(one.collection, one.grantee, one.external) for one in Rights(catalogue).grants()]
    return {"videos": videos, "talks": talks, "grants": grants}


def left(folder: Path, name: str) -> Iterator[str]:
    """Yield what is wrong with what an operation left, when the next that writes has come; last its state, as JSON."""
    home = folder / "home"
    with bootstrap.library(settings(home)) as library:
        if name in GOES_ON:
            take(folder, library)
        library._publisher.sweep()
        catalogue = library.catalogue
        known = catalogue.moment_count()
        if name == "restore" and library.indexed() != known:
            library.reindex()  # as doctor says
        if library.indexed() != known:
            yield f"{library.indexed()} moments of {known} are indexed"
        if said := catalogue.database.check() or ", ".join(catalogue.failing()):
            yield f"damaged: {said}"
        if hidden := catalogue.hidden():
            yield f"hidden: {hidden}"
        hits = [hit.moment_id for hit in library.searcher.search(Query("dog", arm="keywords"), ALL).hits]
        holding = sum("dog" in str(moments) for moments in state(home, library)["videos"].values())  # type: ignore[attr-defined]
        if len(hits) != len(set(hits)) or len(hits) != holding:
            yield f"found: {hits}"
        now = state(home, library)
    if name in ERASED and ERASED[name] not in str(now["videos"]):
        from tests.traces import traces  # not before a fork: it loads what has threads

        yield from traces(home, [ERASED[name]])
    if name == "backup" and (folder / "made").exists():
        yield from (f"copy: {found}" for path in (folder / "made").glob("*.db") if (found := damage(path)))
        if not (folder / "made" / "conversations.db").is_file():
            yield "half a copy"
    yield json.dumps(now)


def forked(work: Callable[[], None], log: Path) -> int:
    """Do something in a process of its own; return how it ended."""
    process = os.fork()
    if process == 0:
        code = 1
        try:
            with log.open("w") as out:
                os.dup2(out.fileno(), 1)
                os.dup2(out.fileno(), 2)
                sys.stdout = sys.stderr = out
                work()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


class Trial:
    """Runs operations on copies of a prepared home."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._before: dict[str, State] = {}
        self._counting = ctypes.CDLL(None)
        self._counting.steps.restype = ctypes.c_long
        self.template = prepared_in_child(folder / "template")

    def once(self, name: str, step: int) -> tuple[int, str]:
        """Run an operation up to a step (0: to its end); return how it ended, and what it said."""
        here, log = self.folder / "point", self.folder / "log"
        shutil.rmtree(here, ignore_errors=True)
        shutil.copytree(self.template, here)

        def run() -> None:
            OPERATIONS[name](here, lambda: self._counting.die_at(str(here).encode(), ctypes.c_long(step)))
            print(self._counting.steps())

        return forked(run, log), log.read_text()

    def wrong(self, name: str) -> tuple[list[str], State]:
        """Return what is wrong with what is left, and its state."""
        log = self.folder / "left"
        if code := forked(lambda: print(*left(self.folder / "point", name), sep="\n"), log):
            return [f"ended with {code}: {log.read_text()[-2000:]}"], {}
        *wrong, now = log.read_text().strip().splitlines()
        return wrong, json.loads(now)

    def all(self, name: str, points: int) -> Outcome:
        """Kill an operation at some of its steps, or with 0 points at all."""
        code, said = self.once(name, 0)
        assert code == 0, said
        assert "lancedb" not in sys.modules, "a process that was forked off could wait for its threads for ever"
        outcome = Outcome(int(said.split()[-1]))
        found, after = self.wrong(name)
        outcome.wrong += [f"left in peace: {one}" for one in found]
        chosen = range(1, outcome.steps + 1)
        for step in random.Random(name).sample(chosen, min(points, len(chosen))) if points else chosen:
            code, _ = self.once(name, step)
            outcome.killed += code == -signal.SIGKILL
            found, now = self.wrong(name)
            before = self.before(name)
            for what in now:
                if now[what] not in (after[what], *([] if name in GOES_ON else [before[what]])):
                    found.append(f"neither before nor after: {now[what]}")
            if name in ("remove", "replace") and (now.get("videos") == after["videos"]) != (now == after):
                found.append("what was said of it did not follow")
            outcome.wrong += [f"step {step}: {one}" for one in found]
        return outcome

    def before(self, name: str) -> State:
        """Return what an operation begins with; that of the template, but for those that do something before."""
        kept = name if name in BEGUN else "template"
        if kept not in self._before:
            self._before[kept] = self._begun(name)
        return self._before[kept]

    def _begun(self, name: str) -> State:
        here, ended = self.folder / "point", self.folder / "ended"
        shutil.rmtree(ended, ignore_errors=True)
        here.rename(ended)
        shutil.copytree(self.template, here)

        class Begun(BaseException):
            pass

        def stop() -> None:
            raise Begun

        def run() -> None:
            with suppress(Begun):
                OPERATIONS[name](here, stop)

        assert forked(run, self.folder / "log") == 0
        _, now = self.wrong("restore")
        shutil.rmtree(here)
        ended.rename(here)
        return now


def prepared_in_child(folder: Path) -> Path:
    folder.mkdir()
    assert forked(lambda: print(prepared(folder)), folder.parent / "log") == 0, (folder.parent / "log").read_text()
    return folder


def killed(folder: Path, points: int, *names: str) -> dict[str, Outcome]:
    """Kill operations at so many of their steps on disk, 0 for all; raise FileNotFoundError without a compiler of C."""
    counting = folder / "die.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", counting, SOURCE, "-ldl"], check=True, capture_output=True)
    command = [sys.executable, "-m", __name__, str(folder), str(points), *names]
    root = str(Path(__file__).parents[1])
    own = {**os.environ, "LD_PRELOAD": str(counting), "PYTHONPATH": root}
    ran = subprocess.run(command, env=own, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise RuntimeError(ran.stdout + ran.stderr)
    return {name: Outcome(**one) for name, one in json.loads(ran.stdout.splitlines()[-1]).items()}


if __name__ == "__main__":
    trial = Trial(Path(sys.argv[1]))
    done = {name: asdict(trial.all(name, int(sys.argv[2]))) for name in sys.argv[3:] or OPERATIONS}
    print(json.dumps(done))
