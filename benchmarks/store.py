"""What does it take to keep a conversation? Bytes and time of a turn, beside LangGraph's SqliteSaver, in one run.

    python benchmarks/store.py [--turns 10000] [--peer-turns 400]

Every turn holds 0.8 kB of text. Ours also keeps what it cites, with each arm's rank and score. LangGraph's graph has
one node that answers with a fixed text: its checkpointer keeps the messages, as a chat made with it does. It comes with
`pip install -e '.[benchmarks]'`.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.graph import END, START, MessagesState, StateGraph

from bot.dialogue.conversation import Turn
from bot.dialogue.messages import Citation
from bot.dialogue.storing.sqlite import SqliteConversations
from bot.tools.pieces import Ranking
from retrieval.types import ArmScore, TimeSpan

ASKED, SAID = "Where does the dog run? ".ljust(100, "."), "In the park a dog runs. " * 29 + "Yes."
ARMS = (("keywords", ArmScore(1, 8.25)), ("meaning", ArmScore(2, 0.75)), ("frames", ArmScore(3, 0.25)))
MOMENTS = 300
"""Moments that the conversation shows in all; each turn cites one."""

Write = Callable[[int], object]


def turn(number: int) -> Turn:
    """Return a turn that cites one moment."""
    handle, place = number % MOMENTS + 1, 5.0 * (number % MOMENTS)
    span, ranking = TimeSpan(place, place + 5.0), Ranking(2.25, ARMS, ("dog", "runs"))
    citation = Citation(handle, f"park:{handle}", "park", "A day in the park", span, Path("f.jpg"), ranking=ranking)
    return Turn(ASKED, "find", "dog run", SAID, "answered", datetime.now(UTC), (citation,), "park")


def size(folder: Path) -> int:
    """Return the bytes of all files in a folder."""
    return sum(path.stat().st_size for path in folder.iterdir())


def timed(write: Write, numbers: Sequence[int]) -> np.ndarray:
    """Write turns; return the milliseconds of each."""
    taken = []
    for number in numbers:
        started = time.perf_counter()
        write(number)
        taken.append(1_000 * (time.perf_counter() - started))
    return np.array(taken)


def row(name: str, taken: np.ndarray, grown: int, turns: int) -> None:
    """Print one row of the table."""
    p50, p95 = np.percentile(taken, [50, 95])
    print(f"{name:32s} p50 {p50:7.2f} ms   p95 {p95:7.2f} ms   {grown / turns:12,.0f} bytes a turn", flush=True)


def ours(folder: Path, turns: int, shared: int) -> float:
    """Write turns with our store; print rows, return the bytes of a turn at `shared` turns."""
    with closing(SqliteConversations(folder / "conversations.db")) as store:

        def write(number: int) -> None:
            store.append("c", turn(number))

        def rested() -> int:
            store.close()  # merges the log into the file; the store opens it again
            return size(folder)

        empty = rested()
        taken = [timed(write, range(100))]
        first = rested() - empty
        taken.append(timed(write, range(100, shared)))
        at_shared = rested() - empty
        row(f"ours, {shared:,} turns", np.concatenate(taken), at_shared, shared)
        taken = [timed(write, range(shared, turns - 100))]
        before = rested()
        taken.append(timed(write, range(turns - 100, turns)))
        last = rested() - before
        row(f"ours, {turns:,} turns", np.concatenate(taken), rested() - empty, turns)
        print(f"the last hundred turns take {last / first:.2f} times the bytes of the first hundred")
        for name, load in (("recalled for an answer", store.recall), ("loaded whole", store.load)):
            read = timed(lambda _, load=load: load("c"), range(20))
            print(f"{turns:,} turns {name}: p50 {np.percentile(read, 50):.1f} ms, p95 {np.percentile(read, 95):.1f} ms")
    return at_shared / shared


def theirs(folder: Path, turns: int) -> float:
    """Write turns with LangGraph's checkpointer; print a row, return the bytes of a turn."""

    def answer(_: MessagesState) -> dict[str, list[AnyMessage]]:
        return {"messages": [AIMessage(SAID)]}

    graph = StateGraph(MessagesState)
    graph.add_node("answer", answer)
    graph.add_edge(START, "answer")
    graph.add_edge("answer", END)
    config: RunnableConfig = {"configurable": {"thread_id": "c"}}
    with SqliteSaver.from_conn_string(str(folder / "checkpoints.db")) as saver:
        compiled = graph.compile(checkpointer=saver)
        taken = timed(lambda _: compiled.invoke({"messages": [HumanMessage(ASKED)]}, config), range(turns))
    row(f"LangGraph SqliteSaver, {turns:,}", taken, size(folder), turns)
    return size(folder) / turns


def main() -> None:
    """Measure both."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=10_000, help="turns of our conversation")
    parser.add_argument("--peer-turns", type=int, default=400, help="turns at which both are compared")
    options = parser.parse_args()
    print(f"{len(ASKED) + len(SAID)} characters a turn, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        own = ours(Path(one), max(options.turns, options.peer_turns + 200), options.peer_turns)
        peer = theirs(Path(other), options.peer_turns)
    print(f"theirs / ours in bytes at {options.peer_turns:,} turns: {peer / own:.0f}")


if __name__ == "__main__":
    main()
