"""The contract of encoders: what a text or a picture becomes, and in which space it can be compared."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from PIL import Image

from retrieval.spaces import Space, Vectors


class TextEncoder(Protocol):
    """Maps texts to unit vectors."""

    @property
    def space(self) -> Space:
        """The space of every vector returned."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector per text, float32 `(texts, dimension)`."""
        ...

    def pieces(self, text: str, size: int) -> list[str]:
        """Cut a text into consecutive pieces of at most `size` of the encoder's tokens."""
        ...

    def knows(self, word: str) -> bool:
        """Tell whether a folded word is one of the language, as far as the encoder has met it whole."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class TextInWords:
    """A text as an encoder understands it: as a whole, and word by word.

    Attributes:
        vector: unit vector of the whole text, float32 `(dimension,)`.
        words: its words as they are written, in lower case; signs are none.
        vectors: one unit vector per word as it is meant here, float32 `(words, dimension)`.
    """

    vector: Vectors
    words: tuple[str, ...]
    vectors: Vectors


@runtime_checkable
class WordEncoder(TextEncoder, Protocol):
    """A text encoder that tells what each word means beside the others, too."""

    def in_words(self, texts: Sequence[str]) -> list[TextInWords]:
        """Return each text with its words; what goes beyond what the encoder reads at once is left out."""
        ...


class ImageEncoder(Protocol):
    """Maps pictures and texts to unit vectors of one space."""

    @property
    def space(self) -> Space:
        """The space of every vector returned."""
        ...

    def encode_images(self, images: Sequence[Image.Image]) -> Vectors:
        """Return one unit vector per RGB picture, float32 `(images, dimension)`."""
        ...

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector per text, float32 `(texts, dimension)`."""
        ...

    def taught(self, word: str) -> bool:
        """Tell whether a word means anything to the encoder."""
        ...


class ClipEncoder(Protocol):
    """Maps clips (frames in order of time, of a moment or of a whole video) and texts to unit vectors of one space."""

    @property
    def space(self) -> Space:
        """The space of every vector returned."""
        ...

    @property
    def frames(self) -> int:
        """How many frames of a clip it is to be given, evenly spaced; fewer where there are no more."""
        ...

    def encode_clips(self, clips: Sequence[Sequence[Image.Image]]) -> Vectors:
        """Return one unit vector per clip of one or more RGB pictures, float32 `(clips, dimension)`."""
        ...

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector per text, float32 `(texts, dimension)`."""
        ...
