"""A question for every sample film, with where the right answer is and words it must hold."""

from dataclasses import dataclass
from typing import Literal

from demo.films import Film
from demo.stories import FILMS
from retrieval.types import TimeSpan

AnswerSource = Literal["subtitle", "screen", "frames"]
"""Where the answer is found: in what is said, in words in the picture, or only by looking."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question about one scene of one film.

    `scene` counts from 0. `words` are in the right answer, in lower case.
    """

    text: str
    film: str
    scene: int
    words: tuple[str, ...]
    source: AnswerSource

    @property
    def span(self) -> TimeSpan:
        """The span in which the answer is seen or said."""
        return film_named(self.film).spans[self.scene]


def film_named(name: str) -> Film:
    """Return the sample film with this name.

    Raises:
        KeyError: there is no such film.
    """
    for film in FILMS:
        if film.name == name:
            return film
    raise KeyError(name)


DEMO_QUESTION = Question(
    "When does the ferry to Gull Island leave?", "harbour-morning", 3, ("quarter", "nine"), "subtitle"
)

QUESTIONS: tuple[Question, ...] = (
    DEMO_QUESTION,
    Question("How long must the soup cook?", "lemon-soup", 3, ("20", "minutes"), "screen"),
    Question("When does the Night Express leave?", "last-train", 2, ("21:45",), "screen"),
    Question("What is asked about volcanoes on page forty-two?", "school-day", 1, ("lava",), "subtitle"),
    Question("What comes out of the oven in the bakery?", "midnight-music", 4, ("cinnamon", "rolls"), "subtitle"),
    Question("Where did Clara buy the striped umbrella?", "lost-umbrella", 0, ("lisbon",), "subtitle"),
    Question("What do the helpers carry past the last farm?", "mountain-rescue", 3, ("blankets", "tea"), "subtitle"),
    Question("Where do three horses in blue coats run?", "farm-year", 2, ("farm",), "frames"),
    Question("How long does the green finch sleep?", "coast-birds", 3, ("sixteen", "hours"), "subtitle"),
    Question("What does the trader with two horses sell?", "desert-crossing", 2, ("dates", "salt"), "subtitle"),
    Question("How old was father when he learned to swim?", "swimming-lesson", 5, ("thirty",), "subtitle"),
    Question("What is the score between yellow and green?", "beach-games", 6, ("3", "2"), "screen"),
)
