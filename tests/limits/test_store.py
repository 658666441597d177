"""A conversation grows by what is added to it."""

from pathlib import Path

from bot.dialogue.storing.sqlite import SqliteConversations
from tests.contract.test_conversation_store import turn


def test_the_ten_thousandth_turn_takes_as_little_room_as_the_first_ones(tmp_path: Path) -> None:
    store = SqliteConversations(tmp_path / "c.db")

    def size_after(turns: int, since: int) -> int:
        for number in range(since, turns):
            store.append("a", turn(f"question {number}", "word " * 160, handle=number + 1))
        store.close()  # merges the log into the file; the store opens it again
        return sum(path.stat().st_size for path in tmp_path.iterdir())

    empty, hundred = size_after(0, 0), size_after(100, 0)
    before, after = size_after(9_900, 100), size_after(10_000, 9_900)
    assert after - before <= 1.2 * (hundred - empty)
