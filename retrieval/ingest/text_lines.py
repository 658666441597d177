"""Lines of text on a frame, and the blocks that they make up."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text as recognised: its confidence (0 to 1) and its box in pixels of the frame."""

    text: str
    confidence: float
    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        """Pixels from top to bottom."""
        return self.bottom - self.top


def blocks(lines: Sequence[TextLine]) -> list[str]:
    """Return the texts of lines in reading order, lines that belong together joined by spaces."""
    groups: list[list[TextLine]] = []
    for line in _in_rows(lines):
        joined = [group for group in groups if any(_together(line, other) for other in group)]
        groups = [group for group in groups if group not in joined]
        groups.append([*(member for group in joined for member in group), line])
    ordered = [_in_rows(group) for group in groups]
    ordered.sort(key=lambda group: (group[0].top, group[0].left))
    return [" ".join(line.text for line in group) for group in ordered]


def _in_rows(lines: Sequence[TextLine]) -> list[TextLine]:
    """Order lines from top to bottom, and those beside each other from left to right."""
    rows: list[list[TextLine]] = []
    for line in sorted(lines, key=lambda member: member.top):
        if rows and line.top < rows[-1][0].bottom - rows[-1][0].height / 2:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda member: member.left)]


def _together(one: TextLine, other: TextLine) -> bool:
    """Tell whether two lines are of like height and less than a line apart, below or beside each other."""
    low, high = sorted((one.height, other.height))
    across = max(one.left, other.left) - min(one.right, other.right)  # negative where they overlap
    down = max(one.top, other.top) - min(one.bottom, other.bottom)
    below, beside = across < 0 and down < low, down < -low / 2 and across < 1.5 * low
    return high <= 2 * low and (below or beside)
