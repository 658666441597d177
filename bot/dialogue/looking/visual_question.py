"""What is to be looked for in the frames of moments: a value."""

from dataclasses import dataclass

from bot.dialogue.reading.aspects import Aspect


@dataclass(frozen=True, slots=True)
class VisualQuestion:
    """What is looked for.

    Attributes:
        question: what is asked of each frame, for a model that follows instructions.
        aspect: the one aspect of it, for a model that knows short questions alone; None where it has no such.
        description: what the moments were searched by, to be held against their frames; empty where they were not.
        about: words that name whom or what the question is about.
    """

    question: str
    aspect: Aspect | None
    description: str = ""
    about: str = ""
