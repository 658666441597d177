"""`vdialog ask`: one cited answer; with `-c`, a follow-up on the last conversation."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.conversations import headline
from bot.cli.options import AsJson, FailEmpty, NoVision, Picture, picture
from bot.cli.output import emit, plural, say
from bot.errors import NOTHING_FOUND, Refused, UsageError
from bot.untrusted import inert_line, inert_name, printable

if TYPE_CHECKING:
    from bot.dialogue.events import Event
    from bot.dialogue.messages import Answer
    from bot.dialogue.storing.base import ConversationStore


def ask(
    question: Annotated[str, typer.Argument(help="What you want to know.")],
    image: Picture = None,
    conversation: Annotated[
        str | None, typer.Option(metavar="ID", help="Follow up on this conversation.", show_default=False)
    ] = None,
    last: Annotated[bool, typer.Option("-c", help="Follow up on the last conversation.")] = False,
    no_vision: NoVision = False,
    fail_empty: FailEmpty = False,
    as_json: AsJson = False,
) -> None:
    """Ask a question; the answer cites its moments."""
    from bot import bootstrap, settings
    from bot.dialogue.messages import Utterance

    with bootstrap.assistant(settings.load(**({"vision": "none"} if no_vision else {}))) as assistant:
        told = Utterance(
            question,
            going_on_with(assistant.conversations, conversation, last),
            assistant.library.catalogue.collections(),
            picture(image) if image else None,
        )
        answer = final(assistant.manager.respond(told), as_json)
    if as_json:
        emit(answer_data(answer))
    else:
        say_citations(answer)
        say(f"\nConversation {answer.conversation_id}; `vdialog ask -c` follows up.")
    if fail_empty and answer.verdict == "not_found":
        raise typer.Exit(NOTHING_FOUND)


def final(events: "Iterator[Event]", quiet: bool) -> "Answer":
    """Run through the events, printing each sentence as it comes unless quiet, and return the answer.

    Raises:
        Refused: the reply ended in a failure.
    """
    from bot.dialogue.events import Answered, Clarifying, Failed, Looking, Queued, Writing

    for event in events:
        if isinstance(event, Writing) and not quiet:
            say(event.sentence)
        elif isinstance(event, Looking) and not quiet:
            waiting(f"{event.model} looks at {plural(len(event.keyframes), 'frame')} ...")
        elif isinstance(event, Queued) and not quiet:
            waiting(f"The model is busy; {event.position} before you ...")
        elif isinstance(event, Failed):
            raise Refused(event.problem)
        elif isinstance(event, Answered | Clarifying):
            return event.answer
    raise AssertionError("a reply ends with an answer or a failure")


def waiting(what: str) -> None:
    """Tell a person at a terminal why it takes a while; a program that reads the errors is not bothered."""
    if sys.stderr.isatty():
        print(printable(what), file=sys.stderr, flush=True)


def say_citations(answer: "Answer") -> None:
    """Print where each citation points, with its frame."""
    for citation in answer.citations:
        say("", headline(citation))
        if citation.observation:
            say(f'    {answer.model} saw: "{inert_line(citation.observation)}"')
        if citation.keyframe is not None:
            say(f"    {inert_name(str(citation.keyframe.absolute()))}")


def answer_data(answer: "Answer") -> dict[str, object]:
    """Return an answer in the shape that `ask --json` prints."""
    from bot.dialogue.storing.records import citation_as_data, filters_as_data

    return {
        "answer": answer.text,
        "verdict": answer.verdict,
        "confidence": answer.confidence,
        "looked": answer.looked,
        "sources": list(answer.sources),
        "choices": list(answer.choices),
        "citations": [citation_as_data(citation) for citation in answer.citations],
        "understood": {"act": answer.act, "query": answer.query, "filters": filters_as_data(answer.filters)},
        "conversation": answer.conversation_id,
        "model": answer.model,
        "seconds": answer.seconds,
    }


def going_on_with(store: "ConversationStore", named: str | None, last: bool) -> str:
    """Return the id of the conversation named, of the last one, or of a new one.

    Raises:
        UsageError: both are asked for.
        UnknownConversation: there is none of that id.
    """
    from bot.dialogue.storing.base import new_conversation_id

    if named is not None and last:
        raise UsageError("-c and --conversation name two conversations", "Give one of them.")
    if named is not None:
        return store.recall(named).conversation_id
    kept = store.list() if last else ()
    return kept[0].conversation_id if kept else new_conversation_id()
