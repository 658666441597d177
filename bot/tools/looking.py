"""The tool that looks at a moment's frames. Who looks, and when it is their turn, comes in."""

from typing import Protocol

from bot.tools.shelf import Piece
from bot.tools.view import View


class Look(Protocol):
    """Looks at frames of a moment for a question, and returns what was seen; empty where they do not show it."""

    def __call__(self, piece: Piece, question: str) -> str:
        """Return what was seen.

        Raises:
            AssistantError: nobody could look.
        """
        ...


def look_at_moment(view: View, look: Look, moment_id: str, question: str) -> tuple[Piece, str]:
    """Return a moment, and what was seen in its frames to a question; empty where they do not show it.

    Raises:
        NotInLibrary: there is no such moment, or it is not visible.
        AssistantError: nobody could look.
    """
    piece = view.piece(moment_id)
    return piece, look(piece, question) if piece.keyframe is not None else ""
