"""What is done for one model: fetch it, try it, encode what is in the library with it, and set it; in this order.

So it can be interrupted anywhere, and what is set is there and whole.
"""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from bot import bootstrap
from bot.settings import Settings, variable
from bot.setup import own_file
from bot.setup.hub import Hub
from bot.setup.models import HubFiles, Model
from bot.setup.now import of

TellStep = Callable[[str, int, int], None]
"""Is told what is done, how much of it, and of how much: bytes, or thousandths of what is encoded."""

SHARES = 1000
MOST_FOLDERS = 3


def fetch(model: Model, settings: Settings, hub: Hub, tell: TellStep) -> None:
    """Bring a model onto this machine, whole; what is here already is verified.

    Raises:
        NotFetched: it cannot be fetched, or did not come as it should be.
        MissingModel: Ollama is not there, or cannot get it.
        DiskFull: there is no room.
    """
    if isinstance(model.source, HubFiles):
        hub.fetch(model.source, lambda done, total: tell(f"fetching {model.name}", done, total))
        return
    set_up = of(model, settings)
    if not bootstrap.is_in_ollama(set_up):
        for share in bootstrap.get_vision_model(set_up):
            tell(f"Ollama fetches {model.name}", int(share * model.download), model.download)


def attempt(model: Model, settings: Settings) -> None:
    """Load a model where that takes seconds, so that what is set can be used; one that `encode` loads is left to it.

    Raises:
        MissingModel: it cannot be used.
        UnfitEncoder: it does not tell its inputs apart.
    """
    set_up = of(model, settings)
    if model.part == "clip":
        if not _has_library(settings):
            _ = bootstrap.encoders(set_up).frames
    elif model.part == "speech":
        from retrieval.ingest.speech import SpeechRecogniser

        SpeechRecogniser(set_up.speech_model).load()
    elif not isinstance(model.source, HubFiles):
        load = bootstrap.vision_model(set_up)
        assert load is not None
        load()


def encode(model: Model, settings: Settings, tell: TellStep) -> int:
    """Encode the keyframes of the library where the model is one for pictures; return how many moments there are.

    What an interrupted run has encoded is not encoded again.
    """
    if model.part != "clip" or not _has_library(settings):
        return 0
    with bootstrap.library(of(model, settings)) as library:
        return library.reindex(tell=lambda share: tell("encoding the keyframes", int(share * SHARES), SHARES))


def keep(model: Model) -> Path:
    """Set a model in the user's own file, and return that file."""
    return own_file.write({variable(field): value for field, value in model.settings})


def folders(settings: Settings) -> list[Path]:
    """Return the folders whose videos are in the library, the fullest first, and only few."""
    from bot.rights import owner_sees

    if not _has_library(settings):
        return []
    with bootstrap.catalogue(settings) as catalogue:
        videos = catalogue.videos(owner_sees(catalogue))
    counted = Counter(video.entry.path.parent for video in videos if video.entry.path is not None)
    return sorted(counted, key=lambda folder: (-counted[folder], folder))[:MOST_FOLDERS]


def _has_library(settings: Settings) -> bool:
    return (settings.home / bootstrap.CATALOGUE).is_file()
