"""Messages of followed threads, by writers who never saw the code: which of them does the app take as meant for it?"""

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.dialogue.conversation import Conversation
from bot.dialogue.manager import DialogueManager
from bot.dialogue.messages import Utterance
from bot.dialogue.planner import RulePlanner
from bot.dialogue.storing.memory import MemoryConversations
from bot.errors import UnknownConversation
from bot.slack.addressing import Surroundings, is_meant
from bot.trial.dialogues import captions_of_films
from retrieval.catalogue import vocabulary
from retrieval.encoders.lazy import Encoders
from retrieval.encoders.minilm import MiniLM
from retrieval.library import Library
from retrieval.searching import titles

pytestmark = [pytest.mark.slow, pytest.mark.models]

FOLDER = Path(__file__).parent / "fresh"
VISIBLE = frozenset({"films"})
MOST_SILENT, MOST_SPEAKING = 0.14, 0.10
"""Shares of what is and of what is not meant that may be taken wrongly: what was measured, and two of a hundred."""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("films")
    (folder / "films.json").write_text(json.dumps(captions_of_films()), encoding="utf-8")
    with Library(folder / "library", Encoders(MiniLM)) as opened:
        opened.import_annotations(folder / "films.json", "films")
        yield opened


@pytest.mark.parametrize("path", sorted(FOLDER.glob("threads_*.json")), ids=lambda path: path.stem)
def test_messages_for_the_app_are_told_from_talk_among_people(path: Path, library: Library) -> None:
    counts: Counter[tuple[bool, bool]] = Counter()
    for thread in json.loads(path.read_text(encoding="utf-8"))["threads"]:
        if thread["library"] == "films":
            counts.update(_taken(thread["messages"], library))
    meant, others = counts[True, True] + counts[True, False], counts[False, True] + counts[False, False]
    print(f"{path.stem}: silent {counts[True, False]} of {meant}, speaking {counts[False, True]} of {others}")
    assert counts[True, False] <= MOST_SILENT * meant
    assert counts[False, True] <= MOST_SPEAKING * others


def _taken(messages: list[dict[str, Any]], library: Library) -> Iterator[tuple[bool, bool]]:
    """Yield of each message but the first whether it is meant for the app, and whether the app takes it so."""

    def known(stems: Iterable[str]) -> Collection[str]:
        wanted = set(stems)
        counted = vocabulary.frequencies(library.catalogue.database, wanted, VISIBLE)
        return {*counted, *wanted.intersection(titles.of_visible(library.catalogue, VISIBLE).by_stem)}

    store = MemoryConversations()
    manager = DialogueManager(library.catalogue, library.searcher, RulePlanner(), store)
    answered = False
    for place, message in enumerate(messages):
        text = " ".join(re.sub(r"<@U\w+>", " ", message["text"]).split())
        if place:
            talk = Surroundings(_conversation(store), follows_answer=answered)
            to_others = re.search(r"<@U\d+>", message["text"]) is not None
            yield message["for_bot"], not to_others and is_meant(text, talk, known)
        if answered := message["for_bot"]:
            list(manager.respond(Utterance(text, "thread", VISIBLE)))


def _conversation(store: MemoryConversations) -> Conversation:
    try:
        return store.recall("thread")
    except UnknownConversation:
        return Conversation("thread")
