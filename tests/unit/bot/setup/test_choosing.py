"""What is recommended to which machine, and why."""

import pytest

from bot.setup.choosing import ROOM, Now, fits, offer
from bot.setup.machine import GIB, Machine
from bot.setup.models import MODELS, PARTS, Model, ModelPart, OfOllama

OFF = Now(False, "none is set")
NO_OLLAMA = {"ollama": "Ollama does not answer"}
LAPTOP = Machine(8, 16 * GIB)
SMALL = Machine(2, 4 * GIB)
SERVER = Machine(16, 64 * GIB)
CARD = Machine(2, 16 * GIB, "a card", 24 * GIB)


def chosen(
    part: ModelPart, machine: Machine, hindered: dict[str, str] | None = None, here: tuple[Model, ...] = ()
) -> str:
    found = offer(part, OFF, machine, here, hindered)
    assert found.model is not None, found
    return f"{found.model.name}{'' if found.is_recommended else ' (not recommended)'}"


@pytest.mark.parametrize(
    ("machine", "hindered", "expected"),
    [
        (LAPTOP, {}, "LLaVA 1.6 7B"),
        (Machine(4, 16 * GIB), {}, "LLaVA Phi-3 Mini"),
        (Machine(2, 16 * GIB), {}, "Moondream 2"),
        (Machine(1, 16 * GIB), {}, "Moondream 2 (not recommended)"),
        (Machine(8, 8 * GIB), {}, "LLaVA Phi-3 Mini"),
        (CARD, {}, "LLaVA 1.6 7B"),
        (SERVER, NO_OLLAMA, "LLaVA 1.5 7B"),
        (CARD, NO_OLLAMA, "LLaVA 1.5 7B"),
        (Machine(2, 32 * GIB), NO_OLLAMA, "LLaVA 1.5 7B (not recommended)"),
    ],
)
def test_a_vision_model_fits_memory_cores_and_card(machine: Machine, hindered: dict[str, str], expected: str) -> None:
    assert chosen("vision", machine, hindered) == expected


def test_a_small_machine_gets_no_vision_model_and_is_told_why() -> None:
    found = offer("vision", OFF, SMALL)
    assert (found.model, found.state, found.is_recommended) == (None, "none", False)
    assert "Moondream 2 takes 3 GiB" in found.why and "this machine has 4" in found.why
    without = offer("vision", OFF, LAPTOP, hindered=NO_OLLAMA)
    assert without.model is None
    assert "LLaVA 1.5 7B takes 16 GiB" in without.why and "Ollama does not answer" in without.why


def test_what_is_slow_says_so_and_what_would_help() -> None:
    why = offer("vision", OFF, Machine(2, 32 * GIB), hindered=NO_OLLAMA).why
    assert "slow" in why and "Ollama does not answer" in why


def test_memory_that_is_not_known_bears_small_models() -> None:
    assert chosen("clip", Machine(4, 0)) == "CLIP ViT-B/32"
    assert offer("clip", OFF, Machine(4, 0)).why == "it takes 2 GiB of memory"
    found = offer("vision", OFF, Machine(4, 0))
    assert found.model is None and "not known" in found.why


def test_speech_takes_the_larger_model_where_there_are_cores_for_it() -> None:
    assert chosen("speech", LAPTOP) == "Whisper small"
    assert chosen("speech", SMALL) == "Whisper base"
    assert offer("speech", OFF, LAPTOP, hindered={"speech": "install it"}).why == "install it"


def test_a_model_that_is_here_goes_before_a_better_one_that_is_not() -> None:
    moondream = next(model for model in MODELS if model.source == OfOllama("moondream"))
    found = offer("vision", OFF, SERVER, [moondream])
    assert (found.model, found.state) == (moondream, "here")


def test_nothing_is_offered_for_what_is_on() -> None:
    found = offer("clip", Now(True, "mine is set"), SERVER)
    assert (found.model, found.state, found.is_recommended) == (None, "on", False)


def test_whatever_is_recommended_fits() -> None:
    for part in PARTS:
        for cores in (1, 2, 4, 8, 64):
            for memory in range(1, 40):
                machine = Machine(cores, memory * GIB)
                found = offer(part, OFF, machine)
                assert found.model is None or fits(found.model, machine)
                assert found.model is None or found.model.memory + ROOM <= machine.memory
                assert found.why
