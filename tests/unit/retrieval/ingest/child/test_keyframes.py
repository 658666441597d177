from collections.abc import Callable

import cv2
import numpy as np
from av.video.frame import VideoFrame

from retrieval.ingest.child.changes import Change
from retrieval.ingest.child.keyframes import KeyframeChooser, sharpness
from retrieval.ingest.child.media import small
from retrieval.ingest.child.scan import Sample
from tests.films import RATE, Image, picture

SCENE = cv2.GaussianBlur(picture(1, 320, 240), (0, 0), 2).astype(np.uint8)


def titled(opacity: float) -> Image:
    image = SCENE.copy()
    cv2.putText(image, "A TITLE", (60, 130), cv2.FONT_HERSHEY_SIMPLEX, 1.6, (255, 255, 255), 6)
    return cv2.addWeighted(image, opacity, SCENE, 1 - opacity, 0).astype(np.uint8)


def kept(
    seconds: float, shown: Callable[[float], Image], cuts: tuple[float, ...] = (), fades: tuple[Change, ...] = ()
) -> list[float]:
    """The times of the keyframes of a film, given by its picture at each time."""
    chooser = KeyframeChooser()
    for change in [*(Change(cut, cut, cut) for cut in cuts), *fades]:
        chooser.change(change)
    for number in range(round(seconds * RATE)):
        frame = VideoFrame.from_ndarray(shown(number / RATE), format="rgb24").reformat(format="yuv420p")
        chooser.add(Sample(number / RATE, frame, small(frame)))
    return [look.time for look in chooser.finish()]


def test_a_still_shot_has_one_keyframe() -> None:
    assert len(kept(4.0, lambda time: SCENE)) == 1


def test_a_long_still_shot_has_one_every_eight_seconds() -> None:
    times = [*kept(30.0, lambda time: SCENE), 30.0]
    assert max(np.diff(times)) <= 8.0
    assert len(times) <= 6


def test_every_shot_has_a_keyframe_inside_its_cuts() -> None:
    times = kept(3.0, lambda time: picture(int(time), 320, 240), cuts=(1.0, 2.0))
    assert [int(time) for time in times] == [0, 1, 2]
    assert all(0.08 <= time % 1 <= 0.92 for time in times[1:])


def test_no_keyframe_is_a_mixture_of_two_shots() -> None:
    one, other = picture(1, 320, 240), picture(2, 320, 240)

    def fading(time: float) -> Image:
        share = float(np.clip(time - 1.5, 0, 1))
        return cv2.addWeighted(other, share, one, 1 - share, 0).astype(np.uint8)

    times = kept(4.0, fading, fades=(Change(2.0, 1.5, 2.5),))
    assert min(times) < 1.5
    assert max(times) > 2.5
    assert not any(1.5 <= time <= 2.5 for time in times)


def test_a_shot_shorter_than_the_margins_still_has_a_keyframe() -> None:
    times = kept(2.0, lambda time: picture(1 <= time < 1.1, 320, 240), cuts=(1.0, 1.12))
    assert any(1.0 <= time < 1.12 for time in times)


def test_a_shot_that_ends_otherwise_than_it_began_keeps_both_ends() -> None:
    pan = picture(5, 1600, 240)
    times = kept(2.0, lambda time: np.ascontiguousarray(pan[:, int(time * 500) : int(time * 500) + 320]))
    assert times[0] < 0.5
    assert times[-1] > 1.4


def test_a_title_that_fades_in_and_out_is_kept_at_full_visibility() -> None:
    def opacity(time: float) -> float:
        return float(np.clip(min(time - 2.0, 5.0 - time), 0, 1))

    times = kept(7.0, lambda time: titled(opacity(time)))
    assert any(opacity(time) == 1.0 for time in times)
    assert len(times) <= 4


def test_a_title_shown_for_a_second_is_kept() -> None:
    times = kept(5.0, lambda time: titled(float(2.0 <= time < 3.0)))
    assert any(2.0 <= time < 3.0 for time in times)


def test_of_frames_near_together_the_sharpest_is_kept() -> None:
    blurred = cv2.GaussianBlur(SCENE, (0, 0), 6).astype(np.uint8)
    times = kept(0.6, lambda time: SCENE if 0.28 < time < 0.42 else blurred)
    assert 0.28 < times[0] < 0.42


def test_the_black_before_a_fade_is_not_kept() -> None:
    assert kept(3.0, lambda time: SCENE * (time >= 1.0))[0] >= 1.0


def test_a_black_film_still_has_a_keyframe() -> None:
    assert len(kept(1.0, lambda time: np.zeros_like(SCENE))) == 1


def test_sharpness_falls_with_blur() -> None:
    def of(image: Image) -> float:
        frame = VideoFrame.from_ndarray(image, format="rgb24").reformat(format="yuv420p")
        return sharpness(frame, cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.uint8))

    assert of(SCENE) > 2 * of(cv2.GaussianBlur(SCENE, (0, 0), 6).astype(np.uint8))
