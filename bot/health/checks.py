"""Every check of the settings, the library, the models and the index: what it found, and what mends that."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from bot.errors import CONFIGURATION, SERVICE_MISSING, ConfigurationError
from bot.health import home as at_home
from bot.health import team
from bot.health.check import Check
from bot.health.home import Closeness
from bot.settings import Settings

if TYPE_CHECKING:
    from retrieval.encoders.lazy import Registration
    from retrieval.library import Library

GET_CLIP = """\
Run: vdialog setup --only clip
Or set VDIALOG_CLIP_WEIGHTS to a file that you have for VDIALOG_CLIP_MODEL: see docs/models.md."""
GET_SPEECH = """\
Run: vdialog setup --only speech
Or set VDIALOG_SPEECH_MODEL to a Whisper model that you have: see docs/models.md."""
GET_VISION = """\
Run: vdialog setup --only vision
Or set VDIALOG_VISION to what runs a model that you have: see docs/models.md."""


QUICK = Closeness()


def examine(
    settings: Settings, reading: Closeness = QUICK, unusable: Sequence[ConfigurationError] = ()
) -> Iterator[Check]:
    """Yield every check as it is done; without a usable folder, those that need it are left out.

    `unusable` are settings whose values cannot be used: the others are checked as if these were not set.
    """
    from bot import bootstrap

    yield from (_unusable(wrong) for wrong in unusable)
    yield _variables()
    yield _models(settings)
    yield from team.examine(settings)
    device = _guarded("device", lambda: _device(settings))
    yield device
    if device.state == "failed":
        settings = settings.model_copy(update={"device": "cpu"})
    home = _guarded("home folder", lambda: _home(settings))
    yield home
    if home.state == "failed":
        return
    yield _guarded("conversations", lambda: at_home.conversations(settings, reading))
    yield _guarded("copies", lambda: at_home.copies(settings, reading))
    yield _guarded("screen text", _screen_text, SERVICE_MISSING)
    yield _speech(settings)
    opening = _guarded("catalogue", lambda: _opens(settings))
    if opening.state == "failed":
        yield opening
        return
    with bootstrap.library(settings) as library:
        yield _guarded("catalogue", lambda: at_home.catalogue(library, reading))
        yield _guarded("keyframes", lambda: at_home.frames(library, reading))
        yield from _fitting(settings, library)
        yield _guarded("text model", lambda: _text(settings), SERVICE_MISSING)
        yield _guarded("picture model", lambda: _frames(settings), SERVICE_MISSING)
        for entry in bootstrap.encoders(settings).others:
            yield _guarded(f"{entry.kind.name} model", partial(_space, library, entry), SERVICE_MISSING)
        yield _guarded("vision model", lambda: _vision(settings), SERVICE_MISSING)
        yield _guarded("planner", lambda: _planner(settings), SERVICE_MISSING)
        if settings.planner == "ollama" or settings.agent:
            yield _guarded("chat model", lambda: _chat(settings), SERVICE_MISSING)
        if settings.index == "opensearch":
            from bot.health import cluster

            for name, check in cluster.listed(settings, library):
                found = _guarded(name, check, SERVICE_MISSING)
                yield found
                if found.name == cluster.SERVER and found.state == "failed":
                    return
        yield _guarded("index", lambda: at_home.index(library, reading))
    if reading.is_full:
        yield _guarded("other files", lambda: at_home.other_files(settings.home, reading))


def _guarded(name: str, check: Callable[[], Check], exit_code: int = CONFIGURATION) -> Check:
    """Do a check; what it raises is what it found."""
    from bot.errors import AssistantError, problem_of
    from retrieval.errors import LibraryError

    try:
        return check()
    except (AssistantError, LibraryError, OSError) as error:
        problem = problem_of(error)
        meaning = problem.exit_code if isinstance(error, AssistantError) else exit_code
        return Check(name, "failed", problem.message, problem.hint, meaning)


def _unusable(wrong: ConfigurationError) -> Check:
    return Check("settings", "failed", f"{wrong.message}; checked as if it was not set", wrong.hint)


def _variables() -> Check:
    from bot import settings
    from bot.setting_sources import said_of_ignored

    unknown, left_out = settings.unknown(), said_of_ignored(settings.Settings)
    if left_out:
        return Check("settings", "warning", "\n".join(left_out), "Move these lines there.")
    if not unknown:
        return Check("settings", "ok", "every setting that is made is known")
    fix = "`vdialog config show` lists those that are known."
    return Check("settings", "warning", f"not a setting: {', '.join(unknown)}", fix)


def _models(settings: Settings) -> Check:
    by = "" if settings.vision == "transformers" else f" of {settings.vision}"
    looking = "none" if settings.vision == "none" else f"{settings.vision_model}{by}"
    used = f"for texts {settings.text_model}, for pictures {settings.clip_model}, to look at frames {looking}"
    return Check("models", "ok", f"set {settings.models}: {used}")


def _fitting(settings: Settings, library: "Library") -> Iterator[Check]:
    """Say where models are set that do not know the films that are there."""
    from bot.bootstrap import fitting
    from bot.rights import owner_sees

    if not fitting.is_small(settings):
        return
    videos = library.catalogue.videos(owner_sees(library.catalogue))
    if others := len(fitting.strangers(settings, videos)):
        said = f"{fitting.SAMPLE_ONLY}; {others} of {len(videos)} videos here are others"
        yield Check("models for these films", "warning", said, "`vdialog setup` gets models for every film.")


def _device(settings: Settings) -> Check:
    """Say what models are calculated on; for `auto` nothing is loaded to find out."""
    from bot import bootstrap

    bootstrap.check_device(settings)
    said = "a graphics card if there is one, else the processor" if settings.device == "auto" else settings.device
    return Check("device", "ok", f"models run on {said}")


def _home(settings: Settings) -> Check:
    from retrieval.private import OTHERS, home_folder

    home_folder(settings.home)
    with tempfile.TemporaryFile(dir=settings.home):
        if settings.home.stat().st_mode & OTHERS:
            said = f"others of this machine can read {str(settings.home)!r}, which is not yours alone"
            return Check("home folder", "warning", said, "Set VDIALOG_HOME to a folder of your own.")
        return Check("home folder", "ok", f"{settings.home} can be written, and only you can read it")


def _screen_text() -> Check:
    from retrieval.ingest import ocr

    reason = ocr.unavailable()
    return (
        Check("screen text", "off", reason)
        if reason
        else Check("screen text", "ok", "words on the screen are read, by rapidocr")
    )


def _speech(settings: Settings) -> Check:
    from retrieval.ingest import speech

    if not settings.speech_model:
        return Check("speech", "off", "no model is set: what is said in films is not written down", GET_SPEECH)
    reason = speech.unavailable(settings.speech_model)
    if reason:
        return Check("speech", "failed", reason, "", SERVICE_MISSING)
    return Check("speech", "ok", f"{settings.speech_model} is there")


def _opens(settings: Settings) -> Check:
    from bot import bootstrap
    from retrieval.catalogue.presence import mend_of
    from retrieval.errors import LibraryDamaged

    try:
        with bootstrap.catalogue(settings) as catalogue:
            return Check("catalogue", "ok", str(catalogue.moment_count()))
    except LibraryDamaged as error:
        return Check("catalogue", "failed", error.message, mend_of(settings.home / bootstrap.CATALOGUE))


def _text(settings: Settings) -> Check:
    from bot import bootstrap

    space = bootstrap.encoders(settings).text.space
    if settings.text_model == bootstrap.HASHING:
        fix = "Set VDIALOG_TEXT_MODEL=packaged."
        return Check("text model", "warning", "hashing is for tests and understands nothing", fix)
    return Check("text model", "ok", f"{space} tells texts apart")


def _frames(settings: Settings) -> Check:
    from bot import bootstrap, model_files

    encoder = bootstrap.encoders(settings).frames
    if encoder is None:
        return Check(
            "picture model",
            "off",
            "none is set: pictures are not searched, by words or by a picture (--image)",
            GET_CLIP,
        )
    files = model_files.listed(model_files.of_clip(bootstrap.model_paths(settings)))
    return Check("picture model", "ok", f"{encoder.space} tells pictures apart{_in_brackets(files)}")


def _space(library: "Library", entry: "Registration") -> Check:
    """Check a space that is registered beside those of texts and pictures."""
    from retrieval.spaces import NOUNS

    name, noun = entry.kind.name, NOUNS[entry.kind.encodes]
    if entry.load is None:
        return Check(f"{name} model", "off", f"{entry.off}: the {name} arm is off", entry.fix)
    space = library.spaces().space(entry.kind)
    return Check(f"{name} model", "ok", f"{space} tells {noun}s apart, for search --arm {name}")


def _vision(settings: Settings) -> Check:
    from bot import bootstrap, model_files

    load = bootstrap.vision_model(settings)
    if load is None:
        return Check("vision model", "off", "none is set: nobody looks at frames", GET_VISION)
    name, url = load().profile.name, bootstrap.vision_url(settings)
    if url:
        return Check("vision model", "ok", f"{name} sees pictures, behind {settings.vision} at {url}")
    files = model_files.listed(model_files.of_vision(bootstrap.model_paths(settings)))
    return Check("vision model", "ok", f"{name} is there{_in_brackets(files)}")


def _planner(settings: Settings) -> Check:
    """Say what understands words, and why; a model that `auto` chose must be there."""
    from bot.bootstrap.planning import choice
    from bot.servers.ollama import show

    chosen = choice(settings)
    if chosen.model is None:
        return Check("planner", "ok", f"questions are read by rules alone ({chosen.why})")
    if settings.planner == "auto":
        show(chosen.model.server, chosen.model.name)
    return Check("planner", "ok", f"questions are read by rules and by {chosen.model.name} ({chosen.why})")


def _chat(settings: Settings) -> Check:
    from bot.bootstrap.language import knows_tools

    tools = knows_tools(settings)
    if settings.agent and not tools:
        fix = "Set VDIALOG_AGENT=false, or VDIALOG_CHAT_MODEL to a model that does."
        return Check("chat model", "failed", f"{settings.chat_model} does not know tools", fix, SERVICE_MISSING)
    knows = "knows tools" if tools else "does not know tools"
    return Check("chat model", "ok", f"{settings.chat_model} is there and {knows}")


def _in_brackets(text: str) -> str:
    return f" ({text})" if text else ""
