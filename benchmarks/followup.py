"""How much sooner does a second question about the same frames begin to be answered than the first?

    python -m benchmarks.followup [--width 512] [--repeats 5] [--frames 1 5] [--threads 1]

A LLaVA with the layout of LLaVA-1.5 and random weights: pictures of 336 pixels, 576 tokens each, 24 layers that look
and 32 that read and write. `--width` is that of the language model; 4096, with a graphics card, is the 7B. Time to the
first token, in both cases through `Llava.answer`: of a question about frames that the model has never seen, and of the
same question when another one about these frames was answered before. Whether the tokens are the same is checked to the
end of each answer. Frame by frame, as LLaVA is asked; the time of several frames is their sum.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from bot.vision.huggingface import Llava
from tests.tiny import write_llava

FIRST, SECOND = "what is there in this picture ?", "is it a dog or a cat that sleeps on the beach ?"


def model(folder: Path, width: int) -> Path:
    """Write a model of the layout of LLaVA-1.5 whose language model has that width; heads of 128 and 64."""
    said = {"hidden_size": width, "intermediate_size": width * 43 // 16, "num_hidden_layers": 32}
    seen = {"hidden_size": width // 4, "intermediate_size": width, "num_hidden_layers": 24}
    said["num_attention_heads"] = said["num_key_value_heads"] = max(1, width // 128)
    seen["num_attention_heads"] = max(1, width // 256)
    return write_llava(folder, image_size=336, patch_size=14, context=4096, seen=seen, said=said)


def frames(count: int, seed: int) -> list[Image.Image]:
    """Return pictures of noise."""
    rng = np.random.default_rng(seed)
    return [Image.fromarray(rng.integers(0, 255, (360, 640, 3), np.uint8)) for _ in range(count)]


class Watch:
    """Tells when the first token of an answer is known: the question has been read to its end."""

    def __init__(self, llava: Llava) -> None:
        self.llava = llava
        self.read: list[float] = []
        llava._model.register_forward_hook(lambda *_: self.read.append(time.perf_counter()))

    def ask(self, prompt: str, image: Image.Image, known: bool) -> tuple[float, str]:
        """Return the seconds to the first token, and the answer; an unknown frame takes a step of its own before."""
        self.read.clear()
        started = time.perf_counter()
        said = "".join(self.llava.answer(prompt, [image]))
        return self.read[0 if known else 1] - started, said


def measured(llava: Llava, count: int, repeats: int) -> tuple[list[float], list[float], str]:
    """Return the seconds of each repeat, from scratch and as a follow-up, and which answers had the same tokens."""
    watch, scratch, follow, same = Watch(llava), list[float](), list[float](), list[int]()
    for repeat in range(repeats + 1):  # the first one warms up
        shown = frames(count, seed=repeat)
        fresh = [watch.ask(SECOND, image, known=False) for image in shown]
        llava.forget()
        for image in shown:
            watch.ask(FIRST, image, known=False)
        again = [watch.ask(SECOND, image, known=True) for image in shown]
        llava.forget()
        same += [len(one.split()) if one == other else 0 for (_, one), (_, other) in zip(fresh, again, strict=True)]
        if repeat:
            scratch.append(sum(seconds for seconds, _ in fresh))
            follow.append(sum(seconds for seconds, _ in again))
    return scratch, follow, f"{sum(map(bool, same))} of {len(same)} (mean {statistics.mean(same):.0f} words)"


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--width", type=int, default=512)
    options.add_argument("--repeats", type=int, default=5)
    options.add_argument("--frames", type=int, nargs="+", default=[1, 5])
    options.add_argument("--threads", type=int, default=1)
    given = options.parse_args()
    torch.set_num_threads(given.threads)
    with tempfile.TemporaryDirectory() as folder:
        llava = Llava(str(model(Path(folder) / "llava", given.width)))
    print(f"language model {given.width} wide, {given.threads} threads, median of {given.repeats}")
    print(f"{'frames':>6}  {'from scratch':>12}  {'follow-up':>9}  {'times lower':>11}  answers word for word the same")
    for count in given.frames:
        scratch, follow, same = measured(llava, count, given.repeats)
        before, after = statistics.median(scratch), statistics.median(follow)
        print(f"{count:>6}  {before * 1000:>9.0f} ms  {after * 1000:>6.0f} ms  {before / after:>11.1f}  {same}")


if __name__ == "__main__":
    main()
