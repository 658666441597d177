"""Where models are calculated: a part of the settings, which are read in `bot/settings.py`."""

from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings


class ModelSettings(BaseSettings):
    """What holds for every model that runs in this process; those behind a server run where the server says."""

    device: Literal["auto", "cpu", "cuda", "mps"] = Field(
        default="auto",
        description="What models are calculated on: cpu, cuda (a graphics card of NVIDIA), mps (that of a Mac), or auto"
        " (cuda if there is one, else mps, else cpu). The packaged model for texts runs on the processor unless cuda or"
        " mps is named: there it starts at once. Speech has no mps and takes the processor instead.",
    )
