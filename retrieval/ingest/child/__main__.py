"""The program of the child process: takes one request, does one task under limits, writes messages."""

import errno
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

from retrieval.errors import UnreadableMedia
from retrieval.ingest.child.port import Port, Request, confine
from retrieval.ingest.confined import DecodeLimits

MORE_MEMORY = "Make its pictures smaller, or set VDIALOG_DECODE_MEMORY_MB higher."

MORE_SPACE = "Make room, and give the same command again."


def main() -> None:
    """Do the task that standard input asks for."""
    request: Request = json.load(sys.stdin.buffer)
    limits = DecodeLimits(**request["limits"])
    port = Port(limits)
    task = _task(request["task"])
    confine(limits)
    try:
        task(port, Path(request["path"]), request)
    except UnreadableMedia as error:
        port.send("error", message=error.message, hint=error.hint)
    except BrokenPipeError:
        os._exit(0)  # the parent has gone
    except MemoryError:
        port.send("error", message=f"{Path(request['path']).name!r} needs more memory than allowed", hint=MORE_MEMORY)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        port.send("error", message="there is no space left for the library's keyframes", hint=MORE_SPACE)


def _task(name: str) -> Callable[[Port, Path, Request], None]:
    # Imported here, so that reading a few frames does not wait for the shot detector to load.
    if name in ("survey", "grab"):
        import retrieval.ingest.child.surveying as surveying

        return surveying.survey if name == "survey" else surveying.grab
    if name == "cut":
        import retrieval.ingest.child.cutting as cutting

        return cutting.cut
    if name == "picture":
        import retrieval.ingest.child.pictures as pictures

        return pictures.picture
    if name == "lengths":
        import retrieval.ingest.child.lengths as lengths

        return lengths.lengths
    if name == "audio":
        import retrieval.ingest.child.sound as sound

        return sound.audio
    import retrieval.ingest.child.reading as reading

    return {
        "probe": reading.probe,
        "frames": reading.frames,
        "subtitles": reading.subtitles,
    }[name]


if __name__ == "__main__":
    main()
