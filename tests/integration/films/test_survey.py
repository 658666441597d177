from collections.abc import Iterator
from pathlib import Path
from time import sleep

import av
import cv2
import numpy as np
import pytest
from av.video.frame import VideoFrame

from retrieval.errors import UnreadableMedia
from retrieval.ingest.survey import grab, survey
from retrieval.types import TimeSpan
from tests.films import HEIGHT, RATE, WIDTH, Image, film, picture, shots, turned


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("films") / "three.mkv"
    return film(path, shots((1, 2.0), (2, 3.0), (3, 2.0)), options={"preset": "ultrafast", "g": "25"})


def test_shots_tile_the_film_and_each_has_keyframes_on_disk(three: Path, tmp_path: Path) -> None:
    found = survey(three, tmp_path)
    assert [shot.span.start for shot in found.shots] == pytest.approx([0, 2, 5], abs=0.05)
    assert found.shots[-1].span.end == found.readable_until == found.info.duration == pytest.approx(7.0, abs=0.05)
    assert found.damage == ""
    for number, shot in enumerate(found.shots, start=1):
        inside = [keyframe for keyframe in found.keyframes if shot.span.contains(keyframe.time)]
        assert inside
        pixels = cv2.imread(str(inside[0].path))
        assert np.abs(pixels[:, :, ::-1].astype(int) - picture(number)).mean() < 20


def test_keyframes_are_named_by_their_milliseconds_and_the_same_each_time(three: Path, tmp_path: Path) -> None:
    once, again = survey(three, tmp_path / "once"), survey(three, tmp_path / "again")
    assert [k.path.name for k in once.keyframes] == [f"{round(k.time * 1000):09d}.jpg" for k in once.keyframes]
    assert sorted(p.name for p in (tmp_path / "once").iterdir()) == [k.path.name for k in once.keyframes]
    assert [k.path.read_bytes() for k in once.keyframes] == [k.path.read_bytes() for k in again.keyframes]


def test_progress_rises_to_one(three: Path, tmp_path: Path) -> None:
    shares: list[float] = []
    survey(three, tmp_path, on_progress=shares.append)
    assert shares == sorted(shares)
    assert len(shares) > 3
    assert shares[-1] == 1.0


def test_keyframes_of_a_rotated_film_stand_upright_and_large_ones_are_scaled_down(tmp_path: Path) -> None:
    upright = survey(turned(film(tmp_path / "turned.mp4", shots((1, 0.4)))), tmp_path / "turned")
    assert cv2.imread(str(upright.keyframes[0].path)).shape == (WIDTH, HEIGHT, 3)
    wide = film(tmp_path / "wide.mkv", [(0.0, picture(1, 1920, 960))])
    assert cv2.imread(str(survey(wide, tmp_path / "wide").keyframes[0].path)).shape == (640, 1280, 3)


def test_a_film_that_breaks_off_gives_what_is_there_and_says_what_is_missing(three: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.mkv"
    broken.write_bytes(three.read_bytes()[: three.stat().st_size * 6 // 10])
    found = survey(broken, tmp_path / "keyframes")
    assert 2.0 < found.readable_until < 6.0
    assert found.damage == f"only the first {found.readable_until:.1f} of 7.0 s could be read"
    assert found.shots[-1].span.end == found.readable_until
    assert found.info.duration == pytest.approx(7.0, abs=0.05)
    assert all(keyframe.time < found.readable_until for keyframe in found.keyframes)


def test_flipped_bytes_are_borne_and_told(three: Path, tmp_path: Path) -> None:
    data = bytearray(three.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 3000] = bytes(byte ^ 0xA5 for byte in data[middle : middle + 3000])
    hurt = tmp_path / "hurt.mkv"
    hurt.write_bytes(data)
    found = survey(hurt, tmp_path / "keyframes")
    assert found.keyframes
    assert found.damage


def test_a_file_without_frames_leaves_no_keyframes_behind(tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_text("no film at all\n" * 500)
    with pytest.raises(UnreadableMedia):
        survey(tmp_path / "text.mp4", tmp_path / "keyframes")
    assert not list((tmp_path / "keyframes").iterdir())


def test_giving_up_half_way_leaves_no_keyframes_behind(three: Path, tmp_path: Path) -> None:
    def give_up(share: float) -> None:
        sleep(0.3)  # the decoder goes on meanwhile, and writes what nobody asks for any more
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        survey(three, tmp_path / "keyframes", on_progress=give_up)
    assert not list((tmp_path / "keyframes").iterdir())


def test_a_grab_takes_one_frame_inside_each_span_in_the_order_asked(three: Path, tmp_path: Path) -> None:
    spans = [TimeSpan(5.1, 5.9), TimeSpan(0.5, 1.5), TimeSpan(2.0, 5.0)]
    grabbed = grab(three, tmp_path, spans)
    for span, keyframe, number in zip(spans, grabbed, (3, 1, 2), strict=True):
        assert span.contains(keyframe.time)
        assert keyframe.time == pytest.approx(span.middle, abs=0.3)
        pixels = cv2.imread(str(keyframe.path))
        assert np.abs(pixels[:, :, ::-1].astype(int) - picture(number)).mean() < 20


def moving(numbers: list[tuple[int, float]], noise: float = 0.0) -> list[tuple[float, Image]]:
    """Frames of shots over which a square wanders, so that every packet holds something."""
    rng = np.random.default_rng(1)
    frames = []
    for place, (time, image) in enumerate(shots(*numbers)):
        image = image.copy()
        image[40:60, 2 * place % 160 :][:, :20] = 255
        frames.append((time, np.clip(image + noise * rng.standard_normal(image.shape), 0, 255).astype(np.uint8)))
    return frames


CODINGS = {
    "fixed": ("libx264", {"preset": "veryfast", "g": "125", "sc_threshold": "0"}),
    "at cuts": ("libx264", {"preset": "veryfast", "g": "125"}),
    "no frame passed over": ("libx264", {"preset": "ultrafast", "g": "125", "sc_threshold": "0", "bf": "0"}),
    "whole pictures": ("mjpeg", {"q": "4"}),
}


@pytest.mark.parametrize("noise", [0.0, 20.0], ids=["clean", "noisy"])
@pytest.mark.parametrize("coding", CODINGS)
def test_a_shot_away_and_back_is_found_in_every_coding(coding: str, noise: float, tmp_path: Path) -> None:
    codec, options = CODINGS[coding]
    pixels = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    frames = moving([(1, 2.2), (2, 0.4), (1, 2.6), (3, 1.4), (4, 1.6)], noise)
    path = film(tmp_path / "film.mkv", frames, codec, pixels, options)
    found = [shot.span.start for shot in survey(path, tmp_path / "keyframes").shots[1:]]
    assert found == pytest.approx([2.2, 2.6, 5.2, 6.6], abs=0.1)


@pytest.mark.parametrize("coding", CODINGS)
def test_what_rests_is_hardly_decoded(coding: str, tmp_path: Path) -> None:
    codec, options = CODINGS[coding]
    pixels = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    path = film(tmp_path / "film.mkv", shots((1, 12.0)), codec, pixels, options)
    assert survey(path, tmp_path / "keyframes").decoded < 0.3


@pytest.mark.parametrize("codec_keyframes", ["50", "125"])
def test_from_the_second_on_a_cut_between_two_codec_keyframes_is_told_by_its_packet(
    codec_keyframes: str, tmp_path: Path
) -> None:
    options = {"preset": "veryfast", "g": codec_keyframes, "sc_threshold": "0"}
    path = film(tmp_path / "film.mkv", shots((1, 3.2), (2, 6.3), (3, 6.2)), options=options)
    found = survey(path, tmp_path / "keyframes")
    assert [shot.span.start for shot in found.shots[1:]] == pytest.approx([3.2, 9.5], abs=0.1)
    assert found.decoded < 0.25
    for number, shot in enumerate(found.shots, start=1):
        [inside] = [keyframe for keyframe in found.keyframes if shot.span.contains(keyframe.time)][:1]
        assert np.abs(cv2.imread(str(inside.path))[:, :, ::-1].astype(int) - picture(number)).mean() < 20


def test_whole_pictures_by_the_clock_are_no_cuts(tmp_path: Path) -> None:
    """They come halfway between two codec keyframes, of which they are none, while the camera goes over a landscape."""
    land = cv2.GaussianBlur(picture(5, 1600), (0, 0), 3).astype(np.uint8)
    path = tmp_path / "pan.mp4"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("mpeg4", rate=RATE, options={"g": "25", "bf": "0"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for number in range(10 * RATE):
            image = np.ascontiguousarray(land[:, 5 * number : 5 * number + WIDTH])
            frame = VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts = number
            for packet in stream.encode(frame):
                packet.is_keyframe = packet.is_keyframe and number % 50 == 0
                out.mux(packet)
    assert len(survey(path, tmp_path / "keyframes").shots) == 1


@pytest.mark.parametrize("fade", [0.04, 1.0])
def test_a_title_between_two_codec_keyframes_is_kept(fade: float, tmp_path: Path) -> None:
    title = cv2.putText(picture(1).copy(), "TITLE", (20, 90), cv2.FONT_HERSHEY_SIMPLEX, 1.6, (255, 255, 255), 5)
    frames = []
    for time, image in moving([(1, 7.5)]):
        shown = float(np.clip(min(time - 0.7, 3.9 - time) / fade, 0, 1))
        frames.append((time, cv2.addWeighted(title, shown, image, 1 - shown, 0).astype(np.uint8)))
    path = film(tmp_path / "film.mkv", frames, options={"preset": "veryfast", "g": "125", "sc_threshold": "0"})
    times = [keyframe.time for keyframe in survey(path, tmp_path / "keyframes").keyframes]
    assert any(0.7 + fade <= time <= 3.9 - fade for time in times)


def real_films(data: Path) -> Iterator[Path]:
    yield from (path for path in sorted((data / "videos").iterdir()) if path.suffix != ".json")


@pytest.mark.data
@pytest.mark.slow
def test_every_real_film_is_surveyed_whole(data: Path, tmp_path: Path) -> None:
    for path in real_films(data):
        if "audio" in path.name:
            with pytest.raises(UnreadableMedia, match="sound but no picture"):
                survey(path, tmp_path / path.stem)
            continue
        found = survey(path, tmp_path / path.stem)
        assert found.damage == "", path.name
        bounds = [0.0, *(keyframe.time for keyframe in found.keyframes), found.info.duration]
        assert max(np.diff(bounds)) <= 8.0, path.name
