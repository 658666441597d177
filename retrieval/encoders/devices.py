"""What models are calculated on: the processor, or a graphics card as torch knows it."""

from importlib.util import find_spec
from typing import Literal

Device = Literal["cpu", "cuda", "mps"]
ChosenDevice = Literal["auto", "cpu", "cuda", "mps"]

NAMED: dict[ChosenDevice, str] = {"cpu": "the processor", "cuda": "a graphics card of NVIDIA", "mps": "that of a Mac"}


def is_there(device: ChosenDevice) -> bool:
    """Tell whether models can be calculated on a device; of a graphics card torch is asked, which takes seconds."""
    if device in ("auto", "cpu"):
        return True
    if find_spec("torch") is None:
        return False
    import torch

    return torch.cuda.is_available() if device == "cuda" else torch.backends.mps.is_available()


def best(device: ChosenDevice) -> Device:
    """Return the device to use: what is chosen, or of those that are there the fastest."""
    if device != "auto":
        return device
    return "cuda" if is_there("cuda") else "mps" if is_there("mps") else "cpu"
