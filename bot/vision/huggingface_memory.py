"""What a model computed of frames, kept for the next question about them.

A frame takes hundreds of tokens and a question a few dozen. In the prompts of LLaVA the frame comes first, so the keys
and values of its attention are the same whatever is asked about it.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Sequence

import torch
from PIL import Image
from transformers import DynamicCache

States = tuple[tuple[torch.Tensor, torch.Tensor], ...]
"""Keys and values of each layer, (1, heads, tokens, width of a head)."""

EncodeFrames = Callable[[Sequence[Image.Image], Sequence[int]], list[States]]
"""From pictures and the tokens of a prompt up to their end, to the states after each picture."""

PromptKey = tuple[str, tuple[int, ...]]


class FrameCache:
    """The states of frames, those that were used last as far as there is room. Not safe to share between threads.

    Args:
        room: bytes that may be kept.
    """

    def __init__(self, room: int) -> None:
        self._room, self._taken = room, 0
        self._kept: OrderedDict[PromptKey, States] = OrderedDict()

    def joined(self, images: Sequence[Image.Image], seen: tuple[int, ...], look: EncodeFrames) -> DynamicCache:
        """Return the states after each picture in one batch; those that are not kept are computed together."""
        keys = [(_name(image), seen) for image in images]
        new = {key: image for key, image in zip(keys, images, strict=True) if key not in self._kept}
        found = {key: self._kept[key] for key in keys if key in self._kept}
        if new:
            found |= zip(new, look(list(new.values()), seen), strict=True)
        layers = zip(*(found[key] for key in keys), strict=True)
        batch = DynamicCache([tuple(map(torch.cat, zip(*rows, strict=True))) for rows in layers])
        for key in keys:
            self._keep(key, found[key])
        return batch

    def clear(self) -> None:
        """Keep nothing."""
        self._kept.clear()
        self._taken = 0

    def _keep(self, key: PromptKey, states: States) -> None:
        if key not in self._kept:
            self._taken += _size(states)
        self._kept[key] = states
        self._kept.move_to_end(key)
        while self._taken > self._room:
            self._taken -= _size(self._kept.popitem(last=False)[1])


def _size(states: States) -> int:
    """Return the bytes that states take."""
    return sum(held.numel() * held.element_size() for layer in states for held in layer)


def _name(image: Image.Image) -> str:
    """Return what tells a picture from others: a hash of its pixels, and its size."""
    plain = image.convert("RGB")
    return f"{plain.width}x{plain.height} {hashlib.sha256(plain.tobytes()).hexdigest()}"
