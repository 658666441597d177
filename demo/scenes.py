"""A scene as a value, and the words of the small world.

A scene says who, how many, in which colour, doing what, where, for how long, and what is written or said.
How it looks is in `rendering`.
"""

import random
from dataclasses import dataclass
from typing import Literal, get_args

from demo.palette import COLOURS, Colour
from demo.takes import STEADY, Take

Person = Literal["man", "woman", "child"]
Animal = Literal["dog", "cat", "horse", "bird"]
Kind = Literal["man", "woman", "child", "dog", "cat", "horse", "bird"]
Action = Literal[
    "run", "jump", "sit", "wave", "read", "carry", "sleep", "ride", "umbrella", "kick", "eat", "kite", "guitar", "fly"
]
Scenery = Literal[
    "beach",
    "forest",
    "kitchen",
    "street",
    "mountain",
    "classroom",
    "night city",
    "desert",
    "farm",
    "pool",
    "harbour",
    "station",
]
Thing = Literal["ball", "book", "box", "umbrella", "bicycle", "cup", "cake", "lantern", "suitcase"]
Weather = Literal["clear", "rain", "snow", "fog"]
TextStyle = Literal["sign", "caption", "card"]
"""Where screen text is printed: a board at the top, a bar at the bottom, a large card across the top."""

KINDS: tuple[Kind, ...] = get_args(Kind)
PEOPLE: tuple[Person, ...] = get_args(Person)
ANIMALS: tuple[Animal, ...] = get_args(Animal)
ACTIONS: tuple[Action, ...] = get_args(Action)
PLACES: tuple[Scenery, ...] = get_args(Scenery)
THINGS: tuple[Thing, ...] = get_args(Thing)
WEATHERS: tuple[Weather, ...] = get_args(Weather)

_HUMAN: tuple[Action, ...] = tuple(action for action in ACTIONS if action != "fly")
_FOUR_LEGGED: tuple[Action, ...] = ("run", "jump", "sit", "carry", "sleep", "eat")

ACTIONS_OF: dict[Kind, tuple[Action, ...]] = {
    "man": _HUMAN,
    "woman": _HUMAN,
    "child": _HUMAN,
    "dog": _FOUR_LEGGED,
    "cat": _FOUR_LEGGED,
    "horse": _FOUR_LEGGED,
    "bird": ("sit", "sleep", "eat", "fly"),
}
"""What each kind can do."""


@dataclass(frozen=True, slots=True)
class Verb:
    """An action in words: one actor does it, many do it, and the act itself."""

    one: str
    many: str
    doing: str


VERBS: dict[Action, Verb] = {
    "run": Verb("runs", "run", "running"),
    "jump": Verb("jumps in the air", "jump in the air", "jumping in the air"),
    "sit": Verb("sits on a chair", "sit on chairs", "sitting on a chair"),
    "wave": Verb("waves", "wave", "waving"),
    "read": Verb("reads a book", "read books", "reading a book"),
    "carry": Verb("carries a box", "carry boxes", "carrying a box"),
    "sleep": Verb("sleeps", "sleep", "sleeping"),
    "ride": Verb("rides a bicycle", "ride bicycles", "riding a bicycle"),
    "umbrella": Verb("holds an umbrella", "hold umbrellas", "holding an umbrella"),
    "kick": Verb("kicks a ball", "kick balls", "kicking a ball"),
    "eat": Verb("eats", "eat", "eating"),
    "kite": Verb("flies a kite", "fly kites", "flying a kite"),
    "guitar": Verb("plays the guitar", "play the guitar", "playing the guitar"),
    "fly": Verb("flies", "fly", "flying"),
}
_ANIMAL_SITS = Verb("sits", "sit", "sitting")

PLACE_PHRASES: dict[Scenery, str] = {
    "beach": "on a beach",
    "forest": "in a forest",
    "kitchen": "in a kitchen",
    "street": "on a street",
    "mountain": "on a snowy mountain",
    "classroom": "in a classroom",
    "night city": "in a city at night",
    "desert": "in a desert",
    "farm": "on a farm",
    "pool": "by a swimming pool",
    "harbour": "at a harbour",
    "station": "at a railway station",
}

_OPEN: tuple[Scenery, ...] = ("beach", "forest", "street", "night city", "desert", "farm", "harbour")
WEATHERS_OF: dict[Scenery, tuple[Weather, ...]] = {
    place: WEATHERS if place in _OPEN else ("clear", "fog") if place == "mountain" else ("clear",) for place in PLACES
}
"""What weather a place can have: none under a roof, and on the mountain it always snows a little."""

WEATHER_PHRASES: dict[Weather, str] = {"clear": "", "rain": "in the rain", "snow": "in falling snow", "fog": "in fog"}

PLURALS: dict[Kind, str] = {
    "man": "men",
    "woman": "women",
    "child": "children",
    "dog": "dogs",
    "cat": "cats",
    "horse": "horses",
    "bird": "birds",
}
NUMBERS = {1: "one", 2: "two", 3: "three"}


def verb_of(actor: Kind, action: Action) -> Verb:
    """Return the words for what the actor does."""
    return _ANIMAL_SITS if action == "sit" and actor in ANIMALS else VERBS[action]


@dataclass(frozen=True, slots=True)
class Scene:
    """One take of a film.

    `variant` picks what no word tells: skin, hair, fur, side, exact position, clouds. `subtitles` are
    spoken one after the other within the scene. `take` is how the scene is shot.

    Raises:
        ValueError: the actor cannot do the action, the place has no such weather, or count or seconds are out of range.
    """

    actor: Kind
    count: int
    colour: Colour
    action: Action
    place: Scenery
    thing: Thing | None = None
    weather: Weather = "clear"
    screen_text: str | None = None
    text_style: TextStyle = "sign"
    subtitles: tuple[str, ...] = ()
    seconds: float = 5.0
    variant: int = 0
    take: Take = STEADY

    def __post_init__(self) -> None:
        if self.action not in ACTIONS_OF[self.actor]:
            raise ValueError(f"a {self.actor} cannot {self.action!r}")
        if self.weather not in WEATHERS_OF[self.place]:
            raise ValueError(f"there is no {self.weather!r} {PLACE_PHRASES[self.place]}")
        if self.count not in NUMBERS:
            raise ValueError(f"1 to 3 actors fit a scene, not {self.count}")
        if self.seconds <= 0:
            raise ValueError(f"a scene lasts longer than {self.seconds!r} seconds")

    @property
    def sentence(self) -> str:
        """The scene in a plain sentence, such as `Two women in red wave on a beach.` for a caption."""
        verb = verb_of(self.actor, self.action)
        words = [self.actors, verb.one if self.count == 1 else verb.many, PLACE_PHRASES[self.place]]
        if self.thing is not None:
            words.append(f"beside {with_article(self.thing)}")
        if self.weather != "clear":
            words.append(WEATHER_PHRASES[self.weather])
        return f"{' '.join(words)}."

    @property
    def actors(self) -> str:
        """Who is seen, with number and colour, e.g. `Two women in red`."""
        number = "A" if self.count == 1 else NUMBERS[self.count].capitalize()
        name = self.actor if self.count == 1 else PLURALS[self.actor]
        if self.actor == "bird":
            return f"{with_article(self.colour).capitalize() if self.count == 1 else f'{number} {self.colour}'} {name}"
        if self.actor in PEOPLE:
            return f"{number} {name} in {self.colour}"
        coat = f"{with_article(self.colour)} coat"
        return f"{number} {name} in {coat if self.count == 1 else f'{self.colour} coats'}"


def with_article(noun: str) -> str:
    """Return a word with `a` or `an` before it."""
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def random_scene(rng: random.Random, thing_share: float = 0.3) -> Scene:
    """Return a scene without words drawn evenly from the vocabulary; `thing_share` of them with a thing."""
    actor, place = rng.choice(KINDS), rng.choice(PLACES)
    return Scene(
        actor=actor,
        count=rng.randint(1, 3),
        colour=rng.choice(COLOURS),
        action=rng.choice(ACTIONS_OF[actor]),
        place=place,
        thing=rng.choice(THINGS) if rng.random() < thing_share else None,
        weather=rng.choice(WEATHERS_OF[place]) if rng.random() < 0.6 else "clear",
        variant=rng.randrange(1_000_000),
    )
