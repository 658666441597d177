"""Talks the dialogues of fresh writers, and marks each reply: `python -m tests.scenario.fresh_rounds --data DIR`.

The writers saw what the videos hold and a kind of speaker, and neither the code nor earlier dialogues. `gold` are the
moments that answer a turn; `docs/fresh-rounds.md` tells how rounds came out when they were first marked, and by whom.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.dialogue.manager import DialogueManager
from bot.dialogue.planner import RulePlanner
from bot.dialogue.storing.memory import MemoryConversations
from bot.trial import dialogues
from bot.trial.dialogues import Marked, captions_of_films
from retrieval.encoders.lazy import Encoders
from retrieval.encoders.minilm import MiniLM
from retrieval.library import Library

FOLDER = Path(__file__).parent / "fresh"
COLLECTION = "library"
VISIBLE = frozenset({COLLECTION})


def rounds() -> list[Path]:
    """Return the files of all rounds: those over the sample films come with the program."""
    return sorted((*FOLDER.glob("round_*.json"), *dialogues.packaged()), key=lambda path: path.name)


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
        found = list(dialogues.talked(lambda: _manager(library), dialogues.read(path).dialogues[::every], VISIBLE))
    assert not [one.turn.say for one in found if one.answer is None]
    return found


def _manager(library: Library) -> DialogueManager:
    return DialogueManager(library.catalogue, library.searcher, RulePlanner(), MemoryConversations())


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
