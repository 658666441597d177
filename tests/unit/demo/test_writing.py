import json
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pysubs2
import pytest
from numpy.typing import NDArray

from demo.films import FADE, FPS, Film, SubtitleKind, film_of
from demo.rendering import render
from demo.scenes import Scene
from demo.subtitles import sidecar_text
from demo.writing import MANIFEST, fingerprint, write_films, write_truth

HELLO, BYE = "Hello, says the man.", "And the horse runs away."


def tiny(subtitles: SubtitleKind = "stream", keyframes_at_cuts: bool = True) -> Film:
    spoken = subtitles != "none"
    return film_of(
        "tiny",
        "A Tiny Film",
        Scene("man", 1, "red", "wave", "beach", seconds=1.2, subtitles=(HELLO,) if spoken else ()),
        Scene("horse", 2, "blue", "run", "night city", seconds=1.0, subtitles=(BYE,) if spoken else ()),
        subtitles=subtitles,
        keyframes_at_cuts=keyframes_at_cuts,
    )


def decoded(path: Path) -> list[tuple[float, NDArray[np.float64]]]:
    with av.open(path) as container:
        return [
            (float(frame.pts * frame.time_base), frame.to_ndarray(format="rgb24").astype(float))
            for frame in container.decode(video=0)
            if frame.pts is not None and frame.time_base is not None
        ]


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_written_film_has_its_frames_its_length_and_its_title(tmp_path: Path) -> None:
    (path,) = write_films(tmp_path, [tiny()])

    with av.open(path) as container:
        video = container.streams.video[0]
        assert (video.codec_context.name, video.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert (video.codec_context.width, video.codec_context.height) == (480, 270)
        assert container.duration == pytest.approx(2.2 * av.time_base, abs=0.01 * av.time_base)
        assert container.metadata["title"] == "A Tiny Film"
    assert [time for time, _ in decoded(path)] == pytest.approx([n / FPS for n in range(tiny().frame_count)], abs=1e-3)


def test_a_fade_turns_one_scene_into_the_next_around_the_change(tmp_path: Path) -> None:
    film = replace(tiny("none"), fades=frozenset({1}))
    frames = decoded(write_films(tmp_path, [film])[0])
    middle, half = film.bounds[1], FADE // 2
    before = np.asarray(render(film.scenes[0], (middle - half) / FPS), float)
    after = np.asarray(render(film.scenes[1], FADE / FPS), float)

    shares = []
    for _, image in frames[middle - half - 1 : middle + half + 1]:
        way = after - before
        shares.append(float(((image - before) * way).sum() / (way * way).sum()))

    assert len(frames) == film.frame_count
    assert shares == sorted(shares)
    assert shares[0] == pytest.approx(0, abs=0.1)
    assert shares[-1] == pytest.approx(1, abs=0.1)
    assert shares[half] < 0.5 < shares[half + 1]
    assert max(b - a for a, b in zip(shares, shares[1:], strict=False)) < 0.2


def test_the_cut_is_where_the_truth_says(tmp_path: Path) -> None:
    film = tiny(keyframes_at_cuts=False)
    frames = decoded(write_films(tmp_path, [film])[0])

    jumps = [np.abs(b - a).mean() for (_, a), (_, b) in zip(frames, frames[1:], strict=False)]

    assert frames[int(np.argmax(jumps)) + 1][0] == pytest.approx(film.cuts[0], abs=1e-3)


def test_the_encoded_picture_is_the_drawn_one(tmp_path: Path) -> None:
    film = tiny()
    _, frame = decoded(write_films(tmp_path, [film])[0])[6]

    assert np.abs(frame - np.asarray(render(film.scenes[0], 6 / FPS), float)).mean() < 6


def test_the_index_comes_first_so_that_a_player_can_begin(tmp_path: Path) -> None:
    content = write_films(tmp_path, [tiny()])[0].read_bytes()

    assert content.index(b"moov") < content.index(b"mdat")


def test_a_subtitle_stream_holds_the_words_at_their_times(tmp_path: Path) -> None:
    film = tiny("stream")
    (path,) = write_films(tmp_path, [film])

    with av.open(path) as container:
        stream = container.streams.subtitles[0]
        packets = [packet for packet in container.demux(stream) if packet.size > 2]
        said = [
            (float(p.pts * p.time_base), float(p.duration * p.time_base), bytes(p)[2:].decode())
            for p in packets
            if p.pts is not None and p.duration is not None
        ]

    assert [(start, text) for start, _, text in said] == [(text.span.start, text.text) for text in film.subtitle_texts]
    assert [length for _, length, _ in said] == pytest.approx([text.span.duration for text in film.subtitle_texts])


@pytest.mark.parametrize("kind", ["srt", "vtt"])
def test_a_subtitle_file_lies_beside_the_film(tmp_path: Path, kind: SubtitleKind) -> None:
    film = tiny(kind)
    write_films(tmp_path, [film])

    assert names(tmp_path) == {"tiny.mp4", f"tiny.{kind}", MANIFEST}
    lines = pysubs2.load(str(tmp_path / f"tiny.{kind}"))
    assert [(line.start / 1000, line.end / 1000, line.text) for line in lines] == [
        (text.span.start, text.span.end, text.text) for text in film.subtitle_texts
    ]
    with av.open(tmp_path / "tiny.mp4") as container:
        assert not container.streams.subtitles


def test_a_vtt_file_begins_with_its_name_and_writes_points() -> None:
    assert sidecar_text(tiny("vtt")).startswith("WEBVTT\n\n1\n00:00:00.200 --> 00:00:01.000\n")
    assert sidecar_text(tiny("srt")).startswith("1\n00:00:00,200 --> 00:00:01,000\n")


def test_the_same_film_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = (write_films(tmp_path / name, [tiny()])[0].read_bytes() for name in "ab")

    assert first == second


def test_a_film_that_is_there_is_not_made_again_but_reported(tmp_path: Path) -> None:
    (path,) = write_films(tmp_path, [tiny()])
    before = path.stat().st_mtime_ns
    seen: list[Film] = []

    write_films(tmp_path, [tiny()], seen.append)

    assert path.stat().st_mtime_ns == before
    assert seen == [tiny()]


def test_a_changed_film_is_made_again_and_its_old_subtitles_go(tmp_path: Path) -> None:
    (path,) = write_films(tmp_path, [tiny("srt")])
    before = path.read_bytes()

    write_films(tmp_path, [tiny("stream")])

    assert path.read_bytes() != before
    assert names(tmp_path) == {"tiny.mp4", MANIFEST}


@pytest.mark.parametrize("lost", ["tiny.mp4", "tiny.srt", MANIFEST])
def test_what_is_lost_is_made_again(tmp_path: Path, lost: str) -> None:
    write_films(tmp_path, [tiny("srt")])
    (tmp_path / lost).unlink()

    write_films(tmp_path, [tiny("srt")])

    assert names(tmp_path) == {"tiny.mp4", "tiny.srt", MANIFEST}


def test_a_damaged_manifest_is_written_anew(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text("{half")

    write_films(tmp_path, [tiny()])

    assert json.loads((tmp_path / MANIFEST).read_text()) == {"tiny": fingerprint(tiny())}


class Interruption(Exception):
    pass


def test_an_interrupted_run_leaves_whole_films_only(tmp_path: Path) -> None:
    def stop(film: Film) -> None:
        raise Interruption

    with pytest.raises(Interruption):
        write_films(tmp_path, [tiny(), replace(tiny(), name="second")], stop)

    assert names(tmp_path) == {"tiny.mp4", MANIFEST}


def test_a_film_that_fails_half_way_leaves_nothing(tmp_path: Path) -> None:
    unwritable = Scene("man", 1, "red", "wave", "beach", seconds=1, screen_text="BROKEN")
    object.__setattr__(unwritable, "text_style", "no such style")
    film = Film("half", "Half", (*tiny("none").scenes, unwritable))

    with pytest.raises(KeyError, match="no such style"):
        write_films(tmp_path, [film])

    assert names(tmp_path) == set()


def test_the_truth_is_written_beside_on_request(tmp_path: Path) -> None:
    (path,) = write_truth(tmp_path, [tiny()])

    assert path.name == "tiny.truth.json"
    assert json.loads(path.read_text()) == tiny().truth()
