"""Which drawing belongs to which place: a still part and a moving part each."""

from collections.abc import Callable
from dataclasses import dataclass

from demo import nature, town
from demo.pen import Pen
from demo.scenes import Scenery


@dataclass(frozen=True, slots=True)
class Backdrop:
    """The two parts of a place; the moving one takes the time in seconds."""

    still: Callable[[Pen], None]
    moving: Callable[[Pen, float], None]


BACKDROPS: dict[Scenery, Backdrop] = {
    "beach": Backdrop(nature.beach, nature.beach_moves),
    "forest": Backdrop(nature.forest, nature.forest_moves),
    "kitchen": Backdrop(town.kitchen, town.kitchen_moves),
    "street": Backdrop(town.street, town.street_moves),
    "mountain": Backdrop(nature.mountain, nature.mountain_moves),
    "classroom": Backdrop(town.classroom, town.classroom_moves),
    "night city": Backdrop(town.night_city, town.night_city_moves),
    "desert": Backdrop(nature.desert, nature.desert_moves),
    "farm": Backdrop(nature.farm, nature.farm_moves),
    "pool": Backdrop(town.pool, town.pool_moves),
    "harbour": Backdrop(town.harbour, town.harbour_moves),
    "station": Backdrop(town.station, town.station_moves),
}
