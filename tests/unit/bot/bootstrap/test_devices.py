"""What `VDIALOG_DEVICE` means, as far as it shows without a graphics card."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.bootstrap import check_device, ingest_options
from bot.errors import ConfigurationError
from bot.settings import load

ROOT = Path(__file__).parents[4]


@pytest.mark.parametrize("device", ["auto", "cpu"])
def test_the_processor_is_always_there_and_nothing_is_loaded_to_see_that(device: str) -> None:
    program = (
        "import sys\nfrom bot.bootstrap import check_device\nfrom bot.settings import load\n"
        f"check_device(load(device={device!r}))\nprint('torch' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"


def test_another_device_is_a_wrong_setting() -> None:
    with pytest.raises(ConfigurationError, match="VDIALOG_DEVICE"):
        load(device="gpu")


@pytest.mark.models
def test_a_card_that_is_not_there_is_refused_with_what_is_taken_instead() -> None:
    from retrieval.encoders.devices import best, is_there

    lacking = [device for device in ("cuda", "mps") if not is_there(device)]
    assert lacking, "no machine has both"
    for device in lacking:
        with pytest.raises(ConfigurationError, match=f"VDIALOG_DEVICE is {device}") as refused:
            check_device(load(device=device))
        assert "auto" in refused.value.hint
        assert best("auto") != device
    assert best("cpu") == "cpu"


def test_speech_is_recognised_on_what_is_set() -> None:
    assert ingest_options(load(device="cuda"), None).device == "cuda"
