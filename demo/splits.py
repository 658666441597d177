"""Which scenes a model learns from, and which it has never seen.

Combinations of actor, number, colour, action and place are divided by a hash; so are textures and fonts, by name.
"""

import hashlib
import random
from dataclasses import replace
from typing import Literal

from demo.attributes import combination
from demo.scenes import Scene, TextStyle, random_scene
from demo.takes import Font, Texture, random_take

Split = Literal["train", "dev", "test"]

TEXTURES: dict[Split, tuple[Texture, ...]] = {
    "train": ("plain", "grain", "hatch", "dots"),
    "dev": ("plain", "rings"),
    "test": ("weave", "checks"),
}
FONTS: dict[Split, tuple[Font, ...]] = {
    "train": ("plain", "simplex", "duplex"),
    "dev": ("plain", "complex"),
    "test": ("triplex",),
}
_STYLES: tuple[TextStyle, ...] = ("sign", "caption", "card")
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


def split_of(scene: Scene) -> Split:
    """Return the split to which a scene's combination belongs: 8 of 10 are for training, 1 and 1 for the others."""
    named = "/".join(map(str, combination(scene)))
    bucket = int(hashlib.sha256(named.encode()).hexdigest(), 16) % 10
    return "test" if bucket == 0 else "dev" if bucket == 1 else "train"


def scene_of(split: Split, rng: random.Random, text_share: float = 0.1, thing_share: float = 0.3) -> Scene:
    """Return a random scene of a split, shot in a random way.

    `text_share` of them have letters in the picture, `thing_share` a thing.
    """
    while split_of(scene := random_scene(rng, thing_share)) != split:
        pass
    return shot(scene, split, rng, text_share)


def shot(scene: Scene, split: Split, rng: random.Random, text_share: float = 0.1) -> Scene:
    """Return the scene as a camera of this split films it: a new variant and take, perhaps letters."""
    take = random_take(rng, TEXTURES[split], FONTS[split])
    scene = replace(scene, variant=rng.randrange(1_000_000), take=take)
    if rng.random() >= text_share:
        return scene
    words = "".join(rng.choices(_LETTERS, k=rng.randint(3, 9)))
    take = replace(take, zoom=1.0, shake=0.0)  # or the edge would cut the words
    return replace(scene, screen_text=words.capitalize(), text_style=rng.choice(_STYLES), take=take)
