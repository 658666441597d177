"""Prints how many turns of the golden dialogues the rules plan right: `python -m tests.scenario.dialogue_table`.

Beside the dialogues stand the generated conversations, in the phrasings that the rules may be tuned by and in those
held apart. Of the frozen dialogues and of what is held apart only counts are printed, and never a turn. With `--wrong`
the open turns that are planned wrong follow, with what is wrong.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.dialogue.planner import RulePlanner
from tests.scenario.dialogue_files import load
from tests.scenario.dialogue_values import Turn
from tests.scenario.generated_turns import HALVES, generated
from tests.scenario.planning_marks import Marked, mark


def kinds_of(turn: Turn) -> Iterator[str]:
    """Yield what a turn is an example of."""
    yield "all"
    yield f"act {turn.expected.act}"
    yield from {f"reference {reference.kind}" for reference in turn.expected.refers}
    if turn.expected.relation:
        yield f"relation {turn.expected.relation}"


def counted(marked: Iterable[Marked]) -> tuple[Counter[str], Counter[str]]:
    """Return how many turns of each kind there are, and how many are right."""
    there, right = Counter[str](), Counter[str]()
    for one in marked:
        there.update(kinds_of(one.turn))
        if not one.wrong:
            right.update(kinds_of(one.turn))
    return there, right


def columns() -> dict[str, list[Marked]]:
    """Return every turn, marked, by the column that counts it."""
    marked = list(mark(load(), RulePlanner()))
    found = {name: [one for one in marked if one.dialogue.frozen == (name == "frozen")] for name in ("open", "frozen")}
    for half in HALVES:
        films, talks = generated(half)
        found[f"generated, {half}"] = list(mark(talks, RulePlanner(), films.videos))
    return found


def table(marked: Mapping[str, Sequence[Marked]]) -> Iterator[str]:
    """Yield the lines of the table."""
    split = {name: counted(turns) for name, turns in marked.items()}
    yield f"{'':22}" + "".join(f"{name:>18}" for name in split)
    for kind in sorted(set().union(*(there for there, _ in split.values())), key=lambda kind: (kind != "all", kind)):
        yield f"{kind:22}" + "".join(f"{_share(right[kind], there[kind]):>18}" for there, right in split.values())


def _share(right: int, there: int) -> str:
    return f"{right}/{there} {right / there:6.1%}" if there else "-"


def main() -> None:
    """Print the table."""
    marked = columns()
    print("\n".join(table(marked)))
    if "--wrong" in sys.argv[1:]:
        for one in (*marked["open"], *marked["generated, open"]):
            if one.wrong:
                print(f"\n{one.dialogue.name}: {one.turn.say!r}\n   " + "\n   ".join(one.wrong))


if __name__ == "__main__":
    main()
