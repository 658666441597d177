"""What every training here shares: the optimizer, the rate over the steps, and the loop that keeps checkpoints."""

from collections.abc import Callable, Iterable
from math import nan
from statistics import mean
from typing import Any

import torch

from retrieval.training.checkpoints import Checkpoints
from retrieval.training.loading import BatchType, batches
from retrieval.training.recipe import Losses, Recipe

Say = Callable[[str], None]
"""Takes lines about the progress."""

CLIP_NORM = 1.0
_SAY_EVERY = 50
_FEW = 5


def run(
    model: torch.nn.Module,
    groups: Iterable[dict[str, Any]],
    loss_of: Callable[[BatchType], torch.Tensor],
    batch: Callable[[int], BatchType],
    recipe: Recipe,
    checkpoints: Checkpoints,
    say: Say,
    workers: int = 1,
) -> Losses:
    """Train the parameters in `groups` for the recipe's steps.

    A checkpoint that is there is taken up first. Batch n is `batch(n)`, whatever was interrupted before.
    """
    optimizer = torch.optim.AdamW(
        list(groups), lr=recipe.rate, weight_decay=recipe.decay, betas=(0.9, 0.98), fused=True
    )
    rates = torch.optim.lr_scheduler.OneCycleLR(
        optimizer,
        [group["lr"] for group in optimizer.param_groups],
        recipe.steps,
        pct_start=recipe.warm_up,
        cycle_momentum=False,
    )
    start = checkpoints.resume(recipe, model=model, optimizer=optimizer, rates=rates)
    if start:
        say(f"going on from step {start:,}")
    parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    losses: list[float] = []
    for step, lesson in enumerate(batches(batch, start, recipe.steps, workers), start=start):
        with torch.autocast(device_of(model).type, torch.bfloat16):
            loss = loss_of(lesson)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(parameters, CLIP_NORM)
        optimizer.step()
        rates.step()
        losses.append(loss.item())
        if (step + 1) % _SAY_EVERY == 0:
            say(f"step {step + 1:,} of {recipe.steps:,}: loss {mean(losses[-_SAY_EVERY:]):.3f}")
        checkpoints.keep(recipe, step + 1, model=model, optimizer=optimizer, rates=rates)
    checkpoints.keep(recipe, recipe.steps, force=True, model=model, optimizer=optimizer, rates=rates)
    return Losses(mean(losses[:_FEW]), mean(losses[-_FEW:])) if losses else Losses(nan, nan)


def device_of(model: torch.nn.Module) -> torch.device:
    """Return where a model's weights are."""
    return next(model.parameters()).device


def best_device() -> torch.device:
    """Return the GPU where there is one, else the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")
