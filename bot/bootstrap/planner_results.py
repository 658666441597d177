"""What was measured of language models that plan, by the name of each: kept in the home, read by VDIALOG_PLANNER=auto.

Why: docs/decisions/language-models.md.
"""

from __future__ import annotations

import os
from datetime import date
from math import comb
from pathlib import Path
from typing import Literal

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

FILE = "planners.json"

BY_CHANCE = 0.05
"""How likely a model may be better by chance alone for it to be used."""

ReadBy = Literal["rules", "model", "both"]


@dataclass(frozen=True)
class Marks:
    """How many turns came out in which way, and the mean seconds of a turn.

    `unread` are turns in which the model was asked and gave nothing of use: the rules alone read them.
    """

    right: int
    near: int
    wrong: int
    refused: int
    confident_and_wrong: int
    seconds: float
    unread: int

    @property
    def turns(self) -> int:
        """All of them."""
        return self.right + self.near + self.wrong + self.refused + self.confident_and_wrong


@dataclass(frozen=True, config=ConfigDict(extra="ignore"))
class PlannerResult:
    """What one run measured: rules, the model's readings instead of theirs, and both together.

    Attributes:
        model: its name on its server.
        measured: the day.
        reply: how it replied at the end: in JSON, or by the question alone.
        rows: the marks.
        gained: turns that both together got right and the rules alone did not.
        lost: turns that the rules alone got right and both together did not.
    """

    model: str
    measured: date
    reply: Literal["json", "question"]
    rows: dict[ReadBy, Marks]
    gained: int
    lost: int

    @property
    def by_chance(self) -> float:
        """How likely it is to gain so many of the turns that came out otherwise by chance (one-sided sign test)."""
        changed = self.gained + self.lost
        return float(sum(comb(changed, k) for k in range(self.gained, changed + 1)) / 2**changed)

    @property
    def better(self) -> bool:
        """Whether the model is to be used: more is right beyond chance, and no more is confident and wrong."""
        worse = self.rows["both"].confident_and_wrong > self.rows["rules"].confident_and_wrong
        return self.by_chance < BY_CHANCE and not worse


@dataclass(frozen=True)
class _Kept:
    models: dict[str, PlannerResult]
    version: Literal[1] = 1


def results(home: Path) -> dict[str, PlannerResult]:
    """Return what was measured, by the names of the models; nothing where the file is not there or damaged."""
    try:
        return TypeAdapter(_Kept).validate_json((home / FILE).read_bytes()).models
    except (OSError, ValidationError):
        return {}


def keep(home: Path, result: PlannerResult) -> Path:
    """Keep a result in place of the earlier one of the same model; return the file."""
    home.mkdir(parents=True, exist_ok=True)
    kept = _Kept({**results(home), result.model: result})
    path, part = home / FILE, home / f"{FILE}.part"
    part.write_bytes(TypeAdapter(_Kept).dump_json(kept, indent=1))
    os.replace(part, path)
    return path
