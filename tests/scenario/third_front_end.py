"""A front end that nobody ships: one conversation with buttons, whose screen is a list of lines.

It shows what a front end needs: the composition root, the actions, and the events and messages of the dialogue.
"""

from pathlib import Path

from bot.actions.asking import answer_of
from bot.actions.cutting import cut, file_name, file_span
from bot.actions.explaining import why
from bot.actions.exporting import export_conversation
from bot.actions.judging import judge
from bot.actions.resuming import conversation_to_go_on
from bot.actions.showing import moment_of, shown
from bot.bootstrap import Assistant
from bot.dialogue.events import Event, Looking, Writing
from bot.dialogue.messages import Answer, Utterance


class Buttons:
    """One conversation; each method is what a button would do, and returns what its caller would draw."""

    def __init__(self, assistant: Assistant, last: bool = False) -> None:
        self.screen: list[str] = []
        self._assistant = assistant
        self._shelf = assistant.library.catalogue
        self._id = conversation_to_go_on(assistant.conversations, last=last)

    def ask(self, text: str) -> Answer | None:
        return answer_of(self._assistant.manager.respond(self._said(text)), self._draw)

    def more(self, handle: int) -> Answer | None:
        return answer_of(self._assistant.manager.more_like(handle, self._said("")), self._draw)

    def why(self, handle: int) -> str:
        found = why(self._assistant.conversations, self._id, handle)
        places = ", ".join(f"{arm} {'-' if at is None else at.rank}" for arm, at in found.arms)
        return f"{found.asked} -> {found.query}: {places}"

    def texts(self, handle: int) -> list[str]:
        _, citation = shown(self._assistant.conversations, self._id, handle)
        return [text.text for text in moment_of(citation, self._shelf, self._visible).texts]

    def thumbs_down(self, handle: int, words: str) -> None:
        judge(self._assistant.conversations, self._id, "bad", handle, words)

    def cut(self, handle: int, folder: Path) -> Path:
        _, citation = shown(self._assistant.conversations, self._id, handle)
        source = file_span(citation, self._shelf, self._visible)
        return cut(source, folder / file_name(citation), self._assistant.limits).path

    def export(self, target: Path) -> None:
        export_conversation(self._assistant.conversations.load(self._id), target)

    @property
    def _visible(self) -> frozenset[str]:
        return self._assistant.access.visible

    def _said(self, text: str) -> Utterance:
        return self._assistant.access.said(text, self._id)

    def _draw(self, event: Event) -> None:
        if isinstance(event, Writing):
            self.screen.append(event.sentence)
        elif isinstance(event, Looking):
            self.screen.append(f"{event.model} is looking")
