"""A lecture drawn by code, for benchmarks of reading the screen: what its frames show, and a film of them.

Bullets appear one after another, a speaker moves in an inset, slides are shown again, code grows line by line, numbers
change by a digit, a page number and a clock stand in the corners.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from av.video.frame import VideoFrame
from PIL import Image, ImageDraw, ImageFont

Pixels = npt.NDArray[np.uint8]

SIZE = (1280, 720)
RATE = 5
STATE_SECONDS = 3.0
"""How long a slide stays as it is until its next bullet comes."""

THEMES = [
    ((255, 255, 255), (20, 20, 40), (10, 60, 150)),
    ((22, 30, 60), (235, 235, 225), (255, 200, 60)),
    ((245, 240, 225), (70, 60, 50), (150, 40, 30)),
    ((40, 44, 48), (205, 208, 210), (120, 220, 180)),
]
"""Colours of the ground, of the text, and of titles."""

VOCABULARY = """
energy momentum gradient lecture matrix vector sample harbour signal learning network theorem proof bound variance
estimate kernel filter memory cache thread process compiler parser syntax token model training error rate layer
attention query index retrieval ranking measure precision recall document collection river pressure volume heat
entropy engine piston voltage current resistor circuit planet orbit gravity telescope galaxy protein enzyme cell
membrane neuron market price demand supply inflation interest capital the of and with for under above between
"""
WORDS = VOCABULARY.split()

CODE = [
    "def gradient_step(weights, rate=0.01):",
    "    total = 0.0",
    "    for batch in load_batches(path, size=64):",
    "        error = predict(batch.inputs, weights) - batch.labels",
    "        total += float((error ** 2).mean())",
    "        weights -= rate * batch.inputs.T @ error",
    "    if total < best_error:",
    '        save(weights, "model_final.npz")',
    "    return weights, total / len(batches)",
    "print(gradient_step(initial_weights, rate=0.05))",
]


@dataclass(frozen=True, slots=True)
class Slide:
    """What is on a slide: its kind, title, lines, page, theme; and how many of its lines are to be seen so far."""

    kind: str
    title: str
    lines: tuple[str, ...]
    page: int
    theme: int
    shown: int = 0
    step: int = 0


def states(seed: int = 0, slides: int = 12) -> list[Slide]:
    """Return the slides in the order in which they are seen, each as often as something appears on it."""
    rng = random.Random(seed)
    made: list[Slide] = []
    seen: list[Slide] = []
    for page in range(1, slides + 1):
        theme = (page // 4 + seed) % len(THEMES)
        kind = ("bullets", "bullets", "code", "numbers", "bullets", "table")[page % 6]
        slide = Slide(kind, _phrase(rng, 2, 5).title(), _lines(rng, kind), page, theme)
        if kind == "numbers":
            steps = [replace(slide, shown=len(slide.lines), step=step) for step in range(7)]
        elif kind == "table":
            steps = [replace(slide, shown=len(slide.lines))]
        else:
            steps = [replace(slide, shown=shown) for shown in range(len(slide.lines) + 1)]
        made += steps
        seen.append(steps[-1])
        if page % 4 == 3:  # an earlier slide is shown again, and this one after it
            made += [rng.choice(seen[:-1]), steps[-1]]
    return made


def _lines(rng: random.Random, kind: str) -> tuple[str, ...]:
    if kind == "code":
        return tuple(CODE)
    if kind == "numbers":
        return tuple(_phrase(rng, 1, 2).capitalize() for _ in range(4))
    if kind == "table":
        return tuple("|".join([rng.choice(WORDS).capitalize(), *_cells(rng)]) for _ in range(7))
    return tuple(_phrase(rng, 5, 9).capitalize() for _ in range(rng.randint(4, 6)))


def _cells(rng: random.Random) -> list[str]:
    return [f"{rng.uniform(0, 100):.2f}" for _ in range(4)]


def _phrase(rng: random.Random, least: int, most: int) -> str:
    return " ".join(rng.choice(WORDS) for _ in range(rng.randint(least, most)))


def texts(slide: Slide, second: float) -> list[tuple[str, tuple[int, int], int, str]]:
    """Return the texts on a slide with their places, sizes and colours (`text`, `title` or `code`)."""
    found = [
        (slide.title, (60, 40), 46, "title"),
        ("Introduction to Applied Retrieval, Autumn Term", (60, 690), 17, "text"),
        (f"{slide.page} / 48", (1180, 690), 17, "text"),
        (f"10:{int(second // 60):02d}", (1190, 14), 18, "text"),
    ]
    for number, line in enumerate(slide.lines[: slide.shown]):
        if slide.kind == "code":
            found.append((line, (70, 130 + 46 * number), 24, "code"))
        elif slide.kind == "numbers":
            value = f"{line} {1370 + 10 * number + (slide.step if number % 2 else 0)}"
            found.append((value, (80, 150 + 100 * number), 26 + 6 * number, "text"))
        elif slide.kind == "table":
            cells = line.split("|")
            found += [(cell, (60 + 170 * column, 140 + 60 * number), 26, "text") for column, cell in enumerate(cells)]
        else:
            found.append((f"- {line}", (80, 140 + 78 * number), 30, "text"))
    return found


def drawn(slide: Slide, second: float) -> Image.Image:
    """Return the picture of a slide at a time, the speaker in the corner."""
    ground, text, title = THEMES[slide.theme]
    image = Image.new("RGB", SIZE, ground)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 100, SIZE[0], 104), fill=title)
    for words, place, size, kind in texts(slide, second):
        draw.text(place, words, fill=title if kind == "title" else text, font=_font(size, kind))
    image.paste(_speaker(second), (1020, 470))
    return image


_fonts: dict[tuple[int, str], ImageFont.FreeTypeFont | ImageFont.ImageFont] = {}


def _font(size: int, kind: str) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    if (size, kind) not in _fonts:
        try:
            made = ImageFont.truetype("DejaVuSansMono.ttf", size) if kind == "code" else ImageFont.load_default(size)
        except OSError:  # no such font on this machine
            made = ImageFont.load_default(size)
        _fonts[size, kind] = made
    return _fonts[size, kind]


def _speaker(second: float) -> Image.Image:
    """Return the inset: a head and shoulders that sway before shelves of books."""
    inset = Image.new("RGB", (240, 200), (92, 84, 76))
    draw = ImageDraw.Draw(inset)
    for book in range(24):
        shade = (60 + 7 * (book * 5 % 13), 50 + 5 * (book * 3 % 17), 70 + 6 * (book % 11))
        draw.rectangle((book * 10, 10 + 9 * (book % 3), book * 10 + 8, 90), fill=shade)
    sway, nod = 22 * np.sin(1.7 * second), 6 * np.sin(4.1 * second)
    x, y = 120 + sway, 95 + nod
    draw.ellipse((x - 55, y + 30, x + 55, y + 160), fill=(50, 70, 120))
    draw.ellipse((x - 30, y - 40, x + 30, y + 40), fill=(222, 180, 150))
    draw.ellipse((x - 12, y + 12, x + 12, y + 20 + 4 * np.sin(9 * second)), fill=(150, 60, 60))
    return inset


def seconds(seed: int = 0, slides: int = 12) -> float:
    """Return the length of the film."""
    return STATE_SECONDS * len(states(seed, slides))


def frames(seed: int = 0, slides: int = 12) -> Iterator[Pixels]:
    """Yield the film's pictures (height, width, 3), RGB, `RATE` a second."""
    for number, slide in enumerate(states(seed, slides)):
        for frame in range(round(STATE_SECONDS * RATE)):
            yield np.asarray(drawn(slide, number * STATE_SECONDS + frame / RATE))


def write(path: Path, seed: int = 0, slides: int = 12, crf: int = 27) -> Path:
    """Write the film of a lecture as a lecture recorder does: H.264, a codec keyframe every ten seconds."""
    part = path.with_suffix(".part.mp4")
    with av.open(str(part), "w") as out:
        stream = out.add_stream(
            "libx264", rate=RATE, options={"preset": "veryfast", "crf": str(crf), "g": str(10 * RATE)}
        )
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        for number, picture in enumerate(frames(seed, slides)):
            frame = VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts = number
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    part.replace(path)
    return path
