import os
from pathlib import Path

import pytest

from bot import settings
from bot.errors import ConfigurationError
from bot.player import command
from bot.setting_sources import FOLDER_MAY_SET, ignored, said_of_ignored, user_file


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty working directory and no setting in the environment."""
    for name in settings.Settings.model_fields:
        monkeypatch.delenv(settings.variable(name), raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "configuration"))
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
    own = user_file()
    own.parent.mkdir(parents=True)
    own.write_text(
        "VDIALOG_COLLECTION=own\nVDIALOG_PLAYER=own {path}\nVDIALOG_CLIP_MODEL=own\nVDIALOG_VERIFIED_HITS=1\n"
    )
    (bare / ".env").write_text("VDIALOG_COLLECTION=filed\nVDIALOG_VERIFIED_HITS=2\nOTHER=x\n")
    monkeypatch.setenv("VDIALOG_VERIFIED_HITS", "3")
    monkeypatch.setenv("VDIALOG_CLIP_MODEL", "exported")
    loaded = settings.load()
    assert (loaded.collection, loaded.verified_hits) == ("filed", 3)
    assert (loaded.player, loaded.clip_model, loaded.text_model) == ("own {path}", "exported", "packaged")
    found = {s.variable: (s.origin, s.file) for s in settings.origins(loaded)}
    assert found["VDIALOG_COLLECTION"] == (".env file", str(bare / ".env"))
    assert found["VDIALOG_PLAYER"] == ("your file", str(own))
    assert found["VDIALOG_CLIP_MODEL"] == found["VDIALOG_VERIFIED_HITS"] == ("environment", "")
    assert found["VDIALOG_TEXT_MODEL"] == ("default", "")


def test_a_library_that_a_file_names_is_the_same_in_every_working_folder(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    user_file().parent.mkdir(parents=True)
    (bare / "elsewhere").mkdir()
    for written, meant in (
        ("films/library", user_file().parent / "films" / "library"),
        ("/srv/library", Path("/srv/library")),
        ("~/library", Path.home() / "library"),
    ):
        user_file().write_text(f"VDIALOG_HOME={written}\n")
        for folder in (bare, bare / "elsewhere"):
            monkeypatch.chdir(folder)
            assert settings.load().home == meant
            shown = {one.variable: one.value for one in settings.origins(settings.load())}
            assert shown["VDIALOG_HOME"] == str(meant)


HARMFUL = {
    "VDIALOG_HOME": "/tmp/elsewhere",
    "VDIALOG_PLAYER": "sh -c 'touch started' {path}",
    "VDIALOG_VISION": "openai",
    "VDIALOG_VISION_URL": "http://198.51.100.7:8000/v1",
    "VDIALOG_VISION_WITHOUT_TOKEN": "true",
    "VDIALOG_VISION_TOKEN": "theirs",
    "VDIALOG_CHAT_URL": "http://198.51.100.7:11434",
    "VDIALOG_CHAT_MODEL": "theirs",
    "VDIALOG_PLANNER": "ollama",
    "VDIALOG_AGENT": "true",
    "VDIALOG_INDEX": "opensearch",
    "VDIALOG_OPENSEARCH_URL": "http://198.51.100.7:9200",
    "VDIALOG_OPENSEARCH_VERIFY_CERTS": "false",
    "VDIALOG_OPENSEARCH_CA_FILE": "theirs.pem",
    "VDIALOG_CLIP_WEIGHTS": "theirs.pt",
    "VDIALOG_TEXT_MODEL": "theirs/model",
    "VDIALOG_VISION_MODEL": "theirs/model",
    "VDIALOG_SPEECH_MODEL": "theirs/model",
}


def test_a_file_of_the_working_folder_sets_nothing_that_runs_sends_or_loads_something(
    bare: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before = settings.load()
    lines = [f"{name}={value}" for name, value in HARMFUL.items()]
    (bare / ".env").write_text("\n".join([*lines, "vdialog_opensearch_password=theirs", "VDIALOG_COLLECTION=c"]))
    loaded = settings.load()
    assert loaded == before.model_copy(update={"collection": "c"})
    assert {s.origin for s in settings.origins(loaded) if s.variable != "VDIALOG_COLLECTION"} == {"default"}
    assert ignored(settings.Settings) == sorted([*HARMFUL, "VDIALOG_OPENSEARCH_PASSWORD"])
    (said,) = caplog.messages
    assert all(name in said for name in HARMFUL) and str(bare / ".env") in said and str(user_file()) in said


def test_a_setting_that_is_new_is_not_one_of_the_working_folder() -> None:
    assert set(settings.Settings.model_fields) > FOLDER_MAY_SET


def test_a_file_of_settings_is_a_plain_one(bare: Path) -> None:
    os.mkfifo(bare / ".env")
    with pytest.raises(ConfigurationError, match="plain file"):
        settings.load()
    (bare / ".env").unlink()
    with (bare / ".env").open("wb") as file:
        file.truncate(2**32)
    with pytest.raises(ConfigurationError, match="plain file"):
        settings.load()


def test_a_password_in_an_address_is_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VISION", "CHAT", "OPENSEARCH"):
        monkeypatch.setenv(f"VDIALOG_{name}_URL", "https://anna:se:s@me@a.example/x https://b:sesame@b.example")
    loaded = settings.load()
    assert loaded.vision_url.startswith("https://anna:se")
    shown = repr(loaded) + str(settings.origins(loaded))
    assert "se:s@me" not in shown and "sesame" not in shown and "https://***@a.example/x" in shown


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
    with pytest.raises(ConfigurationError, match=rf"{variable} \(in the environment\) cannot be used"):
        settings.load()


def test_a_bad_value_of_a_file_is_refused_by_the_name_of_the_file(bare: Path) -> None:
    (bare / ".env").write_text("VDIALOG_VERIFIED_HITS=banana\n")
    with pytest.raises(ConfigurationError, match=r"VDIALOG_VERIFIED_HITS \(in '.*\.env'\) cannot be used"):
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
    words = command("vlc --start-time={start} --stop-time={end} '{path}'", "/a b/{x}; $(y) '.mp4", 1.5, 2.25)
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


def test_no_file_holds_a_token_of_slack(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = user_file()
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text("VDIALOG_SLACK_BOT_TOKEN=xoxb-1\nVDIALOG_SLACK_ADMINS=U024BE7LH\n")
    monkeypatch.setenv("VDIALOG_SLACK_APP_TOKEN", "xapp-1")
    loaded = settings.load()
    assert loaded.slack_bot_token.get_secret_value() == "" and loaded.slack_app_token.get_secret_value() == "xapp-1"
    assert loaded.slack_admin_ids == {"U024BE7LH"}
    assert ignored(settings.Settings) == ["VDIALOG_SLACK_BOT_TOKEN"]
    own.unlink()
    (bare / ".env").write_text("VDIALOG_SLACK_BOT_TOKEN=xoxb-1\n")
    (said,) = said_of_ignored(settings.Settings)
    assert said.endswith("Set it in the environment.") and str(bare / ".env") in said and str(own) not in said


@pytest.mark.parametrize("link", ["media.example/{title}", "ftp://media.example/{title}", "https://{title}/", "{a}"])
def test_a_link_leads_to_one_place(link: str) -> None:
    with pytest.raises(ConfigurationError, match="VDIALOG_LINK"):
        settings.load(link=link)
    assert settings.load(link="https://media.example/{title}?t={start}").link


def test_who_may_grant_is_named_by_ids() -> None:
    with pytest.raises(ConfigurationError, match="'anna' is no id"):
        settings.load(slack_admins="U024BE7LH, anna")
