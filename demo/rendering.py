"""A scene at a time becomes a picture: backdrop, thing, actors from back to front, weather, words."""

import math
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from PIL import Image

from demo.animals import draw_beast, draw_bird
from demo.figures import Appearance, draw_person
from demo.lettering import draw_text
from demo.objects import THINGS_DRAWN
from demo.palette import CAT_FURS, DOG_FURS, HAIRS, HORSE_FURS, PAINT, SKINS
from demo.pen import PAGE_HEIGHT, PAGE_WIDTH, Pen
from demo.places import BACKDROPS
from demo.scenes import PEOPLE, Scene, Scenery
from demo.takes import Take, Texture, add_noise, draw_cover, draw_texture, frame_box
from demo.weather import draw_before, draw_behind

SIZE = (480, 270)
GROUND = 232.0
"""Where actors stand, in units of the page."""
WIDEST = 216.0
"""Between the first and the last actor, in units of the page."""
_FURS = {"dog": DOG_FURS, "cat": CAT_FURS, "horse": HORSE_FURS}


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an actor stands, and how large."""

    x: float
    y: float
    scale: float


def render(scene: Scene, time: float, size: tuple[int, int] = SIZE) -> Image.Image:
    """Return the scene as it looks `time` seconds after its start, as an RGB picture of `size` pixels.

    The page is 16:9: another shape is squeezed, not cropped. The same arguments give the same picture.
    """
    page = _backdrop(scene.place, scene.take.texture, _page_width(size[0])).copy()
    pen = Pen.on(page)
    BACKDROPS[scene.place].moving(pen, time + scene.variant % 97)
    draw_behind(pen, scene.weather)
    spots = layout(scene)
    for number, spot in enumerate(spots):
        _draw_actor(pen, scene, number, spot, time)
    if scene.thing is not None:
        _draw_thing(pen, scene, spots)
    draw_before(pen, scene.weather, time, scene.variant)
    if scene.take.cover is not None:
        draw_cover(pen, scene.take.cover, scene.variant)
    if scene.screen_text is not None:
        draw_text(page, scene.screen_text, scene.text_style, scene.take.font)
    return add_noise(_seen(page, scene.take, time, size), scene.take, scene.variant + round(1000 * time))


def _seen(page: Image.Image, take: Take, time: float, size: tuple[int, int]) -> Image.Image:
    """Return the part of the page that the camera sees."""
    if not take.steady:
        box = frame_box(take, time, page.width, page.height)
        return page.resize(size, Image.Resampling.BOX, box)
    if (page.width, page.height) == (2 * size[0], 2 * size[1]):
        return page.reduce(2)
    return page.resize(size, Image.Resampling.BOX)


def layout(scene: Scene) -> tuple[Spot, ...]:
    """Return the actors' places, from back to front."""
    rng = Random(scene.variant)
    scale = _scale(scene) * rng.uniform(0.94, 1.0)
    middle = PAGE_WIDTH / 2 + rng.uniform(-10, 10) + (34 * _side(scene) if scene.thing else 0)
    ground = GROUND
    if scene.screen_text is not None:  # keep heads below a sign, feet above a caption
        scale *= 0.86
        ground += -14 if scene.text_style == "caption" else 8
    if _lies(scene):
        return _rows(scene.count, middle, ground, scale)
    step = _breadth(scene) * scale
    deep = 34.0 if step * (scene.count - 1) > WIDEST else 0.0
    step = min(step, WIDEST / max(1, scene.count - 1))
    spots = (
        Spot(middle + (n - (scene.count - 1) / 2) * step, ground - deep * (n % 2), scale) for n in range(scene.count)
    )
    return tuple(sorted(spots, key=lambda spot: spot.y))


def _rows(count: int, middle: float, ground: float, scale: float) -> tuple[Spot, ...]:
    """Lay sleepers behind each other."""
    scale = min(scale * 1.05, 1.2 if count == 1 else 0.95)
    return tuple(Spot(middle + (1 - n) * 22, ground - (count - 1 - n) * 62 * scale, scale) for n in range(count))


def _lies(scene: Scene) -> bool:
    return scene.action == "sleep" and scene.actor in PEOPLE


def _scale(scene: Scene) -> float:
    """Return how large an actor is drawn: small kinds larger than life, many or high ones smaller."""
    stature = {"man": 1.0, "woman": 1.0, "child": 1.1, "dog": 1.22, "cat": 1.28, "horse": 0.94, "bird": 1.2}
    many = {1: 1.12, 2: 0.96, 3: 0.86 if scene.actor in PEOPLE else 0.74}
    high = {"umbrella": 0.9, "jump": 0.96 if scene.actor in PEOPLE else 0.85}
    return stature[scene.actor] * many[scene.count] * high.get(scene.action, 1.0)


def _breadth(scene: Scene) -> float:
    """Return the width that an actor takes, in units of the page at scale 1."""
    if scene.actor in PEOPLE:
        wide = {
            "sleep": 190,
            "ride": 128,
            "kite": 126,
            "run": 122,
            "kick": 140,
            "umbrella": 110,
            "carry": 96,
            "eat": 92,
        }
        return wide.get(scene.action, 86)
    if scene.action == "sit":
        return 92
    return 136 if scene.actor == "horse" else 122


def _side(scene: Scene) -> int:
    """Return 1 where the actors face to the right, -1 to the left."""
    return 1 if Random(f"side {scene.variant} {scene.place}").random() < 0.5 else -1


def _draw_actor(pen: Pen, scene: Scene, number: int, spot: Spot, time: float) -> None:
    rng = Random(f"actor {scene.variant} {number}")
    part = pen.at(spot.x + 4 * math.sin(time * 0.9 + number), spot.y, spot.scale, flip=_side(scene) < 0)
    phase = time * rng.uniform(0.95, 1.15) + rng.random()
    paint = PAINT[scene.colour]
    if scene.actor == "bird":
        draw_bird(part, paint, scene.action, phase)
    elif scene.actor in PEOPLE:
        look = Appearance(paint, rng.choice(SKINS), rng.choice(HAIRS))
        draw_person(part, scene.actor, look, scene.action, phase)
    else:
        draw_beast(part, scene.actor, paint, rng.choice(_FURS[scene.actor]), scene.action, phase)


def _draw_thing(pen: Pen, scene: Scene, spots: tuple[Spot, ...]) -> None:
    """Stand the thing at the actors' backs, a little nearer to us."""
    assert scene.thing is not None
    edge = min if _side(scene) > 0 else max
    x = edge(spot.x for spot in spots) - _side(scene) * (_breadth(scene) * spots[0].scale / 2 + 24)
    x = min(max(x, 44.0), PAGE_WIDTH - 44.0)
    part = pen.at(x, max(spot.y for spot in spots) + 8, 1.15)
    part.shadow(0, 0, 34, 6)
    for layer in (part.outlining(), part):
        THINGS_DRAWN[scene.thing](layer)


def _page_width(width: int) -> int:
    """Return the width to draw at: twice the wanted one or more, and never too small for thin lines."""
    return width * 2 if width >= 240 else max(384, width * 2)


@lru_cache(maxsize=128)
def _backdrop(place: Scenery, texture: Texture, width: int) -> Image.Image:
    page = Image.new("RGB", (width, round(width * PAGE_HEIGHT / PAGE_WIDTH)))
    BACKDROPS[place].still(Pen.on(page))
    draw_texture(Pen.on(page), texture)
    return page
