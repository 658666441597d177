from dataclasses import replace
from pathlib import Path

from PIL import Image

from bot.dialogue.looking.evidence import CELL, EvidenceFrame, best_first, choose, sheet
from bot.tools.pieces import Piece
from retrieval.types import Keyframe, Moment, TimeSpan


def piece(folder: Path, name: str, greys: list[int], best: int = 0) -> Piece:
    """Return a moment of ten seconds with a frame of each grey, a second apart."""
    frames = []
    for number, grey in enumerate(greys):
        path = folder / f"{name}-{number}.jpg"
        Image.new("L", (32, 24), grey).save(path)
        frames.append(Keyframe(float(number), path))
    moment = Moment(f"{name}:1", name, TimeSpan(0, 10), (), tuple(frames))
    return Piece(moment, moment.span, name, frames[best].path if frames else None)


def times(frames: list[EvidenceFrame]) -> list[tuple[str, float]]:
    return [(frame.moment_id, frame.time) for frame in frames]


def test_the_best_moment_gets_more_frames_and_every_other_one(tmp_path: Path) -> None:
    pieces = [piece(tmp_path, name, [10, 60, 110, 160, 210], best=3) for name in "abc"]
    assert times(choose(pieces, most=5, of_the_best=3)) == [
        ("a:1", 0.0),
        ("a:1", 1.0),
        ("a:1", 3.0),
        ("b:1", 3.0),
        ("c:1", 3.0),
    ]


def test_the_budget_is_kept(tmp_path: Path) -> None:
    pieces = [piece(tmp_path, name, [10, 60]) for name in "abcdefgh"]
    assert len(choose(pieces, most=4)) == 4
    assert times(choose(pieces, most=1)) == [("a:1", 0.0)]
    assert choose([], most=4) == []


def test_frames_that_show_the_same_are_looked_at_once(tmp_path: Path) -> None:
    assert len(choose([piece(tmp_path, "a", [50, 51, 50, 120])])) == 2


def test_a_frame_that_is_gone_or_damaged_is_left_out(tmp_path: Path) -> None:
    one = piece(tmp_path, "a", [10, 60, 110])
    one.moment.keyframes[0].path.unlink()
    one.moment.keyframes[1].path.write_bytes(b"no picture")
    assert times(choose([one])) == [("a:1", 2.0)]


def test_the_frame_that_stands_for_the_moment_comes_first_then_the_farthest(tmp_path: Path) -> None:
    one = piece(tmp_path, "a", [0, 1, 2, 3, 4], best=1)
    assert [frame.time for frame in best_first(one)] == [1.0, 4.0, 0.0, 2.0, 3.0]
    unknown = replace(one, keyframe=None)
    assert [frame.time for frame in best_first(unknown)] == [0.0, 1.0, 2.0, 3.0, 4.0]


def test_a_sheet_shows_every_frame_in_its_cell(tmp_path: Path) -> None:
    frames = [
        EvidenceFrame("a:1", 61.0, Path("x"), Image.new("RGB", (640, 480), colour))
        for colour in ("red", "lime", "blue")
    ]
    page = sheet(frames)
    width, height = CELL[0], page.height // 2
    assert page.size == (2 * CELL[0], 2 * height)
    centres = [(width // 2, height // 2), (width + width // 2, height // 2), (width // 2, height + height // 2)]
    assert [page.getpixel(at) for at in centres] == [(255, 0, 0), (0, 255, 0), (0, 0, 255)]
    assert sheet(frames[:1]).size[0] == CELL[0]
