"""The first look at a video: its shots, and keyframes on disk, in one confined pass."""

from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from retrieval.ingest.confined import DecodeLimits, Message
from retrieval.ingest.decode import MediaInfo, ask, info_of
from retrieval.types import Keyframe, Shot, TimeSpan


@dataclass(frozen=True, slots=True)
class Survey:
    """What one pass over a video found.

    Attributes:
        info: what the file says of itself.
        shots: in order, tiling `[0, readable_until)`.
        keyframes: in order of time.
        readable_until: seconds up to which the file could be read; the duration, unless it is damaged.
        damage: in plain words what is missing; empty if nothing is.
        decoded: share of the frames that were decoded, 0 to 1 (a little more where some were decoded twice).
    """

    info: MediaInfo
    shots: tuple[Shot, ...]
    keyframes: tuple[Keyframe, ...]
    readable_until: float
    damage: str
    decoded: float = 1.0


def survey(
    path: Path,
    folder: Path,
    limits: DecodeLimits | None = None,
    on_progress: Callable[[float], None] = lambda fraction: None,
) -> Survey:
    """Find a video's shots, and write its keyframes into `folder` as `MILLISECONDS.jpg`.

    Args:
        path: a video file.
        folder: where the keyframes go; made if missing.
        limits: what the decoding may use.
        on_progress: called with the share done, 0 to 1.

    Raises:
        UnreadableMedia: nothing could be decoded, or a limit was reached; no keyframes are left behind.
    """
    folder.mkdir(parents=True, exist_ok=True)
    there = set(folder.iterdir())
    keyframes: list[Keyframe] = []
    try:
        with closing(ask("survey", path, limits, folder=str(folder.absolute()))) as replies:
            for reply in replies:
                if reply.kind == "progress":
                    on_progress(reply.fields["fraction"])
                elif reply.kind == "keyframe":
                    keyframes.append(_keyframe(reply, folder))
                else:
                    found = reply
    except BaseException:
        for left in set(folder.iterdir()) - there:  # also what was written, and not told of any more
            left.unlink(missing_ok=True)
        raise
    on_progress(1.0)
    return Survey(
        info=info_of(found.fields["info"]),
        shots=tuple(Shot(TimeSpan(start, end)) for start, end in found.fields["shots"]),
        keyframes=tuple(sorted(keyframes, key=lambda keyframe: keyframe.time)),
        readable_until=found.fields["readable_until"],
        damage=found.fields["damage"],
        decoded=found.fields["decoded"],
    )


def grab(
    path: Path, folder: Path, spans: Iterable[TimeSpan], limits: DecodeLimits | None = None
) -> tuple[Keyframe, ...]:
    """Write one keyframe for each span into `folder`, near the span's middle, and return them in the spans' order.

    Where no frame begins inside a span, the one shown at its middle is taken, and its time may lie before the span.

    Raises:
        UnreadableMedia: the file cannot be read, or a limit was reached.
    """
    folder.mkdir(parents=True, exist_ok=True)
    bounds = [(span.start, span.end) for span in spans]
    with closing(ask("grab", path, limits, folder=str(folder.absolute()), spans=bounds)) as replies:
        return tuple(_keyframe(reply, folder) for reply in replies)


def _keyframe(reply: Message, folder: Path) -> Keyframe:
    return Keyframe(reply.fields["time"], folder / reply.fields["name"])
