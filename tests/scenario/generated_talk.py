"""A conversation in the making: what was said and shown so far, and the turns with what is right for each.

What is right follows from the truth of the films and from the conventions of `dialogue_files`; no planner is asked.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.scenario.dialogue_history import History
from tests.scenario.dialogue_values import Anchor, Expected, Filters, Mark, Place, Reference, ReferenceKind, Turn, Words
from tests.scenario.generated_words import SAYING, Parts, Phrasing, Phrasings, content
from tests.scenario.generated_world import Shot, World, fits

SHOWN = {"find": 3, "ask": 1}
"""Moments that an answer shows at most; of the other acts it shows all."""

TYPOS = 0.06
"""Share of turns with a mistyped word."""

_FRAGMENTS = ("any ", "only ", "just ", "in ", "on ", "with ", "and ", "but ")


@dataclass(frozen=True, slots=True)
class Asked:
    """The question of the latest turn: what it said of a scene, in whose words, and where it was bound to look."""

    act: str
    parts: Parts
    has: tuple[str, ...]
    filters: Filters = Filters()

    def kept(self, **changed: Any) -> dict[str, Any]:
        """Return what goes on when the question is continued: its exclusions, and what is new."""
        of = self.filters
        return {"without": of.without, "not_videos": of.not_videos, "not_part": of.not_part} | changed


@dataclass(slots=True)
class Talk:
    """One conversation, turn by turn. `asked` is None where the latest turn was no question of a scene."""

    world: World
    phrasings: Phrasings
    rng: Random
    turns: list[Turn] = field(default_factory=list)
    history: History = History()
    asked: Asked | None = None
    intents: list[str] = field(default_factory=list)

    @property
    def current(self) -> str | None:
        """The film that the talk stays with: all of the latest shown comes from it, and no other was named since."""
        films = {place.video for place in self.history.latest}
        return self.history.named[-1] if len(films) == 1 and films == {*self.history.named[-1:]} else None

    @property
    def latest(self) -> tuple[Place, ...]:
        """The moments of the latest turn that showed any; nothing where it showed a whole film."""
        return self.history.latest if all(place.span for place in self.history.latest) else ()

    @property
    def offered(self) -> tuple[Place, ...]:
        """The latest choice of moments."""
        return self.history.offered if all(place.span for place in self.history.offered) else ()

    def refers(self, kind: ReferenceKind, *to: Place | str | None) -> Reference:
        """Return a reference to moments, or to films by id."""
        return Reference(kind, tuple(Place(one) if isinstance(one, str) else one for one in to if one))

    def draw(self, intent: str) -> Phrasing:
        """Return a phrasing of an intent that a person would use at this place of the talk."""
        while True:
            phrasing = self.phrasings.draw(intent)
            begins = phrasing.say.lower().startswith(_FRAGMENTS[:3]) and intent in ANEW
            if not (begins and self.history.latest):
                return phrasing

    def fitting(self, parts: Parts, films: Iterable[str] = (), **kept: Any) -> tuple[Place, ...]:
        """Return the moments that are as said, where they may be; of `films` alone if any are given."""
        wanted = set(films) or set(self.world.shots)
        return tuple(
            shot.place
            for shot in self.world.everything
            if shot.film in wanted - set(kept.get("not_videos", ()))
            and fits(shot.scene, parts)
            and shot.place not in kept.get("not_moments", ())
            and not {*kept.get("without", ())} & set(content(shot.scene.sentence.lower()))
            and not (kept.get("not_part") == "start" and shot.number == 0)
            and not (kept.get("not_part") == "end" and shot == self.world.shots[shot.film][-1])
        )

    def nearest(self, parts: Parts, **kept: Any) -> tuple[Place, ...]:
        """Return the moments that are as said: those of the film at hand, and if it has none, any."""
        return (self.fitting(parts, [self.current], **kept) if self.current else ()) or self.fitting(parts, **kept)

    def add(
        self,
        phrasing: Phrasing,
        values: Mapping[str, object],
        act: str,
        moments: Sequence[Place] | None = None,
        *,
        parts: Parts | None = None,
        has: tuple[str, ...] | None = None,
        lacks: tuple[str, ...] = (),
        unsearched: frozenset[str] = frozenset(),
        also: tuple[str, ...] = (),
        marks: frozenset[Mark] = frozenset(),
        shown: Sequence[Place] | None = None,
        anchor: Anchor | None = None,
        **right: Any,
    ) -> None:
        """Say something, and note what is right.

        Args:
            phrasing: how it is said.
            values: the words of its slots.
            act: the act that is right, unless the phrasing says otherwise.
            moments: the moments that are right, None where the act shows none.
            parts: what it says of a scene, where it can be continued as a question.
            has: what the query must hold; the words of the slots unless given.
            lacks: what the query must not hold.
            unsearched: slots whose words do not belong into the query.
            also: acts that are as good.
            marks: what else is special about it.
            shown: what the answer shows, where it is not the first of the moments.
            anchor: the moment that is described, from which the relation counts.
            right: what else is right: filters, focus, refers, relation, carried.
        """
        searched = [slot for slot in phrasing.slots if slot in SAYING and slot not in unsearched]
        held = content(" ".join(str(values[slot]) for slot in searched)) if has is None else has
        act = phrasing.act or act
        filters = Filters(**right.pop("filters", {}))
        expected = Expected(
            act=act,  # type: ignore[arg-type]
            also=(*also, *phrasing.also),  # type: ignore[arg-type]
            query=Words(held, tuple(word for word in lacks if word not in held)),
            filters=filters,
            anchor=anchor,
            moments=None if moments is None else tuple(moments),
            **right,
        )
        if shown is None:
            shown = tuple(moments or ())[: SHOWN.get(act, 10)]
        mistyped = self.rng.random() < TYPOS
        template = _mistyped(phrasing.say, self.rng) if mistyped else phrasing.say
        if template != phrasing.say:
            marks |= {"typo"}
        say = self._styled(template.format(**values))
        turn = Turn(say=say, expected=expected, marks=marks, shown=tuple(shown))
        self.turns.append(turn)
        self.history = self.history.after(turn, tuple(self.world.titles))
        self.asked = None if parts is None else Asked(act, parts, held, filters)

    def _styled(self, say: str) -> str:
        """Return it as somebody in a hurry, or somebody careful, would type it."""
        if self.rng.random() < 0.3:
            say = say.rstrip("?.!")
        if self.rng.random() < 0.3:
            return say[:1].upper() + say[1:]
        return say.lower() if self.rng.random() < 0.15 else say


ANEW = frozenset({"find", "without_place", "without_thing", "not_film", "anywhere", "every_time"})
"""Intents that begin anew, and so must not begin with a word that goes on."""


def _mistyped(template: str, rng: Random) -> str:
    """Return a template with one of its own longer words mistyped."""
    words = template.split(" ")
    longer = [n for n, word in enumerate(words) if len(word) > 3 and word.isalpha()]
    if not longer:
        return template
    number = rng.choice(longer)
    word = words[number]
    at = rng.randrange(1, len(word) - 1)
    ways = (
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        word[:at] + word[at + 1 :],
        word[:at] + word[at] + word[at:],
    )
    words[number] = rng.choice(ways)
    return " ".join(words)


def scene_parts(shot: Shot, slots: Sequence[str], rng: Random) -> dict[str, Any]:
    """Return what these slots will say of a scene, drawn from its truth."""
    scene, names = shot.scene, set[str]()
    if "a_scene" in slots:
        names |= {"actor", "count"} | rng.choice(({"action", "place"}, {"action", "place"}, {"action"}, {"place"}))
        names |= {name for name, share in (("colour", 0.5), ("thing", 0.25), ("weather", 0.2)) if rng.random() < share}
    if {"clause", "clause_a"} & set(slots):
        names |= {"actor", "count", "action", "place"} | ({"colour"} if rng.random() < 0.4 else set())
    if {"who", "the_who", "a_action"} & set(slots):
        names |= {"actor", "count"} | ({"colour"} if rng.random() < 0.4 else set())
    if {"name", "a_name"} & set(slots):
        names |= {"actor", "count"}
    if "names" in slots:
        names |= {"actor"}
    if {"a_action", "doing", "does", "do", "do_agree", "does_one"} & set(slots):
        names |= {"action"}
    if "where" in slots:
        names |= {"place"}
    said = {name: getattr(scene, name) for name in sorted(names)}
    return {name: value for name, value in said.items() if value not in (None, "clear")}
