import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from retrieval.training.checkpoints import Checkpoints
from retrieval.training.recipe import Recipe
from retrieval.training.schedule import run

STEPS = Recipe(24, rate=0.05)


class Cut(Exception):
    """Somebody pulls the plug."""


def batch(step: int) -> torch.Tensor:
    return torch.randn((8, 3), generator=torch.Generator().manual_seed(step))


def learned(path: Path, cut_at: int | None = None) -> tuple[torch.Tensor, list[str]]:
    """Learn a sum of three numbers; stop at a step as a cut would."""
    torch.manual_seed(5)
    model, said, steps = torch.nn.Linear(3, 1), list[str](), [0]

    def loss_of(numbers: torch.Tensor) -> torch.Tensor:
        steps[0] += 1
        if steps[0] == cut_at:
            raise Cut
        return ((model(numbers).squeeze(1) - numbers.sum(dim=1)) ** 2).mean()

    groups = [{"params": list(model.parameters())}]
    try:
        run(model, groups, loss_of, batch, STEPS, Checkpoints(path, every=0.0), said.append, workers=0)
    except Cut:
        said.append("cut")
    return model.weight.detach().clone(), said


def test_what_was_interrupted_ends_as_if_it_had_not_been(tmp_path: Path) -> None:
    whole, said = learned(tmp_path / "whole.pt")
    assert said == []
    for cut in (2, 13, 24):
        path = tmp_path / f"cut{cut}.pt"
        assert learned(path, cut_at=cut)[1] == ["cut"]
        again, said = learned(path)
        assert said == [f"going on from step {cut - 1}"]
        assert torch.equal(again, whole)


def test_a_checkpoint_of_another_recipe_is_not_taken_up(tmp_path: Path) -> None:
    checkpoints = Checkpoints(tmp_path / "one.pt", every=0.0)
    model = torch.nn.Linear(2, 2)
    assert checkpoints.keep(Recipe(10), 4, model=model)
    assert checkpoints.resume(Recipe(10), model=model) == 4
    assert checkpoints.resume(Recipe(20), model=model) == 0


def test_checkpoints_are_written_when_it_is_time_and_when_forced(tmp_path: Path) -> None:
    checkpoints = Checkpoints(tmp_path / "one.pt", every=3600.0)
    assert not checkpoints.keep(STEPS, 1)
    assert checkpoints.keep(STEPS, 2, force=True)
    assert checkpoints.resume(STEPS) == 2


KEEP_ON = """
import sys
from pathlib import Path
import torch
from retrieval.training.checkpoints import Checkpoints
checkpoints, model = Checkpoints(Path(sys.argv[1]), every=0.0), torch.nn.Linear(700, 700)
for step in range(1_000_000):
    checkpoints.keep("recipe", step, model=model)
    print(step, flush=True)
"""


@pytest.mark.slow
def test_a_checkpoint_is_whole_whenever_the_process_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.pt"
    for lines in (1, 4, 9):
        with subprocess.Popen([sys.executable, "-c", KEEP_ON, path], stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            kept = [int(process.stdout.readline()) for _ in range(lines)]
            os.kill(process.pid, signal.SIGKILL)
        assert Checkpoints(path).resume("recipe", model=torch.nn.Linear(700, 700)) >= kept[-1]
