"""`vdialog ask`: one cited answer; with `-c`, a follow-up on the last conversation."""

import logging
from collections.abc import Iterator, Mapping
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.names import titles_apart
from bot.cli.options import AsJson, FailEmpty, From, NoVision, PictureOption, To, WithinCollections, WithinVideos
from bot.cli.output import NOT_APART, emit, headline, plural, say, say_hint, say_whole, waiting
from bot.cli.program import pasted
from bot.cli.standard_input import is_marked, typed_text
from bot.errors import NOTHING_FOUND, UsageError
from bot.untrusted import inert_line, inert_name, printable

if TYPE_CHECKING:
    from bot.bootstrap import Assistant
    from bot.dialogue.events import Event
    from bot.dialogue.messages import Answer


log = logging.getLogger(__name__)


def ask(
    question: Annotated[str, typer.Argument(help="What you want to know; - reads it from standard input.")],
    image: PictureOption = None,
    video: WithinVideos = None,
    collection: WithinCollections = None,
    start: From = None,
    end: To = None,
    conversation: Annotated[
        str | None, typer.Option(metavar="ID", help="Follow up on this conversation.", show_default=False)
    ] = None,
    last: Annotated[bool, typer.Option("-c", help="Follow up on the last conversation.")] = False,
    no_vision: NoVision = False,
    fail_empty: FailEmpty = False,
    as_json: AsJson = False,
) -> None:
    """Ask a question; the answer cites its moments.

    With --video, --collection, --from or --to it is answered from there alone: a follow-up looks everywhere again,
    unless it is given them too.
    """
    from bot import bootstrap, settings
    from bot.actions.data import answer_data
    from bot.actions.pictures import picture
    from bot.actions.resuming import conversation_to_go_on
    from bot.actions.searching import limited
    from bot.dialogue.messages import LONGEST_UTTERANCE

    if is_marked(question):
        question = typed_text("your question", 4 * LONGEST_UTTERANCE)
    if not printable(question).strip() and image is None:
        raise UsageError("the question is empty", '`vdialog ask "Where is a red car?"` is a question.')
    with bootstrap.assistant(settings.load(**({"vision": "none"} if no_vision else {})), waiting) as assistant:
        named = conversation_to_go_on(assistant.conversations, conversation, last)
        access, within = limited(
            assistant.access, assistant.library.catalogue, video or (), collection or (), start, end
        )
        if not as_json and (meant := _command(assistant, question, named)):
            say_whole(pasted(meant))
            return
        told = access.said(question, named, picture(image) if image else None, within=within)
        answer = say_reply(assistant.manager.respond(told), as_json)
        apart = {} if as_json else titles_apart(assistant.library.catalogue, access.visible)
    stages = ", ".join(f"{stage} {seconds:.2f} s" for stage, seconds in answer.seconds.items())
    log.info("act %s, verdict %s: %s", answer.act, answer.verdict, stages)
    if as_json:
        emit(answer_data(answer))
    else:
        say_citations(answer, apart)
        say_hint(f"\nConversation {answer.conversation_id}; `vdialog ask -c` follows up.")
    if fail_empty and answer.verdict == "not_found":
        raise typer.Exit(NOTHING_FOUND)


def _command(assistant: "Assistant", question: str, conversation_id: str) -> str | None:
    """Return which command does what a question orders, with the moment that it points at; None for a question."""
    from bot.actions.cutting import file_name
    from bot.actions.ordering import order_in
    from bot.actions.showing import shown
    from bot.errors import UnknownConversation

    try:
        order = order_in(question, assistant.conversations.recall(conversation_id))
    except UnknownConversation:
        return None
    if order is None:
        return None
    if order.name == "export":
        return f"This does it: vdialog conversations export {conversation_id}"
    if order.name == "play":
        return f"The chat does it: vdialog chat --plain --conversation {conversation_id}, then {order.line}"
    citation = shown(assistant.conversations, conversation_id, order.handle)[1]
    return f"This does it: vdialog clip {quote(citation.moment_id)} -o {quote(file_name(citation))}"


def say_reply(events: "Iterator[Event]", quiet: bool) -> "Answer":
    """Run through the events, printing each sentence as it comes unless quiet, and return the answer.

    Raises:
        Refused: the reply ended in a failure.
    """
    from bot.actions.asking import answer_of

    answer = answer_of(events, None if quiet else _say_event)
    assert answer is not None, "nobody stops a reply here but by an interrupt"
    return answer


def _say_event(event: "Event") -> None:
    from bot.dialogue.events import Looking, Queued, Writing

    if isinstance(event, Writing):
        say(event.sentence)
    elif isinstance(event, Looking):
        waiting(f"{event.model} looks at {plural(len(event.keyframes), 'frame')} ...")
    elif isinstance(event, Queued):
        waiting(f"The model is busy; {event.position} before you ...")


def say_citations(answer: "Answer", apart: Mapping[str, str] = NOT_APART) -> None:
    """Print where each citation points, with its frame; `apart` are titles of videos that are told apart, by id."""
    for citation in answer.citations:
        say("", headline(citation, apart))
        if citation.observation:
            say(f'    {answer.model} saw: "{inert_line(citation.observation)}"')
        if citation.keyframe is not None:
            say_whole(f"    {inert_name(str(citation.keyframe.absolute()))}")
