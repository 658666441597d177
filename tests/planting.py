"""Random words in everything that videos have and that is said of them, and how a person takes them away."""

import random
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from bot import bootstrap
from bot.dialogue.messages import Citation
from bot.dialogue.storing.feedback import feedback_on
from bot.dialogue.storing.sqlite import SqliteConversations
from bot.settings import Settings
from retrieval.catalogue.given import Given
from retrieval.library import Library
from retrieval.publishing.drafts import Draft
from retrieval.types import TEXT_SOURCES, Entry, TimedText, TimeSpan
from tests.contract.test_conversation_store import NOON, turn

LETTERS = "bcfghjklmnpqrtvwxz"
"""Of which no stemmer knows an ending."""

OF_VIDEO = len(TEXT_SOURCES) + 2
"""Words of one video: one of each source of texts, one in its title, one in its file's name."""

OF_TALK = 4
"""Words that are nobody's but the user's: a question, an answer, an opinion, and the name of the conversation."""


def planted(draw: random.Random, count: int) -> list[str]:
    """Return words that nobody says."""
    return ["".join(draw.choices(LETTERS, k=12)) for _ in range(count)]


def draft(library: Library, wanted: str, title: str, said: list[list[str]], collection: str = "c") -> Draft:
    """Return a video of moments of 5 s whose texts are of all sources in turn."""
    reserved = library._generations.reserve(wanted, wanted, collection)
    moments = []
    for number, texts in enumerate(said):
        span = TimeSpan(number * 5.0, number * 5 + 5.0)
        timed = (TimedText(span, text, TEXT_SOURCES[n % len(TEXT_SOURCES)]) for n, text in enumerate(texts))
        moments.append((span, tuple(timed)))
    given = Given(tuple(TimedText(TimeSpan(0.0, 1.0), text, "caption") for text in said[0]))
    entry, length = Entry(collection, title, Path(f"/films/{wanted}.mp4")), 5.0 * len(said)
    return Draft(reserved, wanted, "x", length, "complete", "", entry, tuple(moments), given=given)


def fill(home: Path, words: Sequence[str]) -> None:
    """Make a home whose videos, conversations and opinions hold all of the words, and others that hold none."""
    with bootstrap.library(_settings(home)) as library:
        others = [draft(library, f"film {n}", f"film {n}", [[f"a dog runs {n}"], ["a boat"]]) for n in range(40)]
        hold = [
            draft(library, f"file {own[-1]}", f"title {own[-2]}", [[f"the {word} is here" for word in own[:-2]]])
            for own, _ in _groups(words)
        ]
        library._publisher.publish([*others, *hold])
        library._publisher.settle()
        library._publisher.rebuild()  # leaves a version of the index behind
    with closing(SqliteConversations(home / "conversations.db")) as store:
        store.append("other", turn("where is the boat?"))
        for number, (own, user) in enumerate(_groups(words)):
            _talk(store, number, own, user)
    with bootstrap.library(_settings(home)) as library:
        library._publisher.settle()  # makes copies


def _talk(store: SqliteConversations, number: int, own: Sequence[str], user: Sequence[str]) -> None:
    key, title = f"c/file {own[-1]}", f"title {own[-2]}"
    lines = [f'In "{title}" at 00:00, one says: "the {word} is here" [1]' for word in own[:-2]]
    cited = (Citation(1, f"{key}:1", key, title, TimeSpan(0, 5), observation=f"it shows {own[0]}"),)
    asked = replace(turn(f"where is the {own[0]}?", "\n".join(lines)), citations=cited, listed=(key,))
    store.append(f"quotes {number}", asked)
    store.append(f"quotes {number}", turn(f"and what of {own[1]} in {title}?"))
    store.judge(feedback_on(f"quotes {number}", 1, asked, None, "bad", f"not the {own[2]}", NOON))
    asked_for, told, judged, called = user
    mine = turn(f"where is the {asked_for}?", f"there is no {told}")
    store.append(f"talk {number}", mine)
    store.judge(feedback_on(f"talk {number}", 1, mine, None, "bad", judged, NOON))
    store.rename(f"talk {number}", f"about {called}")


def take_away(home: Path, words: Sequence[str]) -> None:
    """Remove the videos and delete the conversations that hold the words; those that quote the videos stay."""
    with bootstrap.library(_settings(home)) as library:
        for own, _ in _groups(words):
            assert library.remove(f"file {own[-1]}", library.catalogue.collections())
    with closing(SqliteConversations(home / "conversations.db")) as store:
        for number, _ in enumerate(_groups(words)):
            store.delete(f"talk {number}")
            assert "[removed]" in store.load(f"quotes {number}").turns[0].answer


def _groups(words: Sequence[str]) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Yield the words of each video and of the talk beside it; the last ones again where some are missing."""
    size = OF_VIDEO + OF_TALK
    for start in range(0, len(words), size):
        part = words[start : start + size] if start + size <= len(words) else words[-size:]
        yield part[:OF_VIDEO], part[OF_VIDEO:]


def _settings(home: Path) -> Settings:
    return Settings(home=home, text_model="hashing", clip_model="hashing")
