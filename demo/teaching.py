"""Trains the small CLIP and the small LLaVA on the small world: `make models`, or `python -m demo.teaching`.

Everything follows from the seeds. Interrupted, it goes on from its last checkpoint, at most five minutes back.
"""

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from demo.lessons import pairs, questions, reading
from demo.vocabulary import vocabulary
from retrieval.training.recipe import Losses, Recipe

MODELS = Path(__file__).parent / "models"
CLIP_CONFIG = MODELS / "clip" / "demo-clip.json"
CLIP_WEIGHTS = MODELS / "clip" / "demo-clip.safetensors"
LLAVA = MODELS / "llava"

TOKENS = 192
CLIP_LENGTH, LLAVA_LENGTH = 32, 256
"""Longest texts, in tokens."""

LANGUAGE = {
    "hidden_size": 192,
    "intermediate_size": 512,
    "num_hidden_layers": 3,
    "num_attention_heads": 6,
    "max_position_embeddings": LLAVA_LENGTH,
}
"""The small Llama."""


STAGES = ("clip", "language", "projector", "everything", "everything_again", "clip_again")
"""What is taught, in order. Questions teach seeing better than pairs: in the end the CLIP takes the tower over."""


@dataclass(frozen=True, slots=True)
class Lessons:
    """How long each stage lasts, and how many pictures (or texts) a step has."""

    clip: Recipe = Recipe(1600, rate=1.5e-3)
    clip_again: Recipe = Recipe(200, rate=5e-4, warm_up=0.1)
    language: Recipe = Recipe(300, rate=2e-3)
    projector: Recipe = Recipe(300, rate=2e-3)
    everything: Recipe = Recipe(3200, rate=1.5e-3, warm_up=0.1)
    everything_again: Recipe = Recipe(1800, rate=1e-3, warm_up=0.05)
    pairs: int = 192
    readings: int = 64
    questions: int = 48

    def short(self) -> "Lessons":
        """Return lessons of a few steps, to see that everything runs and learns."""
        cut = partial(replace, steps=12)
        stages = {name: cut(getattr(self, name)) for name in STAGES}
        return replace(self, **stages, pairs=24, readings=16, questions=8)


def main() -> None:
    """Train and write both models."""
    parser = argparse.ArgumentParser(description="Train the demo models on the small world.")
    parser.add_argument("--out", type=Path, default=MODELS, help="folder for the models (default: the shipped ones)")
    parser.add_argument("--work", type=Path, default=Path("build/models"), help="folder for checkpoints")
    parser.add_argument("--smoke", action="store_true", help="a few steps of each stage only")
    options = parser.parse_args()
    started = time.monotonic()

    def say(line: str) -> None:
        print(f"[{time.monotonic() - started:5.0f} s] {line}", flush=True)

    teach(options.out, options.work, Lessons().short() if options.smoke else Lessons(), say)


def teach(out: Path, work: Path, lessons: Lessons, say: Callable[[str], None]) -> dict[str, Losses]:
    """Train both models and write them into a folder; return the losses of each stage."""
    from retrieval.training.checkpoints import Checkpoints
    from retrieval.training.contrastive import ClipTraining
    from retrieval.training.llava import IMAGE, LlavaTraining
    from retrieval.training.wordlist import word_tokenizer

    words, losses = vocabulary(), {}
    folder = out / "clip"
    folder.mkdir(parents=True, exist_ok=True)
    if out != MODELS:
        (folder / CLIP_CONFIG.name).write_bytes(CLIP_CONFIG.read_bytes())
    word_tokenizer(words, TOKENS, CLIP_LENGTH).save_pretrained(folder / "tokenizer")
    clip = ClipTraining(folder / CLIP_CONFIG.name, 0, say)
    say("CLIP: pictures and their texts")
    losses["clip"] = clip.train(partial(pairs, size=lessons.pairs), lessons.clip, Checkpoints(work / "clip.pt"))
    tokenizer = word_tokenizer(words, TOKENS, LLAVA_LENGTH, more=[IMAGE], end=False)
    vision = json.loads(CLIP_CONFIG.read_text())["vision_cfg"]
    llava = LlavaTraining(clip.model, clip.normal, vision, LANGUAGE, tokenizer, 1, say)
    say("LLaVA: the language, from texts")
    texts = partial(reading, size=lessons.readings)
    losses["language"] = llava.language(texts, lessons.language, Checkpoints(work / "language.pt"))
    say("LLaVA: the projector")
    looked = partial(questions, size=lessons.questions)
    losses["projector"] = llava.projector(looked, lessons.projector, Checkpoints(work / "projector.pt"))
    say("LLaVA: everything")
    looked = partial(questions, size=lessons.questions, seed=1)
    losses["everything"] = llava.everything(looked, lessons.everything, Checkpoints(work / "everything.pt"))
    say("LLaVA: everything again")
    looked = partial(questions, size=lessons.questions, seed=2)
    losses["everything_again"] = llava.everything(
        looked, lessons.everything_again, Checkpoints(work / "everything-again.pt")
    )
    llava.save(out / "llava")
    say("CLIP: with the eyes of the LLaVA")
    clip.look_with(llava.tower())
    pairs_again = partial(pairs, size=lessons.pairs, seed=1)
    losses["clip_again"] = clip.train(pairs_again, lessons.clip_again, Checkpoints(work / "clip-again.pt"))
    clip.save(folder / CLIP_WEIGHTS.name)
    return losses


if __name__ == "__main__":
    main()
