"""Prints how many turns of the golden dialogues the rules plan right: `python -m tests.scenario.dialogue_table`.

Of the frozen dialogues only counts are printed, and never a turn. With `--wrong` the open turns that are planned
wrong follow, with what is wrong.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from bot.dialogue.planner import RulePlanner
from tests.scenario.dialogue_files import load
from tests.scenario.dialogue_values import Turn
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


def table(marked: Sequence[Marked]) -> Iterator[str]:
    """Yield the lines of the table."""
    split = {frozen: counted(one for one in marked if one.dialogue.frozen == frozen) for frozen in (False, True)}
    yield f"{'':22}{'open':>18}{'frozen':>18}"
    for kind in sorted(split[False][0], key=lambda kind: (kind != "all", kind)):
        cells = [_share(right[kind], there[kind]) for there, right in split.values()]
        yield f"{kind:22}{cells[0]:>18}{cells[1]:>18}"


def _share(right: int, there: int) -> str:
    return f"{right}/{there} {right / there:6.1%}" if there else "-"


def main() -> None:
    """Print the table."""
    marked = list(mark(load(), RulePlanner()))
    print("\n".join(table(marked)))
    if "--wrong" in sys.argv[1:]:
        for one in marked:
            if one.wrong and not one.dialogue.frozen:
                print(f"\n{one.dialogue.name}: {one.turn.say!r}\n   " + "\n   ".join(one.wrong))


if __name__ == "__main__":
    main()
