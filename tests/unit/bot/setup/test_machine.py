"""What is found out of a machine."""

import os
from pathlib import Path

import pytest

from bot.setup.machine import GIB, Machine, look

NO_LIMIT = Path("/nowhere/memory.max")


def tool(folder: Path, program: str) -> str:
    path = folder / "a-tool"
    path.write_text(f"#!/bin/sh\n{program}\n")
    path.chmod(0o755)
    return str(path)


def test_cores_and_memory_are_those_of_this_machine() -> None:
    found = look("no-such-tool", NO_LIMIT)
    assert found.cores == len(os.sched_getaffinity(0))
    assert found.memory == os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def test_a_container_may_have_less_memory(tmp_path: Path) -> None:
    limit = tmp_path / "memory.max"
    limit.write_text("536870912\n")
    assert look("no-such-tool", limit).memory == GIB // 2
    limit.write_text("max\n")
    assert look("no-such-tool", limit).memory == look("no-such-tool", NO_LIMIT).memory


def test_the_largest_graphics_card_counts(tmp_path: Path) -> None:
    found = look(tool(tmp_path, "echo '8192, NVIDIA Small, old'; echo '24576, NVIDIA Large'"), NO_LIMIT)
    assert (found.graphics, found.graphics_memory) == ("NVIDIA Large", 24 * GIB)


@pytest.mark.parametrize("program", ["exit 9", "echo 'No devices were found'", "echo '[N/A], a card'"])
def test_a_card_that_cannot_be_used_is_none(tmp_path: Path, program: str) -> None:
    found = look(tool(tmp_path, program), NO_LIMIT)
    assert (found.graphics, found.graphics_memory) == ("", 0)


def test_a_machine_is_told_in_words() -> None:
    assert str(Machine(1, 0)) == "1 core, memory of unknown size, no graphics card that models can use"
    assert str(Machine(8, 16 * GIB, "X", 24 * GIB)) == "8 cores, 16 GiB of memory, graphics card X with 24 GiB"
