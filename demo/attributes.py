"""What a text can say of a scene, one attribute at a time, and the values that each can have."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal, get_args

from demo.palette import COLOURS
from demo.scenes import ACTIONS_OF, KINDS, NUMBERS, PLACES, THINGS, WEATHERS_OF, Scene

Attribute = Literal["actor", "count", "colour", "action", "place", "thing", "weather"]
ATTRIBUTES: tuple[Attribute, ...] = get_args(Attribute)
COMBINED = ATTRIBUTES[:5]
"""Attributes whose combination decides what a scene is for: training, development or test."""


def attributes(scene: Scene) -> tuple[object, ...]:
    """Return all that a text can say of a scene."""
    return tuple(getattr(scene, attribute) for attribute in ATTRIBUTES)


def combination(scene: Scene) -> tuple[object, ...]:
    """Return the scene's actor, number, colour, action and place."""
    return tuple(getattr(scene, attribute) for attribute in COMBINED)


def with_values(scene: Scene, values: dict[Any, Any]) -> Scene:
    """Return the scene with other values of some attributes."""
    return replace(scene, **values)


def values_of(scene: Scene, attribute: Attribute) -> Sequence[object]:
    """Return the values that an attribute can have while the others stay."""
    if attribute == "actor":
        return [kind for kind in KINDS if scene.action in ACTIONS_OF[kind]]
    if attribute == "place":
        return [place for place in PLACES if scene.weather in WEATHERS_OF[place]]
    every: dict[Attribute, Sequence[object]] = {
        "count": tuple(NUMBERS),
        "colour": COLOURS,
        "action": ACTIONS_OF[scene.actor],
        "thing": (None, *THINGS),
        "weather": WEATHERS_OF[scene.place],
    }
    return every[attribute]
