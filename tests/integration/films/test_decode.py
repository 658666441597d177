import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.subtitles.subtitle import SubtitleSet

from retrieval.errors import UnreadableMedia
from retrieval.ingest.decode import DecodeLimits, VideoReader, audio, embedded_subtitles, probe
from tests.films import HEIGHT, RATE, WIDTH, film, picture, shots, tone, turned


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return film(tmp_path_factory.mktemp("films") / "plain.mp4", shots((1, 1.0), (2, 1.0)), sound=2.0)


def times(path: Path) -> list[float]:
    with VideoReader(path) as reader:
        return [frame.time for frame in reader.frames()]


def test_a_probe_tells_size_length_rate_codec_and_sound(plain: Path) -> None:
    info = probe(plain)
    assert (info.width, info.height, info.video_codec, info.has_audio) == (WIDTH, HEIGHT, "h264", True)
    assert info.duration == pytest.approx(2.0, abs=0.05)
    assert info.frame_rate == pytest.approx(RATE, abs=0.6)
    assert info.subtitle_streams == ()


def test_every_frame_comes_once_with_its_time_and_colours(plain: Path) -> None:
    with VideoReader(plain) as reader:
        frames = list(reader.frames())
    assert [frame.time for frame in frames] == pytest.approx([n / RATE for n in range(50)], abs=0.002)
    assert frames[0].image.shape == (HEIGHT, WIDTH, 3)
    assert np.abs(frames[0].image.astype(int) - picture(1)).mean() < 20
    assert np.abs(frames[-1].image.astype(int) - picture(2)).mean() < 20


def test_times_of_a_variable_frame_rate_are_those_of_the_stamps(tmp_path: Path) -> None:
    stamps = [0.0, 0.04, 0.5, 0.52, 1.9, 2.0]
    path = film(tmp_path / "vfr.mkv", [(time, picture(1)) for time in stamps])
    assert times(path) == pytest.approx(stamps, abs=0.002)


def test_a_film_that_starts_late_or_before_zero_is_counted_from_its_own_start(tmp_path: Path) -> None:
    late = film(tmp_path / "late.mkv", [(time + 2.5, image) for time, image in shots((1, 0.4))])
    early = film(
        tmp_path / "early.ts",
        [(time - 0.2, image) for time, image in shots((1, 0.4))],
        muxing={"avoid_negative_ts": "disabled"},
    )
    for path in (late, early):
        assert times(path) == pytest.approx([n / RATE for n in range(10)], abs=0.002)


def test_a_raw_stream_without_stamps_still_gets_times(tmp_path: Path) -> None:
    path = film(tmp_path / "raw.h264", shots((1, 0.4)))
    assert times(path) == pytest.approx([n / RATE for n in range(10)], abs=0.002)


def test_a_rotated_film_comes_out_upright(tmp_path: Path) -> None:
    path = turned(film(tmp_path / "turned.mp4", shots((1, 0.2))))
    info = probe(path)
    assert (info.width, info.height) == (HEIGHT, WIDTH)
    with VideoReader(path) as reader:
        first = next(iter(reader.frames()))
    assert np.abs(first.image.astype(int) - np.rot90(picture(1), -1)).mean() < 20


def test_of_two_video_streams_the_larger_is_read(tmp_path: Path) -> None:
    path = tmp_path / "two.mkv"
    with av.open(str(path), "w") as out:
        small = out.add_stream("libx264", rate=RATE)
        small.width, small.height, small.pix_fmt = 96, 72, "yuv420p"
        large = out.add_stream("libx264", rate=RATE)
        large.width, large.height, large.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for number in range(5):
            for stream in (small, large):
                frame = av.VideoFrame.from_ndarray(picture(1, stream.width, stream.height), format="rgb24")
                frame.pts, frame.time_base = number, Fraction(1, RATE)
                out.mux(stream.encode(frame))
        for stream in (small, large):
            out.mux(stream.encode(None))
    assert probe(path).width == WIDTH


def test_ten_bit_pictures_become_eight_bit(tmp_path: Path) -> None:
    path = film(tmp_path / "deep.mkv", shots((1, 0.2)), pixels="yuv420p10le")
    with VideoReader(path) as reader:
        first = next(iter(reader.frames()))
    assert first.image.dtype == np.uint8
    assert np.abs(first.image.astype(int) - picture(1)).mean() < 20


def test_frames_can_be_asked_for_by_step_by_time_or_by_codec_keyframe(tmp_path: Path) -> None:
    path = film(tmp_path / "long.mkv", shots((1, 4.0), (2, 4.0)), options={"preset": "ultrafast", "g": "25"})
    with VideoReader(path) as reader:
        assert [f.time for f in reader.frames(every=2.0)] == pytest.approx([0, 2, 4, 6], abs=0.002)
        assert [f.time for f in reader.frames(keyframes_only=True)] == pytest.approx(range(8), abs=0.002)
        asked = list(reader.frames(at=[7.5, 0.0, 4.01, 99.0]))
    assert [f.time for f in asked] == pytest.approx([0.0, 4.0, 7.48, 7.96], abs=0.002)
    assert np.abs(asked[1].image.astype(int) - picture(2)).mean() < 20


def test_contradictory_wishes_for_frames_are_refused(plain: Path) -> None:
    with VideoReader(plain) as reader:
        with pytest.raises(ValueError, match="one of"):
            reader.frames(every=1.0, keyframes_only=True)
        with pytest.raises(ValueError, match="positive"):
            reader.frames(every=0.0)


def test_leaving_the_reader_ends_the_child(plain: Path) -> None:
    others = children()
    with VideoReader(plain) as reader:
        next(iter(reader.frames()))
        assert children() - others
    assert not children() - others


def children() -> frozenset[str]:
    """Process numbers; servers of other tests are among them."""
    return frozenset(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())


@pytest.mark.parametrize("name", ["-y.mp4", "new\nline.mp4", "100%d.mp4", "http:x.mp4", "\udcff.mp4"])
def test_odd_file_names_do_no_harm(plain: Path, tmp_path: Path, name: str) -> None:
    odd = tmp_path / name
    odd.write_bytes(plain.read_bytes())
    assert probe(odd).width == WIDTH


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"Dear diary, today I went for a walk.\n" * 100, "is not a video that can be read"),
        (b"#EXTM3U\n#EXTINF:1,\nplain.mp4\n", "is a playlist"),
        (b"ffconcat version 1.0\nfile plain.mp4\n", "is a playlist"),
    ],
)
def test_what_is_no_video_is_refused_in_a_plain_sentence(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "thing.mp4"
    path.write_bytes(content)
    with pytest.raises(UnreadableMedia, match=said):
        probe(path)


def test_what_is_no_plain_file_is_refused_without_opening_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    for path in (tmp_path, tmp_path / "pipe.mp4", Path("/dev/zero")):
        with pytest.raises(UnreadableMedia, match="not a plain file"):
            probe(path)
    with pytest.raises(UnreadableMedia, match="there is no file"):
        probe(tmp_path / "missing.mp4")


def test_sound_without_picture_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "sound.m4a"
    with av.open(str(path), "w", format="mp4") as out:
        stream = out.add_stream("aac", rate=16_000, layout="mono")
        out.mux(stream.encode(tone(1.0)))
        out.mux(stream.encode(None))
    with pytest.raises(UnreadableMedia, match=r"'sound.m4a' has sound but no picture"):
        probe(path)


def test_an_mp4_cut_off_before_its_index_is_refused(plain: Path, tmp_path: Path) -> None:
    half = tmp_path / "half.mp4"
    half.write_bytes(plain.read_bytes()[: plain.stat().st_size // 2])
    with pytest.raises(UnreadableMedia, match="cannot|not a video") as refusal:
        probe(half)
    assert "incomplete" in refusal.value.hint


def test_a_film_that_needs_too_much_memory_is_refused(tmp_path: Path) -> None:
    path = film(tmp_path / "wide.mkv", [(0.0, picture(1, 4000, 3000))])
    with pytest.raises(UnreadableMedia) as refusal:
        probe(path, DecodeLimits(memory_bytes=16 * 2**20))  # less than one picture takes, however many cores decode
    assert "memory" in refusal.value.message + refusal.value.hint
    assert probe(path).width == 4000


def test_a_child_that_is_silent_for_too_long_is_ended(plain: Path) -> None:
    others = children()
    with pytest.raises(UnreadableMedia, match="longer than allowed"):
        probe(plain, DecodeLimits(stall_seconds=0.01))
    assert not children() - others


def test_subtitles_inside_a_film_lose_their_markup_and_follow_the_picture(tmp_path: Path) -> None:
    path = tmp_path / "titled.mkv"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=RATE)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        texts = out.add_stream("subrip")
        texts.codec_context.subtitle_header = b"[Script Info]\n"
        frame = av.VideoFrame.from_ndarray(picture(1), format="rgb24")
        for number in range(50):
            frame.pts, frame.time_base = number + 25, Fraction(1, RATE)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
        lines = [(1500, 900, rb"{\i1}Good\Nmorning{\i0}"), (2500, 500, b"  "), (2600, 400, b"the end")]
        for start, length, line in lines:
            line = b"0,0,Default,,0,0,0,," + line
            packet = texts.codec_context.encode_subtitle(SubtitleSet.create(line, 0, length, start))
            packet.stream, packet.time_base = texts, Fraction(1, 1000)
            out.mux(packet)
    found = embedded_subtitles(path)
    assert [(text.text, text.source) for text in found] == [("Good morning", "subtitle"), ("the end", "subtitle")]
    assert (found[0].span.start, found[0].span.end) == pytest.approx((0.5, 1.4), abs=0.01)
    assert probe(path).subtitle_streams[0].codec in ("subrip", "srt")


def test_sound_comes_as_mono_samples_in_step_with_the_picture(tmp_path: Path) -> None:
    path = film(tmp_path / "late.mkv", shots((1, 2.0)), sound=1.0, sound_start=0.5)
    samples = audio(path)
    assert samples.dtype == np.float32
    assert len(samples) == pytest.approx(1.5 * 16_000, abs=1600)
    assert np.abs(samples[:6400]).max() < 0.01
    assert np.abs(samples[9600:20_000]).max() == pytest.approx(0.5, abs=0.1)


def test_a_film_without_sound_gives_no_samples(tmp_path: Path) -> None:
    assert audio(film(tmp_path / "silent.mkv", shots((1, 0.2)))).shape == (0,)


def test_the_parent_loads_no_decoder() -> None:
    imports = "import sys, retrieval.ingest.cutting, retrieval.ingest.survey"
    code = f"{imports}; print({{'av', 'cv2', 'scenedetect'}} & set(sys.modules))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "set()"


@pytest.mark.data
def test_subtitles_of_a_real_film_are_read_once(data: Path) -> None:
    texts = embedded_subtitles(data / "videos" / "nasa_13013.mp4")
    assert len(texts) == 4
    assert "Goddard Space Flight Center" in texts[2].text
