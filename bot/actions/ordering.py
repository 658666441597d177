"""Orders in plain words for what the chat's commands do: "make a clip of the first one" is `/clip 1`. Pure; English."""

import re
from dataclasses import dataclass

from bot.dialogue.conversation import Conversation
from bot.dialogue.reading.pointing import pointed, unslotted
from bot.dialogue.reading.utterance import own_words_of

_POLITE = r"^\W*(?:(?:please|now|then|and|ok|okay|can you|could you|would you|i want you to)\W+)*"
_ORDERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "clip",
        re.compile(
            rf"{_POLITE}(?:make|cut|create|save|export|give) (?:me )?(?:out )?(?:as )?a clip\b(?: of| from)?", re.I
        ),
    ),
    (
        "export",
        re.compile(rf"{_POLITE}(?:export|save) (?:this|the|our|my) (?:whole )?(?:conversation|chat|talk)\b", re.I),
    ),
    ("clip", re.compile(rf"{_POLITE}(?:cut|clip|save|export)\b(?: out)?", re.I)),
    ("play", re.compile(rf"{_POLITE}play\b", re.I)),
)
_ENDS = re.compile(r"\b(?:please|out|as an?|to a?|file|video|clip|for me|now|thanks?)\b|[?.!]", re.I)


@dataclass(frozen=True, slots=True)
class Order:
    """A command of the chat, and the handle of the moment it is for; None for the first of the last answer."""

    name: str
    handle: int | None = None

    @property
    def line(self) -> str:
        """The order as the chat's command."""
        return f"/{self.name}" if self.handle is None else f"/{self.name} {self.handle}"


def order_in(text: str, conversation: Conversation) -> Order | None:
    """Return what a line orders, with the moment that it points at; None where it asks a question.

    A line that names anything beside what was shown is a question: "play the guitar" is one.
    """
    shown = {citation.moment_id: handle for handle, citation in conversation.shown.items()}
    name, found = next(((name, found) for name, order in _ORDERS if (found := order.match(text))), ("", None))
    if found is None or not shown:
        return None
    spot = pointed(text[found.end() :], conversation)
    if own_words_of(_ENDS.sub(" ", unslotted(spot.text))):
        return None
    if name == "export":
        return Order("export")
    moments = [moment for reference in spot.references for moment in reference.moments]
    if spot.references and not moments:
        return None
    return Order(name, shown.get(moments[0]) if moments else None)
