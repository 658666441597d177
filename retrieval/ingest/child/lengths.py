"""The child's task of telling how long files are, by what they say of themselves; nothing of them is decoded."""

from pathlib import Path

from retrieval.errors import UnreadableMedia
from retrieval.ingest.child.media import opened, stated_duration, video_stream
from retrieval.ingest.child.port import Port, Request


def lengths(port: Port, path: Path, request: Request) -> None:
    """Send a message for each of many files that says its length, in seconds, and the pixels of its picture."""
    port.opened(0.0)
    for number, one in enumerate(request["paths"]):
        try:
            with opened(Path(one)) as container:
                stream = video_stream(container, Path(one).name)
                size = stream.codec_context.width * stream.codec_context.height
                port.send("length", number=number, seconds=stated_duration(container, stream), pixels=size)
        except UnreadableMedia:
            continue
