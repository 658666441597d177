"""Rules, a language model, and both together, over the same dialogues: which of them reads turns best.

Each talks every dialogue to its end by itself, so a mistake goes on into the turns that follow. Nobody looks at frames.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from bot import bootstrap
from bot.bootstrap.planner_results import Marks, PlannerResult, ReadBy
from bot.bootstrap.planning import Language, planner_of
from bot.dialogue.manager import DialogueManager
from bot.dialogue.planner import Planner, RulePlanner
from bot.dialogue.storing.memory import MemoryConversations
from bot.errors import UsageError
from bot.rights import owner_sees
from bot.settings import Settings
from bot.trial.dialogues import FILMS_LIBRARY, Dialogue, Dialogues, Marked, captions_of_films, read, talked
from retrieval.library import Library


def compare_planners(
    settings: Settings, model: Language, paths: Sequence[Path], every: int, tell: Callable[[str], None]
) -> PlannerResult:
    """Talk the dialogues of files three times, and return what came out.

    Args:
        settings: say how texts are understood, how long the model may take and how it replies, and where the library
            is that dialogues are about which are not about the sample films.
        model: what is measured.
        paths: files of dialogues.
        every: 1 for all dialogues, 2 for each second one, ...
        tell: told what is being done.

    Raises:
        UsageError: a file cannot be read, holds no dialogue, or is about a library that nobody has.
        MissingModel: the server is not there, or does not have the model.
    """
    from bot.servers.ollama import show

    given = [read(path) for path in paths]
    chosen = [one.dialogues[::every] for one in given]
    if not any(chosen):
        raise UsageError("there is no dialogue", "Give a file with dialogues.")
    for one in given:
        if one.library not in (None, FILMS_LIBRARY):
            over = f'"library" is {FILMS_LIBRARY!r} for the sample films; leave it out for your own videos.'
            raise UsageError(f"there is no library {one.library!r}", over)
    show(model.server, model.name)
    both = planner_of(model, settings, settings.chat_reply)
    planners: dict[ReadBy, Planner] = {
        "rules": RulePlanner(),
        "model": planner_of(model, settings, settings.chat_reply, alone=True),
        "both": both,
    }
    found: dict[ReadBy, list[Marked]] = {row: [] for row in planners}
    for one, dialogues in zip(given, chosen, strict=True):
        with _library(settings, one) as library:
            for row, planner in planners.items():
                tell(f"{len(dialogues)} dialogues with {'the model' if row == 'model' else row}")
                found[row] += _talked(library, planner, dialogues)
    pairs = [(a.mark == "right", b.mark == "right") for a, b in zip(found["rules"], found["both"], strict=True)]
    return PlannerResult(
        model=model.name,
        measured=date.today(),
        reply=both.form,
        rows={row: _marks(marked) for row, marked in found.items()},
        gained=pairs.count((False, True)),
        lost=pairs.count((True, False)),
    )


def _talked(library: Library, planner: Planner, dialogues: Sequence[Dialogue]) -> list[Marked]:
    def manager() -> DialogueManager:
        return DialogueManager(library.catalogue, library.searcher, planner, MemoryConversations())

    return list(talked(manager, dialogues, frozenset(owner_sees(library.catalogue))))


def _marks(marked: Sequence[Marked]) -> Marks:
    count = Counter(one.mark for one in marked)
    return Marks(
        right=count["right"],
        near=count["near"],
        wrong=count["wrong"],
        refused=count["refused"],
        confident_and_wrong=count["confident and wrong"],
        seconds=round(sum(one.seconds for one in marked) / len(marked), 3),
        unread=sum(bool(one.note) for one in marked),
    )


@contextmanager
def _library(settings: Settings, dialogues: Dialogues) -> Iterator[Library]:
    """Open the library that dialogues are about: that of the home, or one of the sample films as texts, made for it."""
    if dialogues.library is None:
        with bootstrap.library(settings) as own:
            yield own
        return
    with TemporaryDirectory(prefix="vdialog-planners-") as made:
        texts = Path(made) / "captions.json"
        texts.write_text(json.dumps(captions_of_films()), encoding="utf-8")
        with Library(Path(made) / "library", bootstrap.encoders(settings)) as films:
            films.import_annotations(texts, settings.collection)
            yield films
