"""Pictures of users, read in a confined child process as media are: a picture can be made to break what decodes it."""

from contextlib import closing
from pathlib import Path

from PIL import Image

from retrieval.errors import UnreadableMedia
from retrieval.ingest.confined import DecodeLimits, messages

LIMITS = DecodeLimits(memory_bytes=2**30, cpu_seconds=20.0, stall_seconds=60.0)
"""What reading one picture may take."""


def read_picture(path: Path, limits: DecodeLimits = LIMITS) -> Image.Image:
    """Return a picture of a file: JPEG, PNG, WebP or GIF; RGB, made smaller where it is very large.

    Raises:
        UnreadableMedia: it is none of these, no plain file, damaged, or a limit was reached.
    """
    with closing(messages("picture", path.absolute(), {}, limits)) as replies:
        for reply in replies:
            size = (int(reply.fields["width"]), int(reply.fields["height"]))
            return Image.frombytes("RGB", size, bytes(reply.blob))
    raise UnreadableMedia(f"{path.name!r} is not a picture that can be read")
