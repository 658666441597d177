"""The trial in the small world: fresh films taken in without captions, questions, and what came of them.

Beside what is measured stand three rows to compare with: words alone, a CLIP that has learnt nothing, and questions
as somebody would ask who understood all of them.
"""

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bot import bootstrap
from bot.rights import owner_sees
from bot.settings import Settings
from bot.trial import end_to_end
from bot.trial.end_to_end import EndToEndReport
from bot.trial.end_to_end_questions import absent_end_to_end_questions, end_to_end_questions
from bot.trial.films import films
from bot.trial.metrics import DEPTH, RankingScore, Share, ranking, share
from bot.trial.questions import TrialQuestion, absent_questions, questions, quiz, scene_in
from demo.films import Film
from demo.quiz import QuestionKind
from demo.scenes import Scene
from retrieval.pictures import read_keyframe

if TYPE_CHECKING:
    from bot.vision.base import VisionModel
    from retrieval.ingest.progress import Progress
    from retrieval.library import Library
    from retrieval.searching.search import SearchResult
    from retrieval.types import Hit

OWN_MOMENT = 0.5
"""Intersection over union from which a moment is a scene's own."""

TellLine = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Size:
    """What a trial is made of: its seed, films, and questions about what is there; half as many about what is not."""

    seed: int
    films: int = 24
    questions: int = 200


@dataclass(slots=True)
class Report:
    """What came of a trial.

    Attributes:
        rows: rankings by name: `fused`, each arm, and what they are compared with.
        answers: exactly right answers of the vision model on the right frame; None where nobody looked.
        refused: questions about what is not there that were refused; those a single thing away apart from the others.
        refused_wrongly: questions about what is there that were refused.
        own_moments: scenes that have a moment of their own.
        seconds: by stage.
        whole: what came of whole questions through the whole assistant.
        notes: what could not be measured, and why.
    """

    size: Size
    moments: int = 0
    rows: dict[str, RankingScore] = field(default_factory=dict)
    answers: dict[QuestionKind, Share] | None = None
    refused: dict[str, Share] = field(default_factory=dict)
    refused_wrongly: Share = Share(0, 0)
    own_moments: Share = Share(0, 0)
    whole: EndToEndReport | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Add the time of the body to a stage."""
        started = time.perf_counter()
        yield
        self.seconds[stage] = self.seconds.get(stage, 0.0) + time.perf_counter() - started


class World:
    """The films of a trial, their truth, and what is asked about them."""

    def __init__(self, size: Size) -> None:
        self.films = films(size.seed, size.films)
        self.there = questions(self.films, size.seed, size.questions)
        self.absent = absent_questions(self.films, size.seed, size.questions // 2)
        self.whole = (
            *end_to_end_questions(self.films, size.seed, size.questions),
            *absent_end_to_end_questions(self.films, size.seed, size.questions // 2),
        )
        self._named = {film.name: film for film in self.films}

    def scene(self, hit: "Hit") -> Scene:
        """Return the scene that a hit shows."""
        return scene_in(self._named[hit.title], hit.span)

    def judged(self, question: TrialQuestion, found: "SearchResult") -> list[bool]:
        """Tell of each hit, best first, whether the question fits it."""
        return [question.claim.fits(self.scene(hit)) for hit in found.hits]


def evaluate(size: Size, settings: Settings, folder: Path, say: TellLine) -> Report:
    """Draw films into a folder, take them in, ask, and return what came of it.

    Args:
        size: what to draw.
        settings: the models; the home is in the folder.
        folder: where films and libraries are kept; what is there already is used again.
        say: told what is being done.

    Raises:
        ValueError: so few films have no moment that others are nearly like.
        MissingModel: a model is set that is not there.
    """
    world, report = World(size), Report(size)
    home = folder / "library"
    own = settings.model_copy(update={"home": home, "stable_seconds": 0.0})
    say("drawing the films")
    paths = _written(world.films, folder / "films", report)
    with bootstrap.assistant(own) as assistant:
        library = assistant.library
        say("taking them in")
        _taken_in(library, paths, own.collection, report)
        _look_at_moments(library, world, report)
        say("asking")
        found = _ranked(library, world, report, bootstrap.image_encoder(own) is not None)
        _refusals(library, world, found, report)
        model = bootstrap.vision_model(own)
        if model is None:
            report.notes.append("no vision model: nobody described the moments, and nobody answered")
        else:
            say("asking the vision model")
            _answers(model(), world, found, report)
        say("asking the assistant")
        with report.timed("assistant"):
            visible = owner_sees(library.catalogue)
            marked = end_to_end.ask_all(assistant.manager, world.films, world.whole, visible)
        report.whole = end_to_end.report(marked)
    say("comparing")
    _compare(own, folder, world, report)
    return report


def _written(drawn: Sequence[Film], folder: Path, report: Report) -> list[Path]:
    from demo.writing import write_films, write_truth

    with report.timed("drawing"):
        write_truth(folder, drawn)
        return write_films(folder, drawn)


def _taken_in(library: "Library", paths: Sequence[Path], collection: str, report: Report) -> None:
    """Take films in; the time between two signs of progress belongs to the stage of the first."""
    last = ("starting", time.perf_counter())

    def on_progress(progress: "Progress") -> None:
        nonlocal last
        now = time.perf_counter()
        stage, since = last
        report.seconds[stage] = report.seconds.get(stage, 0.0) + now - since
        last = (progress.stage, now)

    reports = library.ingest(paths, collection, on_progress=on_progress)
    report.notes += [f"{one.path.name}: {one.reason}" for one in reports if one.verdict in ("refused", "partial")]
    report.moments = library.catalogue.moment_count()


def _look_at_moments(library: "Library", world: World, report: Report) -> None:
    catalogue = library.catalogue
    visible = owner_sees(catalogue)
    own = []
    for video in catalogue.videos(visible):
        spans = [moment.span for moment in catalogue.moments(video.video_id, visible)]
        film = next(film for film in world.films if film.name == video.title)
        own += [any(span.iou(scene) >= OWN_MOMENT for span in spans) for scene in film.spans]
    report.own_moments = share(own)


def _ranked(library: "Library", world: World, report: Report, frames: bool) -> "list[SearchResult]":
    """Ask each question of all arms, of each arm, and as its plain claim; return what all arms found."""
    with report.timed("searching"):
        found = [_search(library, question.text) for question in world.there]
    report.rows["fused"] = _row(world, found)
    arms = ["keywords", "meaning", *(["frames"] if frames else [])]
    if not frames:
        report.notes.append("no CLIP: the frames arm is off")
    for arm in arms:
        report.rows[arm] = _row(world, [_search(library, question.text, arm) for question in world.there])
    report.rows["plain claims"] = _row(world, [_search(library, question.plain) for question in world.there])
    return found


def _search(library: "Library", text: str, arm: str | None = None) -> "SearchResult":
    from bot.dialogue.reading.queries import read_query

    return library.searcher.search(replace(read_query(text), arm=arm), owner_sees(library.catalogue), DEPTH)


def _row(world: World, found: "Sequence[SearchResult]") -> RankingScore:
    return ranking([world.judged(question, one) for question, one in zip(world.there, found, strict=True)])


def _refusals(library: "Library", world: World, found: "Sequence[SearchResult]", report: Report) -> None:
    from bot.dialogue.verdict import matches

    refused = [not matches(_search(library, question.text)) for question in world.absent]
    report.refused = {"one thing other": share(refused[::2]), "anything else": share(refused[1::2])}
    report.refused_wrongly = share([not matches(one) for one in found])


def _answers(model: "VisionModel", world: World, found: "Sequence[SearchResult]", report: Report) -> None:
    """Ask the model about the frame in the middle of the first right hit."""
    asked, pictures = [], []
    for number, (question, one) in enumerate(zip(world.there, found, strict=True)):
        judged = world.judged(question, one)
        if not any(judged):
            continue
        hit = one.hits[judged.index(True)]
        if hit.moment.keyframes:
            frame = min(hit.moment.keyframes, key=lambda frame, hit=hit: abs(frame.time - hit.span.middle))  # type: ignore[misc]
            asked.append(quiz(world.scene(hit), number, report.size.seed))
            pictures.append(read_keyframe(frame.path))
    with report.timed("answering"):
        said = model.ask_each([(one.question, picture) for one, picture in zip(asked, pictures, strict=True)])
    right: dict[QuestionKind, list[bool]] = {}
    for quizzed, answer in zip(asked, said, strict=True):
        right.setdefault(quizzed.kind, []).append(answer.text.strip().lower() == quizzed.answer)
    report.answers = {kind: share(marks) for kind, marks in sorted(right.items())}


def _compare(own: Settings, folder: Path, world: World, report: Report) -> None:
    """Ask the same of a copy of the library, without CLIP and with one that has learnt nothing."""
    if bootstrap.image_encoder(own) is None:
        return
    shutil.rmtree(folder / "compared", ignore_errors=True)
    shutil.copytree(own.home, folder / "compared", ignore=shutil.ignore_patterns("*.lock", "lock"))
    other = own.model_copy(update={"home": folder / "compared"})
    blind = other.model_copy(update={"clip_model": "ViT-B-32", "clip_weights": ""})
    with report.timed("comparing"):
        for name, settings in (
            ("words alone", blind),
            ("untrained CLIP", bootstrap.with_untrained_clip(other, folder, 0)),
        ):
            if settings is not None:
                with bootstrap.library(settings) as library:
                    library.reindex()
                    report.rows[name] = _row(world, [_search(library, one.text) for one in world.there])
