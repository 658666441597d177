"""Are rare things found? Names, codes and numbers said once, or shown once, among 10,000 moments.

    python benchmarks/rare.py --data DIR [--moments 10000] [--planted 300] [--seed 11]

Captions of ActivityNet are the crowd. In 300 of its moments a sentence with a made-up name, code or number is planted
as speech or as screen text; each is then asked for in other words. Right = that very moment.
"""

import argparse
import random
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.dialogue.reading.queries import plain_query
from retrieval.catalogue.catalogue import Catalogue
from retrieval.catalogue.ids import moment_id
from retrieval.encoders.lazy import Encoders
from retrieval.encoders.minilm import MiniLM
from retrieval.ingest.annotations import Annotation, read_annotations
from retrieval.library import embedded_index
from retrieval.publishing.drafts import Draft
from retrieval.publishing.generations import Generations
from retrieval.publishing.publisher import Publisher
from retrieval.publishing.versions import FolderStore, IndexVersions
from retrieval.searching.search import MomentSearcher
from retrieval.types import Entry, TextSource, TimedText, TimeSpan

COLLECTION = "crowd"
VISIBLE = frozenset({COLLECTION})
BATCH = 200

SAID: dict[str, Sequence[str]] = {
    "name": (
        "my name is {} and I will show you how it works",
        "thanks to {} for the help with this",
        "{} told us to wait",
    ),
    "code": ("please write down the reference {} before we go on", "this is model {} as you can see", "the room is {}"),
    "number": (
        "the total was {} last year",
        "call extension {} if you have questions",
        "we counted {} of them in the end",
    ),
}
SHOWN: dict[str, Sequence[str]] = {
    "name": ("{} Head of Training", "Filmed by {}", "Interview: {}"),
    "code": ("PART NO. {}", "Flight {}", "Ticket {}"),
    "number": ("TOTAL {}", "Lot {}", "Entry {}"),
}
ASKED: dict[str, Sequence[str]] = {
    "name": ("Who is {}?", "When is {} mentioned?", "the part with {}", "Where do I see {}?"),
    "code": ("Where is {} shown?", "find {}", "Which moment is about {}?", "when do they talk about {}"),
    "number": ("Where does {} appear?", "the moment with {}", "When do they say {}?", "find the figure {}"),
}
SYLLABLES = [
    "bra",
    "dro",
    "fen",
    "gul",
    "hax",
    "jor",
    "kel",
    "lum",
    "mav",
    "nok",
    "pru",
    "quil",
    "ros",
    "sev",
    "tam",
    "ulf",
    "vik",
    "wex",
    "yor",
    "zan",
]


@dataclass(frozen=True, slots=True)
class Planted:
    """A text put into one moment, and the question that must find it."""

    video_id: str
    number: int
    kind: str
    source: TextSource
    text: str
    question: str


def thing(kind: str, rng: random.Random) -> str:
    """Make up a name, a code or a number."""
    if kind == "name":
        first, last = ("".join(rng.sample(SYLLABLES, n)).capitalize() for n in (2, 3))
        return f"{first} {last}"
    if kind == "code":
        return f"{''.join(rng.choices('BCDFGHKLMNPQRSTVWXZ', k=2))}-{rng.randrange(1000, 10_000)}"
    return str(rng.randrange(10_000, 1_000_000))


def crowd(captions: Path, count: int) -> list[Annotation]:
    """Return the annotations whose captions make up `count` moments."""
    chosen: list[Annotation] = []
    total = 0
    for name in ("val_1_dev.json", "train.json"):
        for annotation in read_annotations(captions / name).values():
            missing = count - total
            if missing <= 0:
                return chosen
            kept = annotation.captions[:missing]
            chosen.append(Annotation(annotation.video_id, annotation.duration, kept))
            total += len(kept)
    return chosen


def plant(annotations: Sequence[Annotation], count: int, rng: random.Random) -> list[Planted]:
    """Choose moments and make up what is said or shown in them."""
    places = [(a.video_id, number) for a in annotations for number in range(1, len(a.captions) + 1)]
    planted = []
    for place, (video_id, number) in enumerate(rng.sample(places, count)):
        kind = ("name", "code", "number")[place % 3]
        source: TextSource = ("speech", "screen")[place // 3 % 2]
        made = thing(kind, rng)
        text = rng.choice((SAID if source == "speech" else SHOWN)[kind]).format(made)
        planted.append(Planted(video_id, number, kind, source, text, rng.choice(ASKED[kind]).format(made)))
    return planted


def drafts(annotations: Sequence[Annotation], planted: Sequence[Planted], generations: Generations) -> Iterator[Draft]:
    """Yield the videos with what was planted."""
    extra = {(p.video_id, p.number): p for p in planted}
    for annotation in annotations:
        moments: list[tuple[TimeSpan, tuple[TimedText, ...]]] = []
        for number, caption in enumerate(sorted(annotation.captions, key=lambda c: c.span), start=1):
            texts = [caption]
            if found := extra.get((annotation.video_id, number)):
                texts.append(TimedText(caption.span, found.text, found.source))
            moments.append((caption.span, tuple(texts)))
        name = annotation.video_id
        reserved, where = generations.reserve(name, name, COLLECTION), Entry(COLLECTION, name, None)
        yield Draft(reserved, name, name, annotation.duration, "imported", "", where, tuple(moments))


def measure(searcher: MomentSearcher, planted: Sequence[Planted]) -> None:
    """Ask for everything planted and print the share found first, by kind and source."""
    arms = ("keywords", "meaning", None)
    for arm in arms:
        first: Counter[str] = Counter()
        total: Counter[str] = Counter()
        for p in planted:
            hits = searcher.search(replace(plain_query(p.question), arm=arm), VISIBLE, 1).hits
            found = bool(hits) and hits[0].moment.moment_id == moment_id(p.video_id, p.number)
            for group in ("all", p.kind, p.source):
                total[group] += 1
                first[group] += found
        row = "  ".join(f"{group} {100 * first[group] / total[group]:5.1f}" for group in total)
        print(f"{arm or 'our default':12s} R@1 %:  {row}")


def main() -> None:
    """Plant, ask, count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds activitynet_captions/")
    parser.add_argument("--moments", type=int, default=10_000)
    parser.add_argument("--planted", type=int, default=300)
    parser.add_argument("--seed", type=int, default=11)
    options = parser.parse_args()
    annotations = crowd(options.data / "activitynet_captions", options.moments)
    planted = plant(annotations, options.planted, random.Random(options.seed))
    encoder = MiniLM()
    encoders = Encoders(lambda: encoder)
    with tempfile.TemporaryDirectory() as home:
        catalogue = Catalogue(Path(home))
        generations, index = (
            Generations(catalogue),
            IndexVersions(catalogue, FolderStore(catalogue.home, embedded_index)),
        )
        publisher = Publisher(catalogue, generations, index, encoders)
        waiting = list(drafts(annotations, planted, generations))
        for start in range(0, len(waiting), BATCH):
            publisher.publish(waiting[start : start + BATCH])
        publisher.settle()
        print(f"{catalogue.moment_count()} moments, {len(planted)} planted, seed {options.seed}")
        measure(MomentSearcher(catalogue, lambda: index.current(encoders.spaces), encoders), planted)
        generations.close()
        catalogue.close()


if __name__ == "__main__":
    main()
