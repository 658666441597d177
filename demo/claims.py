"""What a text says of a scene, so that code can tell whether it is true."""

from dataclasses import dataclass, fields
from random import Random

from demo.palette import Colour
from demo.scenes import (
    NUMBERS,
    PEOPLE,
    PLACE_PHRASES,
    PLURALS,
    WEATHER_PHRASES,
    Action,
    Kind,
    Scene,
    Scenery,
    Thing,
    Weather,
    verb_of,
    with_article,
)


@dataclass(frozen=True, slots=True)
class Claim:
    """Who, how many, and what else is said of a scene; None is not said."""

    actor: Kind
    count: int
    colour: Colour | None = None
    action: Action | None = None
    place: Scenery | None = None
    thing: Thing | None = None
    weather: Weather | None = None

    def fits(self, scene: Scene) -> bool:
        """Tell whether the scene is as it is said."""
        return all(
            said is None or said == getattr(scene, part.name)
            for part in fields(self)
            if (said := getattr(self, part.name)) is not None
        )

    @property
    def name(self) -> str:
        """The actors without anything else: `woman`, `women`."""
        return self.actor if self.count == 1 else PLURALS[self.actor]

    def slots(self, rng: Random) -> dict[str, str]:
        """Return the claim in words for a template: who, does, doing, do, where, beside, sky, be, aux."""
        one = self.count == 1
        verb = None if self.action is None else verb_of(self.actor, self.action)
        return {
            "who": self._who(rng),
            "does": "" if verb is None else verb.one if one else verb.many,
            "do": "" if verb is None else verb.many,
            "doing": "" if verb is None else verb.doing,
            "where": "" if self.place is None else PLACE_PHRASES[self.place],
            "beside": "" if self.thing is None else f"beside {with_article(self.thing)}",
            "sky": "" if self.weather is None else WEATHER_PHRASES[self.weather],
            "be": "is" if one else "are",
            "aux": "does" if one else "do",
        }

    def _who(self, rng: Random) -> str:
        one = self.count == 1
        if self.colour is None:
            return with_article(self.actor) if one else f"{NUMBERS[self.count]} {self.name}"
        if self.actor == "bird":
            return f"{with_article(self.colour) if one else f'{NUMBERS[self.count]} {self.colour}'} {self.name}"
        number = with_article(self.actor) if one else f"{NUMBERS[self.count]} {self.name}"
        if self.actor in PEOPLE:
            return f"{number} {rng.choice(('in', 'in', 'dressed in', 'wearing'))} {self.colour}"
        coat = f"{with_article(self.colour)} coat" if one else f"{self.colour} coats"
        return f"{number} {rng.choice(('in', 'in', 'with', 'wearing'))} {coat}"


def whole(scene: Scene) -> Claim:
    """Return all that is true of a scene."""
    weather = None if scene.weather == "clear" else scene.weather
    return Claim(scene.actor, scene.count, scene.colour, scene.action, scene.place, scene.thing, weather)


def part_of(scene: Scene, rng: Random) -> Claim:
    """Return a part of what is true of a scene: all of it, or one or two things left out."""
    claim = whole(scene)
    if rng.random() < 0.5:
        return claim
    left_out = rng.sample(("colour", "action", "place", "thing", "weather", "thing", "weather"), 2)
    said = {part.name: getattr(claim, part.name) for part in fields(claim) if part.name not in left_out}
    return Claim(**said)
