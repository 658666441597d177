"""A conversation from Python: ask, follow up, and do something about what was shown."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event as Flag
from types import NoneType
from typing import TYPE_CHECKING

from bot.actions import explaining, exporting, judging, showing
from bot.actions.access import Access
from bot.actions.asking import answer_of
from bot.actions.explaining import Explanation
from bot.actions.pictures import Picture, picture
from bot.actions.resuming import asked_before
from bot.actions.typed import path
from bot.api.checked import PATH, PICTURE, SHOWN, check
from bot.dialogue.conversation import Turn
from bot.dialogue.events import Event
from bot.dialogue.messages import Answer, Citation, Utterance
from bot.dialogue.storing.feedback import Feedback, Opinion
from bot.errors import UnknownConversation, UsageError
from retrieval.errors import NotInLibrary

if TYPE_CHECKING:
    from bot.bootstrap import Assistant


class Talk:
    """One conversation. It is kept after each turn; `VideoDialog.conversation(talk.id)` goes on with it another day.

    Args:
        conversation_id: its name.
        assistant: returns what does the work, as long as the home is open.
        access: returns what is seen and read.
    """

    def __init__(
        self, conversation_id: str, assistant: "Callable[[], Assistant]", access: Callable[[], Access]
    ) -> None:
        self.id = conversation_id
        self._assistant = assistant
        self._access = access

    def __repr__(self) -> str:
        try:
            state = f"{len(self.turns)} turns"
        except UsageError:
            state = "closed"
        except Exception:  # a damaged library too can be looked at in a debugger
            state = "cannot be read"
        return f"<Talk {self.id!r}, {state}>"

    @property
    def turns(self) -> tuple[Turn, ...]:
        """What was asked and answered so far."""
        try:
            return self._access().conversations.load(self.id).turns
        except (UnknownConversation, NotInLibrary):  # of the latter nothing was opened yet
            return ()

    def ask(self, text: str, image: Picture | None = None) -> Answer:
        """Ask or follow up, and return the answer; what it cites has numbers that later questions may name: "[2]".

        Args:
            text: the question.
            image: a picture that it is about, or the path of one.

        Raises:
            Refused: it could not be answered; it says why.
            PictureUnreadable: the picture cannot be read.
        """
        return _ended(self.stream(text, image))

    def stream(self, text: str, image: Picture | None = None, cancel: Flag | None = None) -> Iterator[Event]:
        """Ask or follow up, and yield what happens: the last is Answered, Clarifying, Stopped or Failed.

        Args:
            text: the question.
            image: a picture that it is about, or the path of one.
            cancel: setting it, from any thread, stops the answer.

        Raises:
            PictureUnreadable: the picture cannot be read.
        """
        check("text", text, str)
        check("image", image, *PICTURE)
        check("cancel", cancel, Flag, NoneType)
        return self._assistant().manager.respond(self._said(text, image, cancel))

    def more(self, shown: int | Citation) -> Answer:
        """Return further moments like one that was shown.

        Raises:
            Refused: there is no such moment.
            UsageError: it is a citation of another conversation, or nothing was asked yet.
        """
        with asked_before():
            handle = self._handle(shown)
        return _ended(self._assistant().manager.more_like(handle, self._said("")))

    def why(self, shown: int | Citation) -> Explanation:
        """Return why a moment was shown: what was asked, each arm's place and score, what was seen.

        Raises:
            UsageError: it is a citation of another conversation, or nothing was asked yet.
            UnknownMoment: it was not shown here.
        """
        with asked_before():
            return explaining.why(self._access().conversations, self.id, self._handle(shown))

    def judge(self, opinion: Opinion, words: str = "", shown: int | Citation | None = None) -> Feedback:
        """Keep what you think, "good" or "bad", of the last answer or of one moment that was shown.

        Raises:
            UsageError: it is neither good nor bad, of a citation of another conversation, or nothing was asked yet.
            UnknownMoment: it was not shown here.
        """
        check("words", words, str)
        with asked_before():
            handle = None if shown is None else self._handle(shown)
            return judging.judge(self._access().conversations, self.id, opinion, handle, words)

    def export(self, target: str | Path, overwrite: bool = False) -> Path:
        """Write the conversation to a file, as Markdown where its name ends in .md, else as JSON; return its path.

        Args:
            target: the file to write.
            overwrite: whether it may be there already.

        Raises:
            UsageError: nothing was asked yet, the folder is not there, or the file is and may not be replaced.
        """
        check("target", target, *PATH)
        check("overwrite", overwrite, bool)
        file = path(target)
        with asked_before():
            kept = self._access().conversations.load(self.id)
        exporting.export_conversation(kept, file, overwrite=overwrite)
        return file

    def _handle(self, shown: int | Citation) -> int:
        check("shown", shown, *SHOWN)
        return showing.handle_in(self._access().conversations, self.id, shown)

    def _said(self, text: str, image: Picture | None = None, cancel: Flag | None = None) -> Utterance:
        shown = None if image is None else picture(image)
        return self._access().said(text, self.id, shown, cancel)


def _ended(events: Iterator[Event]) -> Answer:
    answer = answer_of(events)
    assert answer is not None, "nobody can stop it"
    return answer
