"""Who is told what: random libraries, rights and commands against a brute-force oracle. `--cases` commands in all.

Counts what an asker is told of that they may not see: marks of hidden texts, ids and collections, numbers of turns and
videos, errors that tell hidden from unknown, and crashes. Exits with 1 where there is any.
"""

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from benchmarks.visible_world import ASKERS, DOES, SHARED, WHO, Talk, Told, World, around, marks_in
from bot.actions import cutting, explaining, exporting, judging, renaming, searching, showing
from bot.actions.access import Access
from bot.actions.data import search_data, video_data
from bot.dialogue.events import Failed
from bot.dialogue.manager import DialogueManager
from bot.dialogue.planner import RulePlanner
from bot.dialogue.storing.feedback import feedback_as_data
from bot.dialogue.storing.sqlite import SqliteConversations
from bot.errors import AssistantError, problem_of
from bot.rights import AT_TERMINAL
from retrieval.catalogue.findable import Findable, findable
from retrieval.errors import LibraryError
from retrieval.types import Everything, films

COMMANDS_A_WORLD = 250
NAMES = ("one", "two", "three")
FOLLOW_UPS = (
    *("[1]", "[2]", "[5]", "and after that?", "and before that?", "show me that again", "compare these two"),
    *("the second one", "what about it?", "and in the kitchen?", "what did you say before?", "not that one", "why?"),
    *("compare [1] and [2]", "what happens in that video?", "another one", "which of them is longer?", "thanks"),
)
ALONE = (
    *("which videos are there?", "how many videos are there?", "what happens in {id}?", "summarise {id}"),
    *("where does {who} {does}?", "where is {mark}?", "how many times does {who} {does}?", "is there {who}?"),
    *("{who} {mark}", "every time {who} {does}", "which videos have no {mark}?", "compare {id} and {id2}"),
)


class Trial:
    """One world, and what is asked of it."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        self.world = World(folder, self.chance)
        self.store = SqliteConversations(folder / "home" / "conversations.db")
        library, rights = self.world.library, self.world.rights
        self.manager = DialogueManager(
            library.catalogue, library.searcher, RulePlanner(), self.store, may_see=rights.visible
        )
        self.owner = Access(AT_TERMINAL, rights, self.store, library.catalogue.naming)
        self.wrong: list[str] = []
        self.did: Counter[str] = Counter()

    def step(self) -> None:
        """Let one asker do one thing, and hold what they are told against the plain rule."""
        world, chance = self.world, self.chance
        if chance.random() < 0.08:
            world.grant()
        if chance.random() < 0.015:
            world.change()
        asker = chance.choice(ASKERS)
        seen, scope = world.visible(asker), None
        if asker is AT_TERMINAL and chance.random() < 0.6:
            scope = frozenset(chance.sample(sorted(seen), chance.randint(0, len(seen))))
            seen = scope
        access = Access(asker, self.owner.rights, self.store, self.owner.naming, scope)
        command = chance.choice(COMMANDS)
        self.did[command.__name__] += 1
        try:
            told = command(self, access, seen)
        except Exception as error:  # whatever it is, nothing that is asked may end like this
            self.wrong.append(f"{command.__name__} of {asker}: {type(error).__name__}: {error}")
            return
        if not isinstance(access.visible, Everything):
            typed, out = told
            may = world.may_hold(asker, seen, marks_in(typed))
            for mark in sorted(marks_in(out) - may):
                self.wrong.append(
                    f"{command.__name__} {typed!r}: {mark} of {world.marks.get(mark)}: {around(out, mark)}"
                )

    def expect(self, holds: bool, what: str) -> None:
        """Note what is not as the plain rule has it."""
        if not holds:
            self.wrong.append(what)

    def some_id(self) -> str:
        """Return the id of a video, hidden or not, or of none."""
        key = self.chance.choice([*self.world.videos, *SHARED, f"film-{self.world.mark(None)}"])
        return key if self.chance.random() < 0.3 else key.rpartition("/")[2]

    def words(self) -> str:
        """Return what is said."""
        if self.chance.random() < 0.5:
            return self.chance.choice(FOLLOW_UPS)
        mark = self.chance.choice([*self.world.marks, self.world.mark(None)])
        parts = {"who": self.chance.choice(WHO), "does": self.chance.choice(DOES), "mark": mark}
        return self.chance.choice(ALONE).format(id=self.some_id(), id2=self.some_id(), **parts)

    def talk(self, access: Access, name: str) -> Talk | None:
        """Return a conversation as the plain rule knows it."""
        return self.world.talks.get(self.world.whose(access.asker, name))

    def close(self) -> None:
        """Release everything."""
        self.store.close()
        self.world.close()


def _tried(what: Callable[[], object]) -> str:
    """Return what comes of something as text, or what is said of its failure."""
    try:
        return str(what())
    except (AssistantError, LibraryError) as error:
        problem = problem_of(error)
        return f"{problem.code}: {problem.message} {problem.hint}"


def ask(trial: Trial, access: Access, seen: frozenset[str]) -> tuple[str, str]:
    """Say something, or ask for more like a moment; the turn is noted."""
    name, words = trial.chance.choice(NAMES), trial.words()
    said = access.said(words, name)
    trial.expect(
        frozenset(said.visible) == seen, f"visible to {access.asker}: {sorted(said.visible)}, not {sorted(seen)}"
    )
    respond = trial.manager.respond
    if trial.chance.random() < 0.1:
        words, handle = "", trial.chance.randint(1, 6)
        events = list(trial.manager.more_like(handle, said))
    else:
        events = list(respond(said))
    last = events[-1]
    if isinstance(last, Failed):
        trial.expect(last.problem.code != "not_in_library", f"{words!r} fails: {last.problem.message}")
    else:
        key = trial.world.whose(access.asker, name)
        kept = trial.world.talks.setdefault(key, Talk(str(access.asker.principal)))
        turn = Told(seen, marks_in(words))
        kept.turns.append(turn)
        kept.title = kept.title or turn
    count = len(films(trial.world.library.catalogue.videos(seen)))
    if words == "how many videos are there?" and count:
        counted = "is 1 video" if count == 1 else f"are {count} videos"
        trial.expect(counted in str(last), f"{count} videos: {last}")
    return words, _all_of(events)


def _all_of(events: list[object]) -> str:
    last = events[-1]
    answer = getattr(last, "answer", None)
    citations = (
        [(*map(str, (c.moment_id, c.video_id, c.title, c.keyframe)), c) for c in answer.citations] if answer else []
    )
    return f"{events} {answer and (answer.text, answer.query, answer.choices, answer.filters)} {citations}"


def search(trial: Trial, access: Access, seen: frozenset[str]) -> tuple[str, str]:
    """Search, with what a search may be narrowed to."""
    text, video = trial.words(), trial.some_id() if trial.chance.random() < 0.3 else ""
    collection = trial.chance.choice(sorted(trial.world.videos.values())) if trial.chance.random() < 0.2 else ""
    library, visible = trial.world.library, access.visible

    def found() -> object:
        within = searching.narrowed(
            library.catalogue, visible, [video] if video else [], [collection] if collection else []
        )
        found = searching.search(library.searcher, visible, 5, text, within=within)
        trial.expect(all(set(hit.collections) <= seen for hit in found.hits), f"hits of others for {text!r}")
        return search_data(text, found), found.mended

    return f"{text} {video} {collection}", _tried(found)


def videos(trial: Trial, access: Access, seen: frozenset[str]) -> tuple[str, str]:
    """List the videos, and count them."""
    found = films(trial.world.library.catalogue.videos(access.visible))
    count = sum(collection in seen for collection in trial.world.videos.values())
    listed = sum(1 + len(one.copies) for one in found)
    trial.expect(listed == count, f"{listed} videos, not {count}")
    known = findable(trial.world.library.catalogue.database, found)
    return "", str([video_data(video, known[video.generation]) for video in found])


def point(trial: Trial, access: Access, seen: frozenset[str]) -> tuple[str, str]:
    """Name a video, a moment or a span; what is hidden and what is nothing read alike."""
    shelf, visible, named = trial.world.library.catalogue, access.visible, trial.some_id()
    uses: list[Callable[[str], object]] = [
        lambda name: [video_data(shelf.video(name, visible), Findable()), shelf.moments(name, visible)],
        lambda name: shelf.moment(f"{name}:2", visible),
        lambda name: cutting.file_span(f"{name}@1-2", shelf, visible),
        lambda name: searching.narrowed(shelf, visible, [name]),
    ]
    use = trial.chance.choice(uses)
    out = _tried(lambda: use(named))
    hidden = [key for key in trial.world.videos if named in (key, key.rpartition("/")[2])]
    if hidden and not any(trial.world.videos[key] in seen for key in hidden):
        nothing = f"{named.rpartition('/')[0]}{'/' * ('/' in named)}film-{'q' + 'b' * 8}"
        trial.expect(
            out.replace(named, "") == _tried(lambda: use(nothing)).replace(nothing, ""), f"{named}: {out[:300]}"
        )
    return named, out


def read(trial: Trial, access: Access, seen: frozenset[str]) -> tuple[str, str]:
    """Read a conversation in one of the ways there are; one of others and none read alike."""
    store, name, handle = access.conversations, trial.chance.choice(NAMES), trial.chance.randint(1, 6)
    uses: list[Callable[[str], object]] = [
        lambda name: exporting.as_data(store.load(name)),
        lambda name: exporting.as_markdown(store.load(name)),
        lambda name: explaining.why(store, name, handle),
        lambda name: showing.shown(store, name, handle),
        lambda name: feedback_as_data(judging.judge(store, name, "good", handle)),
        lambda name: store.recall(name),
    ]
    use = trial.chance.choice(uses)
    out, kept = _tried(lambda: use(name)), trial.talk(access, name)
    if kept is None or not any(turn.visible <= seen for turn in kept.turns) and not _all(access):
        trial.expect(out == _tried(lambda: use("nothing")).replace("nothing", name), f"{name}: {out[:300]}")
    elif not _all(access):
        turns = sum(turn.visible <= seen for turn in kept.turns)
        counted = (len(store.load(name).turns), store.latest(name)[0])
        trial.expect(counted == (turns, turns), f"{name}: {counted}, not {turns} turns")
    return name, out


def summaries(trial: Trial, access: Access, seen: frozenset[str]) -> tuple[str, str]:
    """List and search conversations; their turns are counted."""
    store, mark = access.conversations, trial.chance.choice(list(trial.world.marks))
    listed = {one.conversation_id: one.turns for one in store.list()}
    mine = {name: kept for name in NAMES if (kept := trial.talk(access, name))}
    counts = {n: sum(_all(access) or turn.visible <= seen for turn in kept.turns) for n, kept in mine.items()}
    trial.expect(listed == {name: count for name, count in counts.items() if count}, f"{listed}, not {counts}")
    found, may = store.search(mark), trial.world.may_hold(access.asker, seen, frozenset())
    trial.expect(not found or mark in may or _all(access), f"a search for {mark} tells that somebody has it: {found}")
    return mark, str((store.list(), found, [feedback_as_data(one) for one in store.feedback()]))


def change(trial: Trial, access: Access, seen: frozenset[str]) -> tuple[str, str]:
    """Give a conversation another title, or delete it."""
    store, name, key = access.conversations, trial.chance.choice(NAMES), trial.world.mark(None)
    talk, whose = trial.talk(access, name), trial.world.whose(access.asker, name)
    may = talk is not None and talk.owner == str(access.asker.principal)
    may = may and (_all(access) or any(turn.visible <= seen for turn in talk.turns if talk))
    if trial.chance.random() < 0.8:
        out = _tried(lambda: renaming.rename(store, name, f"about {key}"))
        if may and talk:
            talk.title = Told(seen, frozenset({key}))
    else:
        out = _tried(lambda: store.delete(name))
        if may:
            del trial.world.talks[whose]
    trial.expect(("unknown_conversation" in out) is not may, f"{access.asker} changes {name}: {out}")
    return f"{name} {key}", out


def _all(access: Access) -> bool:
    return isinstance(access.visible, Everything)


COMMANDS = (ask, ask, ask, ask, search, videos, point, read, read, summaries, change)


def run(cases: int, seed: int = 0) -> tuple[Counter[str], list[str]]:
    """Run so many commands over as many worlds as that takes; return what was done, and what was wrong."""
    did: Counter[str] = Counter()
    wrong: list[str] = []
    while did.total() < cases:
        with tempfile.TemporaryDirectory() as folder, closing(Trial(Path(folder), seed)) as trial:
            for _ in range(min(COMMANDS_A_WORLD, cases - did.total())):
                trial.step()
            did, wrong = did + trial.did, wrong + [f"seed {seed}: {one}" for one in trial.wrong]
        seed += 1
    return did, wrong


def main() -> None:
    """Print what was done and what was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    started = time.perf_counter()
    did, wrong = run(given.cases, given.seed)
    print(*wrong[:20], sep="\n")
    taken = time.perf_counter() - started
    print(f"{did.total()} commands, {len(wrong)} wrong, {taken:.0f} s: {dict(did)}")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
