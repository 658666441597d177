"""Three chats that write to one conversation at once: each number means one moment."""

import multiprocessing
from contextlib import closing
from multiprocessing.synchronize import Barrier
from pathlib import Path

from bot.dialogue.events import Answered
from bot.dialogue.manager import DialogueManager
from bot.dialogue.messages import Utterance
from bot.dialogue.planner import RulePlanner
from bot.dialogue.storing.sqlite import SqliteConversations
from bot.tools.memory import VISIBLE, MemoryLibrary, video_of

ANIMALS = ("dog", "cat", "horse")
CHATS, TURNS = 3, 8


def chat(path: Path, number: int, together: Barrier) -> None:
    """Ask about moments of one animal, turn by turn with the others."""
    shelf = MemoryLibrary(
        *(
            (video_of(f"{animal}{n}"), [(0.0, 5.0, f"The {animal} number{n} runs.")])
            for animal in ANIMALS
            for n in range(TURNS)
        )
    )
    with closing(SqliteConversations(path)) as store:
        manager = DialogueManager(shelf, shelf, RulePlanner(), store)
        for n in range(TURNS):
            together.wait()
            said = list(
                manager.respond(
                    Utterance(f"find the {ANIMALS[number]} number{n} in the whole library", "shared", VISIBLE)
                )
            )
            assert isinstance(said[-1], Answered), said[-1]


def test_three_chats_at_once_give_no_number_twice(tmp_path: Path) -> None:
    path, forked = tmp_path / "conversations.db", multiprocessing.get_context("fork")
    with closing(SqliteConversations(path)):
        together = forked.Barrier(CHATS)
    chats = [forked.Process(target=chat, args=(path, number, together)) for number in range(CHATS)]
    for one in chats:
        one.start()
    for one in chats:
        one.join(60)
    assert [one.exitcode for one in chats] == [0] * CHATS
    with closing(SqliteConversations(path)) as store:
        turns = store.load("shared").turns
        given = {(c.handle, c.moment_id) for turn in turns for c in turn.citations}
        assert len(turns) == CHATS * TURNS
        assert len(given) > TURNS
        assert len({handle for handle, _ in given}) == len({moment for _, moment in given}) == len(given)
        for handle, moment in given:
            _, turn = store.latest("shared", handle)
            assert moment in {c.moment_id for c in turn.citations if c.handle == handle}
