"""The steps of every act: gather, look, choose, reply; told as events."""

from collections.abc import Callable, Generator
from dataclasses import replace

from bot.dialogue.acts.base import Act, Context, Material, Reply
from bot.dialogue.acts.gathering import Gathered
from bot.dialogue.acts.quoting import edge
from bot.dialogue.composing.templates import Shown, mended, with_handles
from bot.dialogue.events import Event, Found, Searching, Seen
from bot.dialogue.looking.visual_answerer import VisualAnswerer, VqaResult
from bot.untrusted import inert


def answer(
    act: Act, context: Context, answerer: VisualAnswerer | None, cancelled: Callable[[], bool]
) -> Generator[Event, None, Reply]:
    """Yield what happens, and return what to say.

    Args:
        act: what is done.
        context: what it is done with.
        answerer: looks at frames; None where nobody does.
        cancelled: whether the reply is not wanted any more.

    Raises:
        NotInLibrary: the plan points at a moment or a video that is gone or not visible.
        InvalidQuery: the query asks for nothing, or for what is switched off.
        Cancelled: the user does not want it any more.
    """
    if act.gather is None:
        return act.reply(context, Material())
    yield Searching(inert(context.plan.query))
    gathered = act.gather(context)
    yield Found(len(gathered.pieces))
    if gathered.outcome == "edge" and gathered.anchor:
        return edge(context, gathered.anchor.video_id)
    looked = yield from _looked(act, context, gathered, answerer, cancelled)
    if act.choose is not None and looked.happened:
        gathered = act.choose(context, gathered, looked)
    shown = tuple(_seen(one, looked) for one in with_handles(gathered.pieces, context.conversation))
    for one in shown:
        if one.citation.observation is not None:
            yield Seen(one.citation.handle, one.citation.observation)
    reply = act.reply(context, Material(gathered, shown, looked))
    return replace(reply, sentences=[*reply.sentences, *mended(context.view.mended, context.plan.words)])


def _looked(
    act: Act, context: Context, gathered: Gathered, answerer: VisualAnswerer | None, cancelled: Callable[[], bool]
) -> Generator[Event, None, VqaResult]:
    """Look at the frames of what was found, where that helps."""
    pieces = gathered.at_hand
    if answerer is None or act.look is None or not any(piece.moment.keyframes for piece in pieces):
        return VqaResult()
    wanted = act.look(context, gathered)
    return VqaResult() if wanted is None else (yield from answerer.look(wanted, pieces, cancelled))


def _seen(shown: Shown, looked: VqaResult) -> Shown:
    """Return a moment with what was seen of it, and the frame where that is seen best."""
    seen = looked.vote(shown.moment.moment_id)
    if seen.keyframe is None:
        return shown
    return replace(shown, citation=replace(shown.citation, keyframe=seen.keyframe, observation=seen.text))
