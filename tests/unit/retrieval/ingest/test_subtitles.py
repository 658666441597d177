import contextlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.catalogue.given import Given
from retrieval.errors import InvalidSubtitles
from retrieval.ingest import subtitles
from retrieval.ingest.inputs import given_now
from retrieval.ingest.subtitles import check_ordinary, read_subtitles, sidecars
from retrieval.types import TimeSpan

SRT = """1
00:00:01,000 --> 00:00:02,500
Energy is <i>conserved</i>.

2
00:00:03,000 --> 00:00:04,000
{\\an8}Two
lines &amp; a caf\u00e9
"""
READ = [(1.0, 2.5, "Energy is conserved."), (3.0, 4.0, "Two lines & a caf\u00e9")]


def _read(path: Path, content: str | bytes, duration: float | None = None) -> list[tuple[float, float, str]]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    texts = read_subtitles(path, duration)
    assert {text.source for text in texts} <= {"subtitle"}
    return [(text.span.start, text.span.end, text.text) for text in texts]


def _srt(*cues: tuple[str, str, str]) -> str:
    return "\n\n".join(f"{start} --> {end}\n{text}" for start, end, text in cues)


@pytest.mark.parametrize(
    "raw",
    [
        SRT.encode(),
        SRT.encode("utf-8-sig"),
        SRT.replace("\n", "\r\n").encode(),
        SRT.replace("\n", "\r").encode(),
        SRT.encode("utf-16"),
        SRT.encode("utf-16-le"),
        SRT.encode("utf-16-be"),
        SRT.encode("latin-1"),
        SRT.replace("1\n00", "00").replace("2\n00", "00").encode(),
        SRT.replace(",", ".").encode(),
    ],
    ids=["utf8", "bom", "crlf", "cr", "utf16", "utf16le", "utf16be", "latin1", "unnumbered", "dots"],
)
def test_subrip_is_read_in_every_dress(tmp_path: Path, raw: bytes) -> None:
    assert _read(tmp_path / "a.srt", raw) == READ


def test_webvtt_is_read_without_its_notes_styles_names_and_markup(tmp_path: Path) -> None:
    vtt = """WEBVTT - a title

STYLE
::cue { color: red }

NOTE not on screen

intro
00:01.000 --> 00:02.000 align:start position:0%
<v Anna><c.yellow>Hello</c>

next-name
00:03.000 --> 01:00:04.500

01:00:05.000 --> 01:00:06.000
- Good&nbsp;day
"""
    assert _read(tmp_path / "a.vtt", vtt) == [(1, 2, "Hello"), (3605, 3606, "- Good day")]


def test_lines_that_roll_on_are_given_once(tmp_path: Path) -> None:
    vtt = """WEBVTT

00:00:00.000 --> 00:00:02.000
we<00:00:00.640><c> begin</c><00:00:01.120><c> here</c>

00:00:02.000 --> 00:00:02.010
we begin here

00:00:02.010 --> 00:00:04.000
we begin here
and<00:00:02.640><c> go</c><00:00:03.120><c> on</c>

00:00:04.000 --> 00:00:06.000
and go on
"""
    assert _read(tmp_path / "a.vtt", vtt) == [(0, 2.01, "we begin here"), (2.01, 6, "and go on")]


def test_the_same_words_said_again_later_are_kept(tmp_path: Path) -> None:
    srt = _srt(("00:00:01,000", "00:00:02,000", "No."), ("00:00:05,000", "00:00:06,000", "No."))
    assert len(_read(tmp_path / "a.srt", srt)) == 2


def test_substation_is_read_without_tags_comments_and_drawings(tmp_path: Path) -> None:
    ass = """[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize
Style: Default,Arial,20

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:05.00,0:00:06.00,Default,,0,0,0,,later
Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,{\\pos(1,2)\\i1}Gate{\\i0}\\Nfour, now
Comment: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,a note
Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,{\\p1}m 0 0 l 10 10{\\p0}
"""
    assert _read(tmp_path / "a.ass", ass) == [(1, 2, "Gate four, now"), (5, 6, "later")]


def test_the_content_decides_over_the_ending(tmp_path: Path) -> None:
    assert _read(tmp_path / "a.srt", "WEBVTT\n\n00:01.000 --> 00:02.000\nHi\n") == [(1, 2, "Hi")]
    assert _read(tmp_path / "b.srt", "00:01.000 --> 00:02.000\nHi\n") == [(1, 2, "Hi")]
    assert _read(tmp_path / "c.vtt", SRT) == READ


def test_cues_are_ordered_clipped_and_dropped_where_they_make_no_span(tmp_path: Path) -> None:
    srt = _srt(
        ("00:00:08,000", "00:00:20,000", "clipped"),
        ("00:00:10,000", "00:00:20,000", "after the end"),
        ("00:00:05,000", "00:00:05,000", "no time"),
        ("00:00:05,000", "00:00:04,000", "backwards"),
        ("00:00:05,000", "00:00:06,000", "<b> </b>"),
        ("00:00:01,000", "00:00:04,000", "overlaps"),
        ("00:00:00,500", "00:00:03,000", "first"),
    )
    assert _read(tmp_path / "a.srt", srt, duration=10) == [(0.5, 3, "first"), (1, 4, "overlaps"), (8, 10, "clipped")]


@pytest.mark.parametrize("raw", [b"", b"hello", b"\x00\x01\x02\xff" * 200, b"\x89PNG\r\n", b"[Events]\nDialogue: x"])
def test_a_file_that_holds_no_subtitles_is_refused(tmp_path: Path, raw: bytes) -> None:
    with pytest.raises(InvalidSubtitles, match=r"'a\.srt'"):
        _read(tmp_path / "a.srt", raw)


def test_a_file_that_is_missing_or_too_large_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidSubtitles, match="cannot be read"):
        read_subtitles(tmp_path / "none.srt")
    with (tmp_path / "huge.srt").open("wb") as file:
        file.truncate(subtitles.MAX_BYTES + 1)
    with pytest.raises(InvalidSubtitles, match="too large"):
        read_subtitles(tmp_path / "huge.srt")


@pytest.mark.parametrize("filler", ["<a", "{", "\n", "1 ", "<00:", "&"])
def test_a_hostile_cue_is_read_quickly(tmp_path: Path, filler: str) -> None:
    _read(tmp_path / "a.srt", _srt(("00:00:01,000", "00:00:02,000", "x" + filler * 200_000)))


@given(st.text(max_size=300), st.sampled_from(["", "WEBVTT\n\n", "[Script Info]\n[Events]\nDialogue: 0,", "1\n"]))
def test_any_text_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: str, head: str) -> None:
    path = tmp_path_factory.getbasetemp() / "any.srt"
    with contextlib.suppress(InvalidSubtitles):
        _read(path, (head + "00:00:01,000 --> 00:00:02,000\n" + content).encode("utf-8", "surrogatepass"), 5.0)


def test_sidecars_share_the_stem_and_at_most_name_a_language(tmp_path: Path) -> None:
    ours = ["film.srt", "film.de.vtt", "film.en.SRT", "film.en.sdh.srt", "film.pt-BR.ass"]
    others = ["film.mp4", "film.txt", "film.part2.srt", "film2.srt", "other.srt"]
    for name in [*ours, *others]:
        (tmp_path / name).touch()
    assert [path.name for path in sidecars(tmp_path / "film.mp4")] == [
        "film.srt",
        "film.de.vtt",
        "film.en.SRT",
        "film.pt-BR.ass",
        "film.en.sdh.srt",
    ]


def test_a_sidecar_of_a_name_with_dots_is_found(tmp_path: Path) -> None:
    (tmp_path / "v1.2 [cut].en.srt").touch()
    assert [path.name for path in sidecars(tmp_path / "v1.2 [cut].mkv")] == ["v1.2 [cut].en.srt"]


def test_what_only_has_the_name_of_subtitles_is_refused_by_name(tmp_path: Path) -> None:
    inside = tmp_path / "videos"
    inside.mkdir()
    (tmp_path / "secret.srt").touch()
    (inside / "english.srt").touch()
    os.symlink(tmp_path / "secret.srt", inside / "film.srt")
    os.symlink(inside / "nowhere", inside / "film.de.srt")
    os.symlink("english.srt", inside / "film.en.srt")
    os.symlink("film.it.srt", inside / "film.it.srt")
    (inside / "film.fr.srt").mkdir()
    os.mkfifo(inside / "film.es.srt")
    refused = {}
    for path in sidecars(inside / "film.mp4"):
        try:
            check_ordinary(path)
        except InvalidSubtitles as error:
            refused[path.name] = str(error)
    assert set(refused) == {"film.srt", "film.de.srt", "film.it.srt", "film.fr.srt", "film.es.srt"}
    assert all(repr(name) in told for name, told in refused.items())


def test_a_film_tells_of_companions_that_are_no_files(tmp_path: Path) -> None:
    (tmp_path / "film.en.srt").write_text(SRT, encoding="utf-8")
    (tmp_path / "film.fr.srt").mkdir()
    taken, notes = given_now(tmp_path / "film.mp4", Given(), None, frozenset())
    assert list(taken.subtitles) == [".en.srt"]
    assert notes == ("'film.fr.srt' is not an ordinary file: left out",)


def test_spans_are_values_of_the_library(tmp_path: Path) -> None:
    (tmp_path / "a.srt").write_text(SRT, encoding="utf-8")
    assert read_subtitles(tmp_path / "a.srt")[0].span == TimeSpan(1, 2.5)
