"""What one check found."""

from dataclasses import dataclass
from typing import Literal

from bot.errors import CONFIGURATION

State = Literal["ok", "off", "warning", "failed"]


@dataclass(frozen=True, slots=True)
class Check:
    """What one check found. `exit_code` is what a failure means for the whole."""

    name: str
    state: State
    detail: str
    fix: str = ""
    exit_code: int = CONFIGURATION
