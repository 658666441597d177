"""One chat: the library, the conversation, what it is narrowed to, and where it prints."""

import signal
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event as Flag
from threading import current_thread, main_thread
from typing import TYPE_CHECKING

from bot.actions.ordering import order_in
from bot.actions.showing import shown
from bot.cli.names import titles_apart
from bot.cli.plain.screen import Screen
from bot.cli.plain.showing import Typed, show
from bot.dialogue.events import ENDS, Event, Stopped
from bot.dialogue.messages import Citation, Utterance
from bot.errors import UnknownConversation
from retrieval.types import Filter

if TYPE_CHECKING:
    from collections.abc import Mapping
    from subprocess import Popen

    from PIL import Image

    from bot.actions.access import Access
    from bot.bootstrap import Assistant
    from bot.dialogue.storing.naming import NamedOpinions
    from bot.settings import Settings


@dataclass(slots=True)
class Session:
    """What the commands of a chat work on.

    `scope` are the collections that answers go by, None for all; `limit` is what each question is limited to in them.
    `players` are those that were started.
    """

    assistant: "Assistant"
    settings: "Settings"
    conversation_id: str
    screen: Screen
    scope: frozenset[str] | None = None
    limit: Filter = field(default_factory=Filter)
    players: list["Popen[bytes]"] = field(default_factory=list)

    @property
    def visible(self) -> frozenset[str]:
        """The collections that a terminal may see."""
        return self.assistant.access.visible

    @property
    def asked(self) -> frozenset[str]:
        """Those of them that answers go by now."""
        return self.access.visible

    @property
    def access(self) -> "Access":
        """What is seen and read now, within the scope."""
        return self.assistant.access.within(self.scope)

    @property
    def conversations(self) -> "NamedOpinions":
        """The conversations, as far as they may be told within the scope."""
        return self.access.conversations

    def ask(self, text: str, image: "Image.Image | None" = None) -> None:
        """Answer an utterance, and print the answer as it comes."""
        told = self.utterance(text, image)
        self.show(self.assistant.manager.respond(told), told.cancel, text)

    def ordered(self, text: str) -> str | None:
        """Return the command that a line in plain words orders, None where it is a question."""
        try:
            order = order_in(text, self.conversations.recall(self.conversation_id))
        except UnknownConversation:
            return None
        return order.line if order else None

    def utterance(self, text: str = "", image: "Image.Image | None" = None) -> Utterance:
        """Return what is said in this chat, with the collections that its answer goes by."""
        return self.access.said(text, self.conversation_id, image, within=self.limit)

    def show(self, events: Iterator[Event], cancel: Flag, typed: str = "") -> None:
        """Print events as they come; of what was understood, what was not typed.

        Ctrl+C stops the reply and not the chat; given twice, at once.
        """
        said = self._typed(typed) if typed else Typed()
        with _interrupts(cancel):
            try:
                for event in events:
                    if cancel.is_set() and not isinstance(event, ENDS):
                        break
                    show(event, self.screen, said)
                    if isinstance(event, ENDS):
                        return
            except KeyboardInterrupt:
                cancel.set()
            finally:
                if isinstance(events, Generator):
                    events.close()
            show(Stopped(), self.screen, said)

    @property
    def apart(self) -> "Mapping[str, str]":
        """What to show for videos whose titles others have too, by id."""
        return titles_apart(self.assistant.library.catalogue, self.asked)

    def _typed(self, text: str) -> Typed:
        videos = self.assistant.library.catalogue.videos(self.asked)
        return Typed(text, {video.video_id: video.title for video in videos}, self.apart)

    def shown(self, handle: int | None) -> Citation:
        """Return a moment that was shown; without a handle, the first of the last answer.

        Raises:
            UnknownConversation: nothing was asked yet.
            UnknownMoment: none was shown.
        """
        return shown(self.conversations, self.conversation_id, handle)[1]


@contextmanager
def _interrupts(cancel: Flag) -> Iterator[None]:
    """Let the first Ctrl+C set the flag and the next one interrupt."""
    if current_thread() is not main_thread():
        yield
        return

    def first(*_: object) -> None:
        cancel.set()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    before = signal.signal(signal.SIGINT, first)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
