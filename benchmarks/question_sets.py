"""Libraries as texts and questions about them, some of which nothing there answers: captions, speech, drawn films.

Each library is drawn from one of two halves that share no video, "fit" or "held out". A question is put in one form:
a word, a few words, a sentence, a question, or a question with talk around it. What would be right is known of each.
"""

import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from text_library import Moments

from bot.trial.films import films
from bot.trial.questions import absent_questions, questions, scene_in
from demo.claims import Claim
from retrieval.analysis import STOP_WORDS, terms, words
from retrieval.ingest.moments import attach_texts, from_shots
from retrieval.types import Hit, TimedText, TimeSpan

Texts = Mapping[str, Moments]
"""The moments of each video, by its id."""

Half = Literal["fit", "held out"]
Right = Callable[[Hit], bool]
FORMS = ("word", "fragment", "sentence", "question", "chatty")
WORLD = 12
"""Films that are drawn together; of many that takes long."""

LEAST = 3
"""Letters of a word that is asked for alone."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: how it is put, whether the library or one of its domain is asked, and which hits answer it.

    `right` is None where nothing answers it; `foreign` tells that it is about things of another domain.
    """

    text: str
    form: str
    right: Right | None = None
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class Drawn:
    """A library and what it is asked."""

    name: str
    half: Half
    texts: Texts
    asked: tuple[Asked, ...]


def content(text: str) -> list[str]:
    """Return the words of a text that name something."""
    return [word for word in words(text) if word not in STOP_WORDS and len(word) >= LEAST and not word.isdigit()]


def put(text: str, form: str, rng: random.Random, held: frozenset[str] | None = None) -> str | None:
    """Put a sentence in a form; None where it has too few words. A word alone is one of `held`, or none of these."""
    plain, said = content(text), text[0].lower() + text[1:].rstrip(". ?!")
    if form == "word":
        there = [word for word in plain if held is None or frozenset(terms(word)) <= held]
        return rng.choice(there) if there else None
    if form == "fragment":
        at = rng.randrange(max(1, len(plain) - 2))
        return " ".join(plain[at : at + 3]) if len(plain) > 1 else None
    return {
        "sentence": text,
        "question": f"When does it happen that {said}?",
        "chatty": f"hi there, could you please show me where {said}? thanks a lot!",
    }[form]


def at(video: str, span: TimeSpan) -> Right:
    """Return what is right of a span: its video, and more than half of the shorter of both."""

    def right(hit: Hit) -> bool:
        shorter = min(hit.span.duration, span.duration)
        return hit.moment.video_id == video and hit.span.overlap(span) > shorter / 2

    return right


def holding(word: str) -> Right:
    """Return what is right of a word alone: a moment that says it, in any form."""
    stems = frozenset(terms(word))
    return lambda hit: stems <= frozenset(terms(hit.moment.text))


def stems_of(texts: Texts) -> frozenset[str]:
    """Return the stems that any moment holds."""
    return frozenset(s for moments in texts.values() for _, said in moments for one in said for s in terms(one.text))


def halves(names: Sequence[str], half: Half) -> list[str]:
    """Return every other of some names."""
    return sorted(names)[half == "held out" :: 2]


class Captions:
    """ActivityNet Captions: the first annotator is held, the second asks; train videos fill up."""

    def __init__(self, folder: Path) -> None:
        first, second = (json.loads((folder / f"val_{n}_dev.json").read_text()) for n in (1, 2))
        self._more: dict[str, Any] = json.loads((folder / "train.json").read_text())
        self._first, self._second = first, second
        self._shared = [name for name in first if name in second]

    def draw(self, size: int, half: Half, count: int, rng: random.Random) -> Drawn:
        """Draw a library of so many videos, and at most so many questions of each kind."""
        names = halves(self._shared, half)
        held = rng.sample(names, min(size, len(names) * 4 // 5))
        absent = sorted(set(names) - set(held))
        filled = rng.sample(sorted(set(self._more) - set(self._shared)), size - len(held))
        entries = {**{name: self._first[name] for name in held}, **{name: self._more[name] for name in filled}}
        texts = {name: captioned(entry) for name, entry in entries.items()}
        there, asked = stems_of(texts), []
        for number in range(count):
            form = FORMS[number % len(FORMS)]
            asked += list(self._about(rng.choice(held), form, there, rng, True))
            asked += list(self._about(rng.choice(absent), form, there, rng, False))
        return Drawn(f"captions {size}", half, texts, tuple(asked))

    def sentence(self, rng: random.Random) -> str:
        """Return any sentence of the second annotator."""
        return str(rng.choice(self._second[rng.choice(self._shared)]["sentences"])).strip()

    def _about(self, video: str, form: str, there: frozenset[str], rng: random.Random, held: bool) -> Iterator[Asked]:
        entry = self._second[video]
        at_once = [pair for pair in zip(entry["sentences"], entry["timestamps"], strict=True) if pair[0].strip()]
        sentence, (start, end) = rng.choice(at_once)
        stems = there if held else frozenset(terms(sentence)) - there
        text = put(sentence.strip(), form, rng, stems)
        if text is not None and 0 <= start < end:
            right = holding(text) if form == "word" else at(video, TimeSpan(start, end))
            yield Asked(text, form, right if held else None)


class Speech:
    """What is said in tutorial films, asked for as people typed it; also by sentences about something else."""

    def __init__(self, folder: Path) -> None:
        self._films = {film["video_id"]: film for film in json.loads((folder / "transcripts.json").read_text())}
        self._questions = [
            entry for entry in json.loads((folder / "questions.json").read_text()) if terms(entry["question"])
        ]

    def draw(self, size: int, half: Half, count: int, foreign: Captions, rng: random.Random) -> Drawn:
        """Draw a library; one of all films holds both halves, and is asked what this half is."""
        names = halves(list(self._films), half)
        held = list(self._films) if size >= len(self._films) else rng.sample(names, size)
        texts = {name: spoken(self._films[name]) for name in held}
        there, asked = stems_of(texts), []
        present = [q for q in self._questions if q["video_id"] in held and q["video_id"] in names]
        for entry in rng.sample(present, min(count, len(present))):
            right = at(entry["video_id"], TimeSpan(entry["start"], entry["end"]))
            asked.append(Asked(entry["question"], "typed", right))
        absent = [q for q in self._questions if q["video_id"] not in held]
        asked += [Asked(q["question"], "typed") for q in rng.sample(absent, min(count, len(absent)))]
        for number in range(count):
            form, sentence = FORMS[number % len(FORMS)], foreign.sentence(rng)
            text = put(sentence, form, rng, frozenset(terms(sentence)) - there)
            asked += [] if text is None else [Asked(text, form, foreign=True)]
            said = rng.choice([one.text for moments in texts.values() for _, spoken in moments for one in spoken])
            text = put(said, "word", rng) if form == "word" and said.strip() else None
            asked += [] if text is None else [Asked(text, "word", holding(text))]
        return Drawn(f"speech {size}", half, texts, tuple(asked))


def drawn_films(size: int, half: Half, count: int, seed: int) -> Drawn:
    """Draw films as texts, in worlds of at most `WORLD` films, and questions that mean few of their scenes, or none."""
    worlds = [films(seed + number, min(size, WORLD)) for number in range(-(-size // WORLD))]
    drawn = [film for world in worlds for film in world]
    texts: dict[str, Moments] = {
        film.name: tuple(
            (span, tuple(TimedText(span, text, "caption") for text in (scene.sentence, *scene.subtitles)))
            for scene, span in zip(film.scenes, film.spans, strict=True)
        )
        for film in drawn
    }
    named, scenes = {film.name: film for film in drawn}, {scene for film in drawn for scene in film.scenes}

    def fitting(claim: Claim) -> Right | None:
        if not any(claim.fits(scene) for scene in scenes):
            return None
        return lambda hit: claim.fits(scene_in(named[hit.moment.video_id], hit.span))

    asked = [*questions(worlds[0], seed, count), *absent_questions(worlds[0], seed, count)]
    return Drawn(f"films {size}", half, texts, tuple(Asked(one.text, "question", fitting(one.claim)) for one in asked))


def captioned(entry: Mapping[str, Any]) -> Moments:
    """Return a video of ActivityNet's form as moments."""
    pairs = [
        (TimeSpan(start, end), text.strip())
        for (start, end), text in zip(entry["timestamps"], entry["sentences"], strict=True)
        if 0 <= start < end and text.strip()
    ]
    return tuple((span, (TimedText(span, text, "caption"),)) for span, text in sorted(pairs))


def spoken(film: Mapping[str, Any]) -> Moments:
    """Return a transcript as the moments that ingest makes of a film without cuts."""
    said = [TimedText(TimeSpan(start, end), text, "subtitle") for start, end, text in film["sentences"] if start < end]
    spans = from_shots((), said, (), film["duration"])
    return tuple(zip(spans, attach_texts(spans, said), strict=True))
