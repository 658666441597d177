"""The encoders of a library, loaded when first used: a listing needs none, and loading takes seconds.

Here a further space meets its encoder: one `Registration`, and the library encodes, indexes, searches and checks it.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from retrieval.encoders.base import ImageEncoder, TextEncoder, TextInWords, WordEncoder
from retrieval.encoders.canary import CHECKS
from retrieval.errors import MissingModel, UnfitEncoder
from retrieval.spaces import ARMS, FRAMES, TEXT, Arm, IndexSpaces, SpaceKind

log = logging.getLogger(__name__)

REMEMBERED = 64
"""Sentences whose vectors are remembered: one turn of a talk is searched for in several places."""

NOT_SEARCHED = {FRAMES: "pictures"}
"""What is said not to be searched where the encoder of a space cannot be loaded, if not the name of the space."""

NO_CLIP = "no CLIP weights are set (VDIALOG_CLIP_WEIGHTS)"


@dataclass(frozen=True, slots=True)
class Registration:
    """A space beside those of every library: what is encoded, by what, and how its arm counts.

    Attributes:
        kind: its name, which is the arm's too, and what one of its vectors is made of.
        load: makes the encoder, of the protocol in `retrieval.encoders.base` for what is encoded: a TextEncoder, an
            ImageEncoder for frames, a ClipEncoder for clips and videos; None where it is off.
        weight: how much its arm counts beside the others in a search; 0 where it is only asked by name.
        off: why there is no encoder, in words for a person.
        fix: what mends that.
    """

    kind: SpaceKind
    load: Callable[[], Any] | None
    weight: float = 0.0
    off: str = "it is not set up"
    fix: str = ""

    @property
    def arm(self) -> Arm:
        """The arm that ranks by this space."""
        return Arm(self.kind.name, self.kind, self.weight, self.weight)


class Encoders:
    """A text encoder, perhaps a picture encoder, and what else is registered; each passes the canary before its use.

    Args:
        text: makes the text encoder.
        frames: makes the picture encoder; None where no weights are set.
        others: further spaces.
        check: raises where what is set cannot be loaded, as far as that shows without loading it; called before all
            encoders are.
        language: makes what `knows` a word as the text encoder does, where that is had without its weights.

    Raises:
        ValueError: two spaces have one name.
    """

    def __init__(
        self,
        text: Callable[[], TextEncoder],
        frames: Callable[[], ImageEncoder] | None = None,
        others: Sequence[Registration] = (),
        check: Callable[[], None] = lambda: None,
        language: Callable[[], Callable[[str], bool]] | None = None,
    ) -> None:
        ours = (Registration(TEXT, text), Registration(FRAMES, frames, off=NO_CLIP))
        self._registered = {entry.kind: entry for entry in (*ours, *others)}
        if len({kind.name for kind in self._registered}) < len(ours) + len(others):
            raise ValueError("two spaces of one name are registered")
        self._check = check
        self._language = language
        self._loaded: dict[SpaceKind, Any] = {}
        self._read: dict[str, TextInWords] = {}
        self.others = tuple(others)
        self.arms: tuple[Arm, ...] = (*ARMS, *(entry.arm for entry in others))
        """All arms, in the order in which they are told; those that are off included."""
        self.unset = {entry.kind.name: entry.off for entry in self._registered.values() if entry.load is None}
        """The arms for which nothing is set, with the reason."""
        self._failed: dict[SpaceKind, str] = {}

    def encoder(self, kind: SpaceKind) -> Any:
        """Return the encoder of a space, loaded when it is first asked for; None where there is none.

        Raises:
            UnfitEncoder: it does not tell its inputs apart.
        """
        load = self._registered[kind].load
        if load is not None and kind not in self._loaded:
            encoder = load()
            CHECKS[kind.encodes](encoder)
            self._loaded[kind] = encoder
        return self._loaded.get(kind)

    @property
    def off(self) -> dict[str, str]:
        """The arms that are off, with the reason: nothing is set for them, or what is set could not be loaded."""
        return self.unset | {kind.name: reason for kind, reason in self._failed.items()}

    def spaces_to_search(self, held: IndexSpaces | None) -> IndexSpaces:
        """Return the spaces by which an index is searched that holds these; the encoders are loaded.

        Where one beside that of texts cannot be loaded, its arm is off from now on, which the log says, and its space
        is what the index holds: the others go on.

        Raises:
            MissingModel, UnfitEncoder: that of texts cannot be.
        """
        found = {TEXT: self.text.space}
        for kind in (kind for kind, entry in self._registered.items() if kind != TEXT and entry.load is not None):
            try:
                if kind not in self._failed:
                    found[kind] = self.encoder(kind).space
            except (MissingModel, UnfitEncoder) as error:
                self._failed[kind] = error.message
                log.warning("%s are not searched: %s. %s", NOT_SEARCHED.get(kind, kind.name), error.message, error.hint)
            if kind in self._failed and held is not None and (space := held.space(kind)) is not None:
                found[kind] = space
        return IndexSpaces.of(found)

    def read(self, texts: Sequence[str]) -> list[TextInWords]:
        """Return texts with their vectors, and those of their words where the text encoder tells them.

        The latest ones are remembered and not made again.
        """
        known = {text: read for text in texts if (read := self._read.get(text)) is not None}
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            known |= dict(zip(new, _in_words(self.text, new), strict=True))
            self._read = dict([*self._read.items(), *((text, known[text]) for text in new)][-REMEMBERED:])
        return [known[text] for text in texts]

    def knows(self, word: str) -> bool:
        """Tell whether a folded word is one of the language; no weights are loaded where it shows without them."""
        return self._knows(word)

    @cached_property
    def _knows(self) -> Callable[[str], bool]:
        return self._language() if self._language is not None and TEXT not in self._loaded else self.text.knows

    @property
    def text(self) -> TextEncoder:
        """The text encoder."""
        encoder: TextEncoder = self.encoder(TEXT)
        return encoder

    @property
    def frames(self) -> ImageEncoder | None:
        """The picture encoder, None where there is none."""
        encoder: ImageEncoder | None = self.encoder(FRAMES)
        return encoder

    @cached_property
    def spaces(self) -> IndexSpaces:
        """The spaces that an index for these encoders has."""
        self._check()
        encoders = {kind: self.encoder(kind) for kind, entry in self._registered.items() if entry.load is not None}
        return IndexSpaces.of({kind: encoder.space for kind, encoder in encoders.items()})


def _in_words(encoder: TextEncoder, texts: Sequence[str]) -> list[TextInWords]:
    if isinstance(encoder, WordEncoder):
        return encoder.in_words(texts)
    none = np.zeros((0, encoder.space.dimension), np.float32)
    return [TextInWords(vector, (), none) for vector in encoder.encode(texts)]
