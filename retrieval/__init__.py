"""The library: what is known of every video, and how its moments are found.

It stands alone: nothing here imports the assistant, the prompts or the demo world.
"""

import os

# Read by packages when they are imported, so before that: none of them reports anything. onnxruntime, which reads texts
# on screen, looks up a host, connects to it and writes an id to disk otherwise, also where it is told to stop later.
for _silenced in ("ORT_DISABLE_TELEMETRY", "HF_HUB_DISABLE_TELEMETRY", "DO_NOT_TRACK"):
    os.environ[_silenced] = "1"
