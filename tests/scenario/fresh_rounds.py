"""Talks the dialogues of fresh writers, and marks each reply: `python -m tests.scenario.fresh_rounds --data DIR`.

The writers saw what the videos hold and a kind of speaker, and neither the code nor earlier dialogues. `gold` are the
moments that answer a turn; `docs/fresh-rounds.md` tells how rounds came out when they were first marked, and by whom.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from bot.dialogue.events import Answered, Clarifying
from bot.dialogue.manager import DialogueManager
from bot.dialogue.messages import Answer, Citation, Utterance
from bot.dialogue.planner import RulePlanner
from bot.dialogue.storing.memory import MemoryConversations
from demo.stories import FILMS
from retrieval.encoders.lazy import Encoders
from retrieval.encoders.minilm import MiniLM
from retrieval.library import Library
from retrieval.types import TimeSpan

FOLDER = Path(__file__).parent / "fresh"
COLLECTION = "library"
VISIBLE = frozenset({COLLECTION})

Mark = Literal["right", "near", "wrong", "refused", "confident and wrong"]


@dataclass(frozen=True, slots=True)
class Turn:
    """What was said, what it asks for, and the moments that are right."""

    say: str
    kind: Literal["present", "absent", "library", "chat"]
    gold: tuple[tuple[str, TimeSpan], ...]


@dataclass(frozen=True, slots=True)
class Marked:
    """A turn, how many were before it in its dialogue, the reply and its mark."""

    turn: Turn
    place: int
    answer: Answer
    mark: Mark


def rounds() -> list[Path]:
    """Return the files of all rounds."""
    return sorted(FOLDER.glob("round_*.json"))


def captions_of_films() -> dict[str, Any]:
    """Return the sample films as texts alone: what is seen, said and written in each scene."""
    found = {}
    for film in FILMS:
        texts = [" ".join((s.sentence, *s.subtitles, s.screen_text or "")).strip() for s in film.scenes]
        spans = [[span.start, span.end] for span in film.spans]
        found[film.name] = {"duration": film.duration, "timestamps": spans, "sentences": texts}
    return found


def captions_of_tutorials(data: Path) -> dict[str, Any]:
    """Return what is said in the tutorials, sentence by sentence."""
    loaded = json.loads((data / "tutorials" / "transcripts.json").read_text())
    return {
        film["video_id"]: {
            "duration": film["duration"],
            "timestamps": [[start, end] for start, end, _ in film["sentences"]],
            "sentences": [text for _, _, text in film["sentences"]],
        }
        for film in loaded
    }


def captions(round_file: dict[str, Any], data: Path | None) -> dict[str, Any] | None:
    """Return the texts of a round's library; None where its data are not there."""
    if round_file["library"] == "films":
        return captions_of_films()
    if data is None:
        return None
    if round_file["library"] == "tutorials":
        return captions_of_tutorials(data)
    if round_file["library"] == "clips":
        loaded: dict[str, Any] = json.loads((data / "videos" / "captions.json").read_text())
        return loaded
    loaded = json.loads((data / "activitynet_captions" / "val_2_dev.json").read_text())
    return {name: loaded[name] for name in round_file["videos"]}


def talked(path: Path, home: Path, data: Path | None, every: int = 1) -> list[Marked]:
    """Talk dialogues of a round over a library of its own, and return every turn, marked; none without its data.

    Args:
        path: the round.
        home: a folder for the library.
        data: the folder with clips, tutorials and annotations.
        every: 1 for all dialogues, 2 for each second one, ...
    """
    round_file = json.loads(path.read_text(encoding="utf-8"))
    texts = captions(round_file, data)
    if texts is None:
        return []
    home.mkdir(exist_ok=True)
    (home / "captions.json").write_text(json.dumps(texts), encoding="utf-8")
    with Library(home / "library", Encoders(MiniLM)) as library:
        library.import_annotations(home / "captions.json", COLLECTION)
        return list(_talked(library, round_file["dialogues"][::every]))


def _talked(library: Library, dialogues: Sequence[dict[str, Any]]) -> Iterator[Marked]:
    for number, dialogue in enumerate(dialogues):
        manager = DialogueManager(library.catalogue, library.searcher, RulePlanner(), MemoryConversations())
        for place, given in enumerate(dialogue["turns"]):
            gold = tuple((one["video"], TimeSpan(one["start"], one["end"])) for one in given["gold"])
            turn = Turn(given["say"], given["kind"], gold)
            last = list(manager.respond(Utterance(turn.say, f"d{number}", VISIBLE)))[-1]
            assert isinstance(last, Answered | Clarifying), (turn.say, last)
            yield Marked(turn, place, last.answer, marked(turn, last.answer))


def marked(turn: Turn, answer: Answer) -> Mark:
    """Mark a reply by what it shows: right with a right moment among the first two, or an honest no.

    Of the library and of small talk, which have no moment, a reply is right that tells something of its own.
    """
    verdict = answer.verdict
    if turn.kind == "absent":
        return "near" if verdict == "unsure" else "confident and wrong" if verdict == "answered" else "right"
    if not turn.gold:
        return "right" if verdict == "told" else "wrong"
    hits = [_right(citation, turn) for citation in answer.citations]
    if any(hits[:2]):
        return "right" if verdict == "answered" else "near"
    whole = turn.kind == "library" and all(span.start == 0 for _, span in turn.gold) and verdict == "told"
    if whole or any(hits):
        return "right" if whole else "near"
    return "confident and wrong" if verdict == "answered" else "wrong" if verdict == "unsure" else "refused"


def _right(citation: Citation, turn: Turn) -> bool:
    """Tell whether a citation shares more than half of the shorter of it and a right moment."""
    return any(
        video == citation.video_id and span.overlap(citation.span) > 0.5 * min(span.duration, citation.span.duration)
        for video, span in turn.gold
    )


def table(found: Sequence[Marked]) -> Iterator[str]:
    """Yield how the turns came out: all, first ones, those that follow, and each kind."""
    groups = {
        "all": list(found),
        "first": [one for one in found if one.place == 0],
        "later": [one for one in found if one.place],
        **{kind: [one for one in found if one.turn.kind == kind] for kind in ("present", "absent", "library", "chat")},
    }
    for name, ones in groups.items():
        counts, total = Counter(one.mark for one in ones), max(1, len(ones))
        shares = "  ".join(f"{mark} {100 * counts[mark] / total:.1f} %" for mark in sorted(counts))
        yield f"{name:8s} {len(ones):4d}  {shares}"


def main() -> None:
    """Print the marks of every round."""
    parser = argparse.ArgumentParser(description="Talk the dialogues of fresh writers.")
    parser.add_argument("--data", type=Path, help="folder with clips, tutorials and annotations")
    options = parser.parse_args()
    everything: list[Marked] = []
    for path in rounds():
        with TemporaryDirectory() as home:
            found = talked(path, Path(home) / "round", options.data)
        print(path.stem, *table(found), sep="\n")
        everything += found
    print("all rounds", *table(everything), sep="\n")


if __name__ == "__main__":
    main()
