"""Conversations that several processes write, and one that is killed."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

from bot.dialogue.storing.sqlite import SqliteConversations

ROOT = Path(__file__).parents[3]


WRITING = """
import sys, threading
from pathlib import Path
from bot.dialogue.storing.sqlite import SqliteConversations
from tests.contract.test_conversation_store import turn

store = SqliteConversations(Path(sys.argv[1]))
def write(writer):
    for number in range(int(sys.argv[2])):
        store.append("shared", turn(f"{writer}-{number}"))
writers = [threading.Thread(target=write, args=(f"{sys.argv[3]}-{n}",)) for n in range(8)]
for writer in writers: writer.start()
for writer in writers: writer.join()
"""


def test_no_turn_is_lost_when_two_processes_write_with_eight_writers_each(tmp_path: Path) -> None:
    path, turns = tmp_path / "c.db", 1_000
    SqliteConversations(path).close()
    commands = [[sys.executable, "-c", WRITING, path, str(turns), name] for name in "ab"]
    writing = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) for command in commands]
    assert [process.communicate()[1] for process in writing] == ["", ""]
    store = SqliteConversations(path)
    asked = Counter(t.asked for t in store.load("shared").turns)
    store.close()
    assert asked == Counter(f"{p}-{w}-{n}" for p in "ab" for w in range(8) for n in range(turns))


def test_a_turn_that_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    program = WRITING.partition("def write")[0] + "while True: store.append('a', turn('x')); print('kept', flush=True)"
    command = [sys.executable, "-c", program, tmp_path / "c.db"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as writing:
        assert writing.stdout is not None
        acknowledged = sum(writing.stdout.readline() == "kept\n" for _ in range(50))
        writing.kill()
        acknowledged += writing.stdout.read().count("kept\n")
    store = SqliteConversations(tmp_path / "c.db")
    assert 50 <= acknowledged <= len(store.load("a").turns) <= acknowledged + 1
    store.close()
