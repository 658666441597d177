"""How people say what they want, in two halves that share nothing: `phrasings/open.yaml` and `phrasings/held.yaml`.

A phrasing is a template with slots. What a slot says of a scene comes from the scene's truth; `content` tells which
words of it a search must hold. The half `held` was committed before any rule was tried on it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Literal

import yaml

from demo.scenes import NUMBERS, PEOPLE, PLACE_PHRASES, PLURALS, WEATHER_PHRASES, verb_of, with_article
from retrieval.analysis import words

Half = Literal["open", "held"]
FOLDER = Path(__file__).parent / "phrasings"
_FUNCTION = frozenset(
    """a an the in on by at with beside of is are does do wearing dressed""".split()  # noqa: SIM905
)
_SLOT = re.compile(r"{(\w+)}")
SAYING = frozenset(
    """a_scene a_action a_name a_thing clause clause_a who the_who name names doing does do do_agree does_one do2
    does2 doing2 where where2 thing colour""".split()  # noqa: SIM905
)
"""Slots whose words say something of a scene."""

Parts = Mapping[str, Any]
"""What is said of a scene: some of its attributes with their values."""


@dataclass(frozen=True, slots=True)
class Phrasing:
    """A template, and the acts that are right for it where its form decides otherwise than its intent."""

    say: str
    act: str | None = None
    also: tuple[str, ...] = ()

    @property
    def slots(self) -> tuple[str, ...]:
        """The names of its slots, in order."""
        return tuple(_SLOT.findall(self.say))


@dataclass(slots=True)
class Phrasings:
    """The phrasings of one half, drawn so that each of an intent comes up before one comes up again."""

    titles: tuple[str, ...]
    synonyms: Mapping[str, list[str]]
    of: Mapping[str, tuple[Phrasing, ...]]
    rng: Random
    _left: dict[str, list[Phrasing]] = field(default_factory=dict)

    def draw(self, intent: str) -> Phrasing:
        """Return the next phrasing of an intent."""
        left = self._left.setdefault(intent, [])
        if not left:
            left += self.rng.sample(self.of[intent], len(self.of[intent]))
        return left.pop()

    def synonym(self, word: str) -> str:
        """Return the word, or another for it."""
        return self.rng.choice(self.synonyms.get(word, [word]))


def read(half: Half, rng: Random) -> Phrasings:
    """Return the phrasings of one half."""
    given = yaml.safe_load((FOLDER / f"{half}.yaml").read_text(encoding="utf-8"))
    of = {intent: tuple(map(_phrasing, entries)) for intent, entries in given["phrasings"].items()}
    return Phrasings(tuple(given["titles"]), given["synonyms"], of, rng)


def _phrasing(entry: Any) -> Phrasing:
    if isinstance(entry, str):
        return Phrasing(entry)
    return Phrasing(entry["say"], entry.get("act"), tuple(entry.get("also", ())))


def content(text: str) -> tuple[str, ...]:
    """Return the words of a slot that a search must hold, each once."""
    return tuple(dict.fromkeys(word for word in words(text) if word not in _FUNCTION))


def slots(parts: Parts, phrasings: Phrasings) -> dict[str, str]:
    """Return what the parts say of a scene in the words of every slot that they can fill."""
    found = {"where": PLACE_PHRASES[parts["place"]]} if "place" in parts else {}
    if "thing" in parts:
        found |= {"thing": parts["thing"], "a_thing": with_article(parts["thing"])}
    if "colour" in parts:
        found |= {"colour": parts["colour"]}
    if "action" in parts:
        found |= _action_slots(parts, phrasings)
    if "actor" in parts:
        found |= _actor_slots(parts, phrasings, found)
    return found


def _action_slots(parts: Parts, phrasings: Phrasings) -> dict[str, str]:
    verb = verb_of(parts.get("actor", "man"), parts["action"])
    one, many, doing = (_reworded(text, phrasings) for text in (verb.one, verb.many, verb.doing))
    single = parts.get("count", 1) == 1
    base = _base(one)
    return {
        "doing": doing if single else _many_doing(doing, many),
        "does": one if single else many,
        "do": base,
        "do_agree": base if single else many,
        "does_one": one,
    }


def _actor_slots(parts: Parts, phrasings: Phrasings, found: Mapping[str, str]) -> dict[str, str]:
    actor, count = parts["actor"], parts.get("count", 1)
    singular, plural = phrasings.synonym(actor), phrasings.synonym(PLURALS[actor])
    name = singular if count == 1 else plural
    coat = _coat(parts)
    before = f"{parts['colour']} " if actor == "bird" and "colour" in parts else ""
    lead = with_article(before + name) if count == 1 else f"{NUMBERS[count]} {before}{name}"
    who, the_who = lead + coat, f"the {before}{name}{coat}"
    around = [
        found.get("where", ""),
        f"beside {found['a_thing']}" if "thing" in parts else "",
        WEATHER_PHRASES[parts["weather"]] if "weather" in parts else "",
    ]
    said = {
        "name": name,
        "names": plural,
        "a_name": with_article(singular),
        "who": who,
        "the_who": the_who,
        "a_scene": _joined(who, found.get("doing", ""), *around),
        "be": "is" if count == 1 else "are",
        "aux": "does" if count == 1 else "do",
        "they": _they(actor, count)[0],
    }
    if "action" in parts:
        said |= {
            "a_action": _joined(who, found["doing"]),
            "clause": _joined(the_who, found["does"], *around),
            "clause_a": _joined(who, found["does"], *around),
        }
    return said


def pronouns(actor: str, count: int) -> dict[str, str]:
    """Return the slots of a pronoun for an actor."""
    he, him, his = _they(actor, count)
    plural = he == "they"
    return {"he": he, "him": him, "his": his, "be": "are" if plural else "is", "aux": "do" if plural else "does"}


def _they(actor: str, count: int) -> tuple[str, str, str]:
    if count > 1 or actor == "child":
        return "they", "them", "their"
    return {"man": ("he", "him", "his"), "woman": ("she", "her", "her")}.get(actor, ("it", "it", "its"))


def _coat(parts: Parts) -> str:
    colour, actor = parts.get("colour"), parts["actor"]
    if colour is None or actor == "bird":
        return ""
    if actor in PEOPLE:
        return f" in {colour}"
    return f" in {with_article(colour)} coat" if parts.get("count", 1) == 1 else f" in {colour} coats"


def _base(one: str) -> str:
    verb, _, rest = one.partition(" ")
    verb = f"{verb[:-3]}y" if verb.endswith("ies") else verb[:-1]
    return f"{verb} {rest}".strip()


def _many_doing(doing: str, many: str) -> str:
    """Return "riding bicycles" of "riding a bicycle" and "ride bicycles"."""
    return _joined(doing.partition(" ")[0], many.partition(" ")[2])


def _reworded(text: str, phrasings: Phrasings) -> str:
    return " ".join(phrasings.synonym(word) for word in text.split())


def _joined(*given: str) -> str:
    return " ".join(part for part in given if part)
