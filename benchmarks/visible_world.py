"""A small random library with its grants, and the plain rule of who may be told what, for `visibility.py`.

Each text, unique id and collection holds a mark, a word that stands nowhere else. So whatever is said shows by its
marks where it comes from.
"""

import json
import random
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from bot.bootstrap.forgetting import forget
from bot.rights import AT_TERMINAL, Asker, Place, Principal, Rights, grantee_of
from retrieval.encoders.hashing import HashingTextEncoder
from retrieval.encoders.lazy import Encoders
from retrieval.index.memory import MemoryIndex
from retrieval.library import Library

SHARED = ("park", "harbour", "kitchen")
"""Ids that several collections may have."""

WHO = ("a dog", "a man", "a boat", "the cook")
DOES = ("runs", "catches a ball", "sleeps", "cuts an onion", "sails")

ASKERS = (
    AT_TERMINAL,
    *(
        Asker(place, Principal("member", workspace, user))
        for place in (
            Place("channel", "T1", "C1"),
            Place("channel", "T1", "C1", shared=True),
            Place("channel", "T1", "C2"),
            Place("thread", "T1", "C1", "17.5"),
            Place("direct", "T1", "D1"),
        )
        for workspace, user in (("T1", "ann"), ("T1", "bob"), ("T2", "eve"))
    ),
    Asker(Place("direct", "", "viewer"), Principal("program", "", "viewer")),
)
GRANTEES = (
    "channel:T1/C1",
    "channel:T1/C2",
    "thread:T1/C1/17.5",
    "direct:T1/D1",
    "member:T1/ann",
    "member:T2/eve",
    "program:viewer",
)


@dataclass
class Told:
    """A turn, or a title, as the plain rule knows it: under what it was made, and the marks that its words hold."""

    visible: frozenset[str]
    marks: frozenset[str]


@dataclass
class Talk:
    """A conversation as the plain rule knows it."""

    owner: str
    turns: list[Told] = field(default_factory=list)
    title: Told | None = None


class World:
    """A library of 1 to 5 collections, whose grants are kept a second time as a plain list."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.chance = chance
        self.home = folder / "home"
        self.marks: dict[str, str | None] = {}
        self.videos: dict[str, str] = {}
        self.grants: list[tuple[str, str, bool]] = []
        self.talks: dict[tuple[str, ...], Talk] = {}
        self.library = Library(
            self.home,
            Encoders(HashingTextEncoder),
            make_index=lambda _, spaces: MemoryIndex(spaces),
            forget=partial(forget, self.home / "conversations.db"),
        )
        for _ in range(chance.randint(1, 5)):
            self._collection(folder)
        self.rights = Rights(self.library.catalogue)

    def mark(self, collection: str | None) -> str:
        """Return a new word that stands for a collection; for none, a word that is nowhere."""
        made = "q" + "".join(self.chance.choices("bcdfghjkmnpqrtvwxz", k=8))
        self.marks[made] = collection
        return made

    def _collection(self, folder: Path) -> None:
        name = f"c{self.mark(None)}"
        self.marks[name[1:]] = name
        films = {}
        for _ in range(self.chance.randint(1, 4)):
            video = self.chance.choice((*SHARED, f"film-{self.mark(name)}"))
            told = [f"{self.chance.choice(WHO)} {self.chance.choice(DOES)} {self.mark(name)}." for _ in range(3)]
            films[video] = {"duration": 30, "timestamps": [[0, 10], [10, 20], [20, 30]], "sentences": told}
        path = folder / f"{name}.json"
        path.write_text(json.dumps(films))
        self.library.import_annotations(path, name)
        for video in films:
            self.videos[f"{name}/{video}"] = name

    # -- the plain rule -----------------------------------------------------------------------------------

    def visible(self, asker: Asker) -> frozenset[str]:
        """Return what an asker may see, from the plain list."""
        everywhere = frozenset(self.videos.values())
        if asker is AT_TERMINAL:
            return everywhere
        place, who = asker.place, asker.principal
        names = {"channel": [f"channel:{place.workspace}/{place.channel}"]}.get(place.kind, [])
        if place.kind == "thread":
            names = [f"channel:{place.workspace}/{place.channel}", f"thread:{place.workspace}/{place.channel}/17.5"]
        if place.kind == "direct":
            names = ["direct:T1/D1" if place.workspace else "", f"{who.kind}:{who.workspace}/{who.name}"]
            names += [f"program:{who.name}"] if who.kind == "program" else []
        outside = place.shared or who.workspace != place.workspace
        return frozenset(c for c, to, external in self.grants if to in names and (external or not outside))

    def grant(self) -> None:
        """Give or take back a grant, in the library and in the plain list."""
        collection, to = self.chance.choice(sorted(set(self.videos.values()))), self.chance.choice(GRANTEES)
        external, known = self.chance.random() < 0.5, [g for g in self.grants if g[:2] == (collection, to)]
        for one in known:
            self.grants.remove(one)
        if known and self.chance.random() < 0.7:
            self.rights.remove(collection, grantee_of(to))
            return
        self.rights.add(collection, grantee_of(to), external)
        self.grants.append((collection, to, external))

    def change(self) -> None:
        """Remove a video, or move it into another collection."""
        if len(self.videos) < 2:
            return
        key = self.chance.choice(sorted(self.videos))
        was = self.videos.pop(key)
        into = self.chance.choice(sorted({was, *self.videos.values()}))
        everything = frozenset({was, *self.videos.values()})
        said = [text.text for moment in self.library.catalogue.moments(key, everything) for text in moment.texts]
        marks = {word for text in (key.partition("/")[2], *said) for word in marks_in(text)}
        if into == was:
            self.library.remove(key, everything)
            self.marks |= dict.fromkeys(marks)
        else:
            self.videos[self.library.move(key, into, everything)] = into
            self.marks |= dict.fromkeys(marks, into)

    def whose(self, asker: Asker, name: str) -> tuple[str, ...]:
        """Return which conversation is meant by a name."""
        place = asker.place
        private = f"{asker.principal}" if place.kind in ("terminal", "direct") else ""
        return (place.kind, place.workspace, place.channel, place.thread, private, name)

    def may_hold(self, asker: Asker, seen: frozenset[str], typed: frozenset[str]) -> frozenset[str]:
        """Return the marks that may be in what an asker is told who sees some collections and typed some marks."""
        marks = {mark for mark, collection in self.marks.items() if collection in seen}
        mine = [talk for key, talk in self.talks.items() if key[:5] == self.whose(asker, "")[:5]]
        told = [one for talk in mine for one in (*talk.turns, talk.title) if one is not None]
        return frozenset(marks | typed).union(*(one.marks for one in told if one.visible <= seen))

    def close(self) -> None:
        """Release the library."""
        self.library.close()


def marks_in(text: str) -> frozenset[str]:
    """Return the marks that a text holds."""
    import re

    return frozenset(re.findall(r"q[bcdfghjkmnpqrtvwxz]{8}", text.lower()))


def around(out: str, mark: str) -> str:
    """Return what stands around the first place where something is told."""
    at = out.find(mark)
    return f"... {out[max(0, at - 400) : at + 200]} ..."
