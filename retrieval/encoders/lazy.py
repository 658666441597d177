"""The encoders of a library, loaded when first used: a listing needs none, and loading takes seconds."""

from collections.abc import Callable
from functools import cached_property

from retrieval.encoders.base import ImageEncoder, TextEncoder
from retrieval.encoders.canary import check_image_encoder, check_text_encoder
from retrieval.spaces import IndexSpaces


class Encoders:
    """A text encoder and perhaps a picture encoder; each passes the canary before it is used.

    Args:
        text: makes the text encoder.
        frames: makes the picture encoder; None where no weights are set.
    """

    def __init__(self, text: Callable[[], TextEncoder], frames: Callable[[], ImageEncoder] | None = None) -> None:
        self._make_text = text
        self._make_frames = frames

    @cached_property
    def text(self) -> TextEncoder:
        """The text encoder."""
        encoder = self._make_text()
        check_text_encoder(encoder)
        return encoder

    @cached_property
    def frames(self) -> ImageEncoder | None:
        """The picture encoder, None where there is none."""
        if self._make_frames is None:
            return None
        encoder = self._make_frames()
        check_image_encoder(encoder)
        return encoder

    @property
    def spaces(self) -> IndexSpaces:
        """The spaces that an index for these encoders has."""
        return IndexSpaces(self.text.space, None if self.frames is None else self.frames.space)
