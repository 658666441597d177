"""What the app gets of an opened home: a dialogue, the library, and the rights of whoever asks."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bot.actions.access import Access
from bot.dialogue.events import Event
from bot.dialogue.messages import Utterance
from bot.rights import Asker
from bot.tools.pieces import CatalogueReader, Searcher
from retrieval.ingest.confined import DecodeLimits
from retrieval.ingest.progress import OnProgress
from retrieval.ingest.reports import FileReport


class Responding(Protocol):
    """Answers what is said; see `bot.dialogue.manager.DialogueManager`."""

    def respond(self, utterance: Utterance) -> Iterator[Event]:
        """Yield what happens until the answer."""
        ...

    def more_like(self, handle: int, utterance: Utterance) -> Iterator[Event]:
        """Yield what happens until moments are shown that are like one shown before."""
        ...


Note = Callable[[str, BaseException | None], str]
"""Notes an error in the log, by its code and the error if there is one, and returns its reference."""

TakeIn = Callable[[Sequence[Path], str, OnProgress], Sequence[FileReport]]
"""Takes files into a collection, and returns what became of each."""


@dataclass(frozen=True, slots=True)
class Served:
    """What the app answers from.

    Attributes:
        home: the folder of the library.
        dialogue: answers.
        at: returns what somebody may see and read where they ask.
        shelf: the catalogue.
        searcher: the search.
        limits: what decoding a file to cut it may take.
        known: returns those of some stems that occur in visible texts and titles.
        note: notes an error in the log, by its code and the error if there is one, and returns its reference.
        forget: deletes the conversations of teams in which nobody asked since a time.
        take_in: takes files into a collection.
        collection: that files go into where nobody says which.
        has_model: whether a language model plans or writes, which is told what people said before.
    """

    home: Path
    dialogue: Responding
    at: Callable[[Asker], Access]
    shelf: CatalogueReader
    searcher: Searcher
    limits: DecodeLimits
    known: Callable[[Iterable[str], frozenset[str]], Collection[str]]
    note: Note
    forget: Callable[[datetime], None]
    take_in: TakeIn
    collection: str
    has_model: bool = False
