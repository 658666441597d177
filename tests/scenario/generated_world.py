"""The films that generated conversations are about, with the truth of every scene."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.trial.films import films
from demo.scenes import Scene
from retrieval.types import Membership, TimeSpan, Video
from tests.scenario.dialogue_values import Place
from tests.scenario.generated_words import Parts


@dataclass(frozen=True, slots=True)
class Shot:
    """A scene at its place in a film; `number` counts from 0."""

    film: str
    number: int
    span: TimeSpan
    scene: Scene

    @property
    def place(self) -> Place:
        """The scene as a moment."""
        return Place(self.film, self.span)


@dataclass(frozen=True, slots=True)
class World:
    """Films by id: their titles and their scenes."""

    titles: dict[str, str]
    shots: dict[str, tuple[Shot, ...]]

    @property
    def everything(self) -> Iterator[Shot]:
        """All scenes, film by film."""
        return (shot for shots in self.shots.values() for shot in shots)

    @property
    def videos(self) -> list[Video]:
        """The films as a catalogue lists them."""
        return [
            Video(name, "", "", self.duration(name), "complete", "", 1, (Membership("library", title, Path(name)),))
            for name, title in self.titles.items()
        ]

    def duration(self, film: str) -> float:
        """Return how long a film is, in seconds."""
        return self.shots[film][-1].span.end

    def shot(self, place: Place) -> Shot:
        """Return the scene that a moment is."""
        return next(shot for shot in self.shots[place.video] if shot.span == place.span)

    def beside(self, place: Place, step: int) -> tuple[Place, ...]:
        """Return the scene before (-1) or after (1) a moment, nothing at the edge of the film."""
        number = self.shot(place).number + step
        return tuple(shot.place for shot in self.shots[place.video] if shot.number == number)

    def within(self, film: str, start: float, end: float) -> tuple[Place, ...]:
        """Return the scenes of a film that reach into a stretch of time."""
        return tuple(s.place for s in self.shots[film] if s.span.start < end and s.span.end > start)


def world(titles: Sequence[str], seed: int) -> World:
    """Return as many films as there are titles; each film's id is its title in small letters."""
    made = films(seed, len(titles))
    ids = {title: "-".join("".join(c for c in title.lower() if c.isalnum() or c == " ").split()) for title in titles}
    named = sorted(((ids[title], title, film) for title, film in zip(titles, made, strict=True)), key=lambda n: n[0])
    return World(
        {name: title for name, title, _ in named},
        {
            name: tuple(
                Shot(name, number, _rounded(span), replace(scene, screen_text=None))
                for number, (span, scene) in enumerate(zip(film.spans, film.scenes, strict=True))
            )
            for name, _, film in named
        },
    )


def _rounded(span: TimeSpan) -> TimeSpan:
    return TimeSpan(round(span.start, 2), round(span.end, 2))


def fits(scene: Scene, parts: Parts) -> bool:
    """Tell whether the scene is as it is said."""
    return all(getattr(scene, name) == value for name, value in parts.items())
