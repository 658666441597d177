"""What this machine has to run models with: cores, memory, a graphics card. No model library is loaded for it."""

import os
import platform
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

GIB = 2**30
CONTAINER_LIMIT = Path("/sys/fs/cgroup/memory.max")
ASKING = 10.0
"""Seconds that the graphics card's own tool may take."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What models may use.

    Attributes:
        cores: of the processor, as far as this process may use them.
        memory: bytes, as far as this process may use them; 0 where that cannot be found out.
        graphics: the name of the graphics card, "" without one that models can use.
        graphics_memory: bytes of it.
    """

    cores: int
    memory: int
    graphics: str = ""
    graphics_memory: int = 0

    def __str__(self) -> str:
        memory = f"{self.memory / GIB:.0f} GiB of memory" if self.memory else "memory of unknown size"
        card = "no graphics card that models can use"
        if self.graphics:
            card = f"graphics card {self.graphics} with {self.graphics_memory / GIB:.0f} GiB"
        return f"{self.cores} {'core' if self.cores == 1 else 'cores'}, {memory}, {card}"


def look(tool: str = "nvidia-smi", limit: Path = CONTAINER_LIMIT) -> Machine:
    """Return what this machine has.

    Args:
        tool: what lists the graphics cards of NVIDIA.
        limit: file in which a container says how much memory it may take.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    memory = _memory(limit)
    name, size = _nvidia(tool)
    if not name and (platform.system(), platform.machine()) == ("Darwin", "arm64"):
        name, size = "of Apple, which shares the memory", memory
    return Machine(cores, memory, name, size)


def _memory(limit: Path) -> int:
    try:
        installed = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 0
    try:
        return min(installed, int(limit.read_text()))
    except (OSError, ValueError):  # no container, or one without a limit ("max")
        return installed


def _nvidia(tool: str) -> tuple[str, int]:
    """Return name and bytes of the largest graphics card, ("", 0) without one."""
    if shutil.which(tool) is None:
        return "", 0
    asked = [tool, "--query-gpu=memory.total,name", "--format=csv,noheader,nounits"]
    try:
        told = subprocess.run(asked, capture_output=True, text=True, timeout=ASKING, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return "", 0
    cards = [line.split(", ", 1) for line in told.splitlines()]
    sizes = [(int(card[0]) * 2**20, card[1].strip()) for card in cards if len(card) == 2 and card[0].strip().isdigit()]
    size, name = max(sizes, default=(0, ""))
    return name, size
