"""Is every word found? Each word, title and file name of three libraries, quoted phrases, and words with one slip.

    python benchmarks/each_word.py --data DIR [--share 10] [--seed 3]

The sample films, the real clips and what is said in the tutorials, as texts. A word (common ones aside) is found if one
of the first five hits holds it; a title or a file name, if one of them is of its video; a quoted phrase of two to five
words, if there are hits and each holds it, with its neighbours where it goes across; a word of six letters or more with
one random slip, if one of the first five holds the word as it was meant. `--share 10` asks a tenth of the words.
"""

import argparse
import json
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import ascii_lowercase, punctuation

from question_sets import captioned, spoken
from text_library import VISIBLE, Moments, Named, opened

from bot.dialogue.reading.queries import plain_query, read_query
from demo.stories import FILMS
from retrieval.analysis import spelt, terms, words
from retrieval.encoders.lazy import Encoders
from retrieval.encoders.minilm import MiniLM
from retrieval.searching.search import MomentSearcher
from retrieval.types import Hit, TimedText, joined

FIRST = 5
PHRASES, SLIPS = 300, 300
LONG = 6
"""Letters of a word that slips."""


@dataclass(frozen=True, slots=True)
class TextLibrary:
    """The moments of videos by id, and what these are called."""

    name: str
    texts: Mapping[str, Moments]
    names: Mapping[str, Named]


def sample_films() -> TextLibrary:
    """Return what is seen and said in the sample films."""
    films: dict[str, Moments] = {
        film.name: tuple(
            (span, tuple(TimedText(span, text, "caption") for text in (scene.sentence, *scene.subtitles)))
            for scene, span in zip(film.scenes, film.spans, strict=True)
        )
        for film in FILMS
    }
    titled = {film.name: Named(film.title, Path(f"films/{film.name}.mp4")) for film in FILMS}
    return TextLibrary("films", films, titled)


def libraries(data: Path) -> list[TextLibrary]:
    """Return the three libraries."""
    clips = {name: captioned(entry) for name, entry in json.loads((data / "videos/captions.json").read_text()).items()}
    files = {name: Named(name, Path(f"clips/{name}.mp4")) for name in clips}
    talks = {film["video_id"]: film for film in json.loads((data / "tutorials/transcripts.json").read_text())}
    named = {name: Named(film["title"], Path(f"talks/{name}.mp4")) for name, film in talks.items()}
    said = {name: spoken(film) for name, film in talks.items()}
    return [
        sample_films(),
        TextLibrary("clips", clips, files),
        TextLibrary("tutorials", said, named),
    ]


def told(library: TextLibrary) -> list[str]:
    """Return the text of each moment."""
    return [joined(texts) for moments in library.texts.values() for _, texts in moments]


def written(library: TextLibrary) -> set[str]:
    """Return the words of all texts as they are written, but for capital letters and what stands around them."""
    return {word.casefold().strip(punctuation) for text in told(library) for word in text.split()}


def hits(searcher: MomentSearcher, text: str) -> Sequence[Hit]:
    """Return the first hits of a text without syntax."""
    return searcher.search(plain_query(text), VISIBLE, FIRST).hits


def holds(found: Sequence[Hit], word: str) -> bool:
    """Tell whether one of the hits holds a word in some form."""
    stems = frozenset(terms(word))
    return any(stems <= frozenset(terms(hit.moment.text)) for hit in found)


def slipped(word: str, rng: random.Random) -> str:
    """Return a word with one slip: a letter left out, doubled, exchanged with the next one, or another one."""
    at = rng.randrange(1, len(word) - 1)
    other = rng.choice([letter for letter in ascii_lowercase if letter != word[at]])
    made = {
        "left out": word[:at] + word[at + 1 :],
        "doubled": word[:at] + word[at] + word[at:],
        "exchanged": word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        "another": word[:at] + other + word[at + 1 :],
    }
    return made[rng.choice(sorted(kind for kind, typed in made.items() if typed != word))]


def missed_words(
    searcher: MomentSearcher, library: TextLibrary, share: int, rng: random.Random
) -> tuple[int, list[str]]:
    """Return how many words were asked for, and those that were not found."""
    every = sorted(word for word in written(library) if terms(word))
    asked = rng.sample(every, -(-len(every) // share))
    return len(asked), [word for word in asked if not holds(hits(searcher, word), word)]


def missed_names(searcher: MomentSearcher, library: TextLibrary) -> tuple[int, list[str]]:
    """Return how many titles and file names were asked for, and those that were not found."""
    asked = sorted({(name, video) for video, named in library.names.items() for name in _names(named) if words(name)})
    same = {name: {video for other, video in asked if other == name} for name, _ in asked}
    missed = [name for name in same if not any(hit.video_id in same[name] for hit in hits(searcher, name))]
    return len(same), missed


def _names(named: Named) -> Iterable[str]:
    yield named.title
    if named.path is not None:
        yield from (named.path.stem, named.path.name)


def missed_phrases(searcher: MomentSearcher, library: TextLibrary, count: int, rng: random.Random) -> list[str]:
    """Return the phrases without a hit, and those with a hit that does not hold them."""
    typed, missed = [text.split() for text in told(library)], []
    around = {
        f"{video}:{number}": " ".join(joined(texts) for _, texts in moments[max(0, number - 2) : number + 1])
        for video, moments in library.texts.items()
        for number in range(1, len(moments) + 1)
    }
    for _ in range(count):
        said = rng.choice([text for text in typed if len(text) > 1])
        length = rng.randint(2, min(5, len(said)))
        at = rng.randrange(len(said) - length + 1)
        phrase = " ".join(said[at : at + length]).replace('"', "")
        found = searcher.search(read_query(f'"{phrase}"'), VISIBLE, FIRST).hits
        if words(phrase) and not (found and all(_is_in(phrase, around[hit.moment_id]) for hit in found)):
            missed.append(phrase)
    return missed


def _is_in(phrase: str, text: str) -> bool:
    return any(f" {one} " in f" {whole} " for one in spelt(phrase) for whole in spelt(text))


def missed_slips(searcher: MomentSearcher, library: TextLibrary, count: int, rng: random.Random) -> list[str]:
    """Return the long words that are not found with one slip, as they were typed and meant."""
    long = sorted(word for word in written(library) if len(word) >= LONG and word.isascii() and word.isalpha())
    pairs = [(slipped(word, rng), word) for word in (rng.choice(long) for _ in range(count))]
    return [f"{typed} ({word})" for typed, word in pairs if not holds(hits(searcher, typed), word)]


def measure(library: TextLibrary, encoders: Encoders, share: int, seed: int) -> dict[str, tuple[int, list[str]]]:
    """Ask everything; return for each kind how many were asked and which were missed."""
    rng = random.Random(f"{library.name} {seed}")
    phrases, slips = -(-PHRASES // share), -(-SLIPS // share)
    with opened(library.texts, encoders, library.names) as searcher:
        return {
            "words": missed_words(searcher, library, share, rng),
            "names": missed_names(searcher, library),
            "phrases": (phrases, missed_phrases(searcher, library, phrases, rng)),
            "slips": (slips, missed_slips(searcher, library, slips, rng)),
        }


def main() -> None:
    """Ask three libraries, print shares and what was missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds videos/ and tutorials/")
    parser.add_argument("--share", type=int, default=1, help="ask one in so many of all")
    parser.add_argument("--seed", type=int, default=3)
    options = parser.parse_args()
    encoder = MiniLM()
    for library in libraries(options.data):
        for kind, (asked, missed) in measure(library, Encoders(lambda: encoder), options.share, options.seed).items():
            some = f"   not: {', '.join(missed[:10])}" if missed else ""
            print(f"{library.name:10s} {kind:8s} {100 * (1 - len(missed) / asked):5.1f} % of {asked}{some}", flush=True)


if __name__ == "__main__":
    main()
