from pathlib import Path

import numpy as np
import pytest

from retrieval.errors import UnreadableMedia
from retrieval.ingest.cutting import cut
from retrieval.ingest.decode import DecodeLimits, VideoReader, audio, probe
from retrieval.types import TimeSpan
from tests.films import HEIGHT, RATE, WIDTH, film, picture, shots, turned


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three shots of two seconds, a codec keyframe each second, a tone from second 3 to 6."""
    path = tmp_path_factory.mktemp("films") / "source.mp4"
    options = {"preset": "ultrafast", "g": str(RATE), "bf": "2", "sc_threshold": "0"}
    return film(path, shots((1, 2.0), (2, 2.0), (3, 2.0)), options=options, sound=3.0, sound_start=3.0)


def first_image(path: Path) -> np.ndarray:
    with VideoReader(path) as reader:
        return next(iter(reader.frames())).image.astype(int)


def test_a_span_from_a_codec_keyframe_is_copied(source: Path, tmp_path: Path) -> None:
    clip = cut(source, TimeSpan(2.0, 4.0), tmp_path / "clip.mp4")
    assert clip.copied
    assert (clip.start, clip.end) == pytest.approx((2.0, 4.0), abs=0.1)
    assert probe(clip.path).duration == pytest.approx(2.0, abs=0.15)
    assert np.abs(first_image(clip.path) - picture(2)).mean() < 20


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".webm", ".mov"])
def test_any_other_span_is_encoded_anew_to_the_right_length(source: Path, tmp_path: Path, suffix: str) -> None:
    clip = cut(source, TimeSpan(2.4, 4.5), tmp_path / f"clip{suffix}")
    assert not clip.copied
    assert (clip.start, clip.end) == pytest.approx((2.4, 4.5))
    info = probe(clip.path)
    assert info.duration == pytest.approx(2.1, abs=0.15)
    assert info.has_audio
    assert np.abs(first_image(clip.path) - picture(2)).mean() < 25


@pytest.mark.parametrize("span", [TimeSpan(2.0, 5.0), TimeSpan(2.4, 5.0)])
def test_sound_stays_in_step(source: Path, tmp_path: Path, span: TimeSpan) -> None:
    clip = cut(source, span, tmp_path / "clip.mp4")
    loud = np.flatnonzero(np.abs(audio(clip.path)) > 0.2)
    assert loud[0] / 16_000 == pytest.approx(3.0 - clip.start, abs=0.08)
    assert loud[-1] / 16_000 == pytest.approx(clip.end - clip.start, abs=0.12)


def test_a_rotated_film_gives_an_upright_clip(tmp_path: Path) -> None:
    path = turned(film(tmp_path / "turned.mp4", shots((1, 1.0))))
    clip = cut(path, TimeSpan(0.0, 0.6), tmp_path / "clip.mp4")
    info = probe(clip.path)
    assert (info.width, info.height) == (HEIGHT, WIDTH)
    assert np.abs(first_image(clip.path) - np.rot90(picture(1), -1)).mean() < 20


def test_a_span_within_one_long_frame_is_filled_by_it(tmp_path: Path) -> None:
    path = film(tmp_path / "slides.mkv", [(0.0, picture(1)), (5.0, picture(2)), (10.0, picture(3))])
    clip = cut(path, TimeSpan(6.0, 8.0), tmp_path / "clip.mp4")
    assert probe(clip.path).duration == pytest.approx(2.0, abs=0.15)
    assert np.abs(first_image(clip.path) - picture(2)).mean() < 20


def test_a_span_past_the_end_is_cut_at_the_end(source: Path, tmp_path: Path) -> None:
    clip = cut(source, TimeSpan(4.5, 60.0), tmp_path / "clip.mp4")
    assert clip.end == pytest.approx(6.0, abs=0.1)
    assert probe(clip.path).duration == pytest.approx(1.5, abs=0.15)
    with pytest.raises(UnreadableMedia, match="ends at 6.0 s"):
        cut(source, TimeSpan(60.0, 61.0), tmp_path / "none.mp4")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clip.mp4"]


def test_an_existing_file_is_kept_unless_told_otherwise(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "clip.mp4"
    target.write_text("mine")
    with pytest.raises(FileExistsError):
        cut(source, TimeSpan(2.0, 3.0), target)
    assert target.read_text() == "mine"
    assert probe(cut(source, TimeSpan(2.0, 3.0), target, overwrite=True).path).width == WIDTH
    with pytest.raises(FileExistsError):
        cut(source, TimeSpan(2.0, 3.0), source, overwrite=True)


def test_an_unknown_kind_of_file_is_refused(source: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"must end in .mp4"):
        cut(source, TimeSpan(2.0, 3.0), tmp_path / "clip.doc")


def test_a_limit_reached_leaves_nothing_behind(source: Path, tmp_path: Path) -> None:
    with pytest.raises(UnreadableMedia, match="longer than allowed"):
        cut(source, TimeSpan(2.4, 3.0), tmp_path / "clip.mp4", DecodeLimits(stall_seconds=0.01))
    assert not list(tmp_path.iterdir())
