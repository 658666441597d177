"""Does looking help, and does it ever harm? The same turns over the rendered sample films, with and without looking.

    python -m benchmarks.looking [--home DIR] [--drawn 200] [--seed 5] [--lost]

Asked are the dialogues of fresh writers about the sample films (`tests/scenario/fresh/`), the question of each film,
and questions drawn about what is seen. A turn is about texts where its right moment's subtitles and words on the screen
hold more of its words than what the scene shows. The films are taken in without captions, so only a look can tell what
is seen. A home that is there is used again; `--lost` prints every turn that comes out otherwise.
"""

import argparse
import json
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bot import bootstrap, settings
from bot.dialogue.events import Answered, Clarifying
from bot.dialogue.looking.visual_answerer import VisualAnswerer
from bot.dialogue.manager import DialogueManager
from bot.dialogue.messages import Answer, Utterance
from bot.dialogue.planner import RulePlanner
from bot.dialogue.storing.memory import MemoryConversations
from bot.trial.end_to_end import says
from bot.trial.end_to_end_questions import EndToEndQuestion, end_to_end_questions
from bot.trial.questions import scene_in
from demo.questions import QUESTIONS, film_named
from demo.scenes import Scene
from demo.stories import FILMS
from retrieval.analysis import terms
from retrieval.library import Library
from retrieval.types import TimeSpan
from tests.scenario.fresh_rounds import FOLDER, Turn, marked

Group = Literal["texts", "seen", "absent", "library and chat", "drawn, seen"]


@dataclass(frozen=True, slots=True)
class Asked:
    """One turn: its dialogue, what it is, and its mark; of a drawn question whether it is right."""

    dialogue: str
    group: Group
    words: str
    right: bool
    confidently_wrong: bool
    looked: bool


def main() -> None:
    """Ask everything twice, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, help="folder of the library; made where it is not there")
    parser.add_argument("--drawn", type=int, default=200, help="questions drawn about what is seen")
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--lost", action="store_true", help="print the turns that come out otherwise")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        home = options.home or Path(made)
        own = settings.load(**bootstrap.sample_models()).model_copy(update={"home": home, "stable_seconds": 0.0})
        load_model = bootstrap.vision_model(own)
        assert load_model is not None
        with bootstrap.library(own) as library:
            if not library.catalogue.videos(library.catalogue.collections()):
                library.ingest(bootstrap.sample_films(home / "films", None)[0], own.collection)
            looking = list(asked(library, VisualAnswerer(load_model), options.drawn, options.seed))
            blind = list(asked(library, None, options.drawn, options.seed))
    print(*table(looking, blind), sep="\n")
    if options.lost:
        print(*differing(looking, blind), sep="\n")


def asked(library: Library, answerer: VisualAnswerer | None, drawn: int, seed: int) -> Iterator[Asked]:
    """Yield every turn with its mark, looking or not."""
    visible = library.catalogue.collections()

    def reply(manager: DialogueManager, words: str, name: str) -> Answer:
        *_, last = manager.respond(Utterance(words, name, visible))
        assert isinstance(last, Answered | Clarifying), (words, last)
        return last.answer

    for name, turns in dialogues():
        manager = DialogueManager(library.catalogue, library.searcher, RulePlanner(), MemoryConversations(), answerer)
        for turn in turns:
            answer = reply(manager, turn.say, name)
            mark = marked(turn, answer)
            yield Asked(name, group_of(turn), turn.say, mark == "right", mark == "confident and wrong", answer.looked)
    for number, question in enumerate(end_to_end_questions(FILMS, seed, drawn)):
        manager = DialogueManager(library.catalogue, library.searcher, RulePlanner(), MemoryConversations(), answerer)
        answer = reply(manager, question.text, f"drawn {number}")
        right = is_right(question, answer)
        yield Asked(
            f"drawn {number}",
            "drawn, seen",
            question.text,
            right,
            answer.verdict == "answered" and not right,
            answer.looked,
        )


def dialogues() -> Iterator[tuple[str, list[Turn]]]:
    """Yield the dialogues about the sample films, and the question of each film as one of its own."""
    for path in sorted(FOLDER.glob("round_*_films.json")):
        for number, dialogue in enumerate(json.loads(path.read_text(encoding="utf-8"))["dialogues"]):
            given = dialogue["turns"]
            gold = [tuple((one["video"], TimeSpan(one["start"], one["end"])) for one in turn["gold"]) for turn in given]
            yield (
                f"{path.stem} {number}",
                [Turn(turn["say"], turn["kind"], right) for turn, right in zip(given, gold, strict=True)],
            )
    for question in QUESTIONS:
        yield question.text, [Turn(question.text, "present", ((question.film, question.span),))]


def group_of(turn: Turn) -> Group:
    """Return what a turn is about."""
    if turn.kind != "present" or not turn.gold:
        return "absent" if turn.kind == "absent" else "library and chat"
    wanted = set(terms(turn.say))
    scenes = [scene_in(film_named(name), span) for name, span in turn.gold]
    told = max(len(wanted & set(terms(_said(scene)))) for scene in scenes)
    shown = max(len(wanted & set(terms(scene.sentence))) for scene in scenes)
    return "texts" if told > shown else "seen"


def _said(scene: Scene) -> str:
    return " ".join((*scene.subtitles, scene.screen_text or ""))


def is_right(question: EndToEndQuestion, answer: Answer) -> bool:
    """Tell whether the first citation is of a scene that a question is about, and the words say what is true of it."""
    if not answer.citations:
        return False
    scene = scene_in(film_named(answer.citations[0].video_id), answer.citations[0].span)
    return question.about(scene) and says(answer, question, scene)


def table(looking: Sequence[Asked], blind: Sequence[Asked]) -> Iterator[str]:
    """Yield a row for each group: right looking and blind, won and lost by looking, and confident mistakes."""
    rows: dict[str, list[tuple[Asked, Asked]]] = defaultdict(list)
    for pair in zip(looking, blind, strict=True):
        rows[pair[0].group].append(pair)
    names = ("about", "turns", "looked", "right", "right, blind", "won", "lost", "confidently wrong", "the same, blind")
    yield f"| {' | '.join(names)} |"
    yield "|---" * len(names) + "|"
    for group, pairs in rows.items():
        ons, offs = [on for on, _ in pairs], [off for _, off in pairs]
        counts = (
            len(pairs),
            sum(on.looked for on in ons),
            sum(on.right for on in ons),
            sum(off.right for off in offs),
            sum(on.right > off.right for on, off in pairs),
            sum(on.right < off.right for on, off in pairs),
            sum(on.confidently_wrong for on in ons),
            sum(off.confidently_wrong for off in offs),
        )
        yield f"| {group} | {' | '.join(map(str, counts))} |"


def differing(looking: Sequence[Asked], blind: Sequence[Asked]) -> Iterator[str]:
    """Yield the turns that looking won or lost."""
    for on, off in zip(looking, blind, strict=True):
        if on.right != off.right:
            yield f"{'won ' if on.right else 'lost'}  {on.group}: {on.words}"


if __name__ == "__main__":
    main()
