from pathlib import Path

import pytest

from bot import settings
from bot.errors import ConfigurationError


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty working directory and no setting in the environment."""
    for name in settings.Settings.model_fields:
        monkeypatch.delenv(settings.variable(name), raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def origin_of(variable: str) -> str:
    return next(s.origin for s in settings.origins(settings.load()) if s.variable == variable)


def test_without_anything_set_the_defaults_count() -> None:
    loaded = settings.load()
    assert (loaded.collection, loaded.text_model, loaded.clip_weights) == ("library", "packaged", "")
    assert loaded.home == settings.default_home()
    assert {s.origin for s in settings.origins(loaded)} == {"default"}


def test_the_environment_goes_before_the_file_and_the_file_before_the_default(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (bare / ".env").write_text("VDIALOG_COLLECTION=filed\nVDIALOG_TEXT_MODEL=filed\nOTHER=x\n")
    monkeypatch.setenv("VDIALOG_TEXT_MODEL", "exported")
    loaded = settings.load()
    assert (loaded.collection, loaded.text_model, loaded.clip_model) == ("filed", "exported", "ViT-B-32")
    assert origin_of("VDIALOG_COLLECTION") == ".env file"
    assert origin_of("VDIALOG_TEXT_MODEL") == "environment"
    assert origin_of("VDIALOG_CLIP_MODEL") == "default"


def test_a_model_set_goes_before_the_defaults_and_what_is_given_before_the_set(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (settings.load().models, settings.load().vision) == ("standard", "none")
    (bare / ".env").write_text("VDIALOG_MODELS=demo\n")
    monkeypatch.setenv("VDIALOG_VISION_MODEL", "/models/llava")
    loaded = settings.load()
    assert (loaded.clip_model, loaded.clip_weights) == ("packaged", "")
    assert (loaded.vision, loaded.vision_model, loaded.vision_captions) == ("transformers", "/models/llava", True)
    assert origin_of("VDIALOG_MODELS") == ".env file"
    assert origin_of("VDIALOG_CLIP_MODEL") == "model set"
    assert origin_of("VDIALOG_VISION_MODEL") == "environment"
    assert origin_of("VDIALOG_CLIP_WEIGHTS") == "default"


def test_what_the_program_asks_for_goes_before_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VDIALOG_MODELS", "standard")
    monkeypatch.setenv("VDIALOG_CLIP_MODEL", "RN50")
    loaded = settings.load(models="demo")
    assert (loaded.models, loaded.clip_model, loaded.vision_model) == ("demo", "RN50", "packaged")


def test_an_empty_value_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VDIALOG_COLLECTION", "")
    assert settings.load().collection == "library"
    assert origin_of("VDIALOG_COLLECTION") == "default"


def test_the_home_folder_is_made_absolute(monkeypatch: pytest.MonkeyPatch, bare: Path) -> None:
    monkeypatch.setenv("VDIALOG_HOME", "here")
    assert settings.load().home == bare / "here"
    monkeypatch.setenv("VDIALOG_HOME", "~/films")
    assert settings.load().home == Path.home() / "films"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("VDIALOG_DECODE_MEMORY_MB", "lots"),
        ("VDIALOG_DECODE_MEMORY_MB", "-1"),
        ("VDIALOG_DECODE_CPU_SECONDS", "inf"),
        ("VDIALOG_COLLECTION", "x" * 201),
        ("VDIALOG_MODELS", "big"),
        ("VDIALOG_VISION", "ollama-2"),
        ("VDIALOG_VISION_CAPTIONS", "perhaps"),
        ("VDIALOG_PLAYER", "mpv"),
        ("VDIALOG_PLAYER", "mpv {file}"),
        ("VDIALOG_PLAYER", "mpv '{path}"),
        ("VDIALOG_PLAYER", "mpv {path} {"),
    ],
)
def test_a_bad_value_is_refused_by_the_name_of_its_variable(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(ConfigurationError, match=variable):
        settings.load()


def test_a_file_that_is_no_text_is_refused(bare: Path) -> None:
    (bare / ".env").write_bytes(b"\xff\xfe\x00VDIALOG")
    with pytest.raises(ConfigurationError, match=r"\.env"):
        settings.load()


def test_misspelt_variables_are_named(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VDIALOG_HOMEE", "x")
    (bare / ".env").write_text("# VDIALOG_COMMENT=1\nexport VDIALOG_TXT_MODEL=x\n")
    assert settings.unknown() == ["VDIALOG_HOMEE", "VDIALOG_TXT_MODEL"]


def test_nothing_in_a_path_is_read_by_the_players_command() -> None:
    words = settings.command("vlc --start-time={start} --stop-time={end} '{path}'", "/a b/{x}; $(y) '.mp4", 1.5, 2.25)
    assert words == ["vlc", "--start-time=1.50", "--stop-time=2.25", "/a b/{x}; $(y) '.mp4"]


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        settings.load().collection = "x"


def test_the_example_is_made_of_the_settings() -> None:
    example = Path(__file__).parents[3] / ".env.example"
    assert example.read_text(encoding="utf-8") == settings.example()


def test_the_example_can_be_read_as_it_is_and_changes_nothing(bare: Path) -> None:
    (bare / ".env").write_text(settings.example().replace("# VDIALOG_", "VDIALOG_"))
    assert settings.load() == settings.Settings.model_construct(**settings.load().model_dump())
    assert settings.load().home == settings.default_home()


def test_what_looks_decides_which_model_is_meant_unless_one_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings.load(vision="transformers").vision_model == "llava-hf/llava-1.5-7b-hf"
    assert settings.load(vision="ollama").vision_model == "llava"
    monkeypatch.setenv("VDIALOG_VISION", "ollama")
    monkeypatch.setenv("VDIALOG_VISION_MODEL", "llava:13b")
    assert settings.load().vision_model == "llava:13b"


def test_a_secret_is_shown_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VDIALOG_VISION_TOKEN", "sesame")
    loaded = settings.load()
    assert loaded.vision_token.get_secret_value() == "sesame"
    assert "sesame" not in repr(loaded) + str(settings.origins(loaded)) + settings.example()
