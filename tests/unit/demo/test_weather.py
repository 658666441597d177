from dataclasses import replace

import numpy as np
import pytest

from demo.rendering import render
from demo.scenes import PLACES, WEATHERS_OF, Scene

SCENE = Scene("dog", 1, "blue", "run", "street", variant=5)


@pytest.mark.parametrize("weather", ["rain", "snow", "fog"])
def test_weather_is_seen_and_said(weather: str) -> None:
    scene = replace(SCENE, weather=weather)
    apart = np.abs(np.asarray(render(scene, 1.0)).astype(int) - np.asarray(render(SCENE, 1.0)).astype(int))
    assert apart.mean() > 2
    assert scene.sentence.endswith({"rain": "in the rain.", "snow": "in falling snow.", "fog": "in fog."}[weather])


def test_rain_falls() -> None:
    scene = replace(SCENE, weather="rain")
    assert (np.asarray(render(scene, 1.0)) != np.asarray(render(scene, 1.1))).any()


def test_it_never_rains_under_a_roof() -> None:
    assert {place for place in PLACES if WEATHERS_OF[place] == ("clear",)} == {
        "kitchen",
        "classroom",
        "pool",
        "station",
    }
    with pytest.raises(ValueError, match="no 'rain' in a kitchen"):
        replace(SCENE, place="kitchen", weather="rain")
