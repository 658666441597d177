"""Files between a team and the app: a picture that is dropped to search with, keyframes of moments, clips."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bot import bootstrap
from tests import films
from tests.scenario.conftest import Vdialog
from tests.scenario.slack_team import CHANNEL, Team, member, team, text_of
from tests.slack_server.workspace import APP_TOKEN, BOT_TOKEN


@pytest.fixture
def filmed(tmp_path: Path) -> Iterator[Team]:
    film = films.film(tmp_path / "harbour.mp4", films.shots((1, 3.0), (2, 3.0)))
    (tmp_path / "harbour.srt").write_text("1\n00:00:00,000 --> 00:00:03,000\nThe ferry leaves at nine.\n")
    settings = {"clip_model": "hashing", "clip_weights": "hashing", "stable_seconds": 0}
    with team(tmp_path / "home", {}, **settings) as made:
        with bootstrap.library(made.settings) as library:
            list(library.ingest([film], "library"))
        made.grant("library", CHANNEL)
        yield made


def test_a_moment_comes_with_its_frame_and_its_clip_is_cut_on_demand(filmed: Team) -> None:
    slack = filmed.slack
    with filmed.running():
        root = slack.say("C1", "U1", "when does the ferry leave?", mention=True)
        (answer,) = filmed.answers("C1", root)
        assert '"slack_file"' in text_of(answer) and '"alt_text": "Frame of' in text_of(answer)
        slack.press("play_clip", answer, "U1")
        clip = slack.wait_for(lambda: [one for one in slack.posted("C1", root) if one.get("files")], 30)[0]
        (file,) = clip["files"]
        assert file["name"].startswith("harbour-") and slack.workspace.files[file["id"]].content[4:8] == b"ftyp"
    assert not filmed.noted


def test_a_picture_that_is_dropped_is_searched_with_and_what_is_none_is_said_to_be_none(filmed: Team) -> None:
    slack = filmed.slack
    bytes_of = BytesIO()
    Image.fromarray(films.picture(1)).save(bytes_of, "PNG")
    with filmed.running():
        root = slack.say("C1", "U1", "", mention=True, files=[("frame.png", bytes_of.getvalue(), "image/png")])
        assert "harbour" in text_of(filmed.answers("C1", root)[0])
        bad = slack.say("C1", "U1", "where is this?", mention=True, files=[("x.png", b"no picture", "image/png")])
        assert "picture" in text_of(filmed.answers("C1", bad)[0])


def test_a_clip_of_a_private_answer_goes_to_who_asked(filmed: Team) -> None:
    slack = filmed.slack
    filmed.grant("library", member("U1"))
    with filmed.running():
        slack.command("ask when does the ferry leave?", "U1", "C1")
        (answer,) = filmed.told("C1", "U1")
        slack.press("play_clip", answer, "U1")
        slack.wait_for(lambda: [one for one in slack.posted("D1") if one.get("files")], 30)
    assert slack.posted("C1") == []


def test_what_was_uploaded_of_a_video_that_was_removed_is_listed_and_deleted_on_request(
    filmed: Team, vdialog: Vdialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    slack, settings = filmed.slack, filmed.settings
    monkeypatch.setenv("VDIALOG_HOME", str(settings.home))
    monkeypatch.setenv("VDIALOG_SLACK_URL", slack.base_url)
    with filmed.running():
        root = slack.say("C1", "U1", "when does the ferry leave?", mention=True)
        slack.press("play_clip", filmed.answers("C1", root)[0], "U1")
        slack.wait_for(lambda: [one for one in slack.posted("C1", root) if one.get("files")], 30)
    ours = {one.file for one in slack.workspace.files.values() if one.done}  # Slack may not take one at once
    assert vdialog("slack", "uploads").out == "Nothing in Slack is of a video that is gone.\n"
    assert vdialog("videos", "remove", "harbour").code == 0
    listed = vdialog("slack", "uploads").out
    assert len(ours) == 3 and all(file in listed for file in ours) and "frame" in listed and "clip" in listed
    assert vdialog("slack", "uploads", "--delete").code == 2 and not slack.called("files.delete")
    assert vdialog("slack", "uploads", "--delete", "--yes").code == 3  # without a token nobody can
    monkeypatch.setenv("VDIALOG_SLACK_BOT_TOKEN", BOT_TOKEN)
    monkeypatch.setenv("VDIALOG_SLACK_APP_TOKEN", APP_TOKEN)
    slack.fail("files.delete", error="cant_delete_file")
    refused = vdialog("slack", "uploads", "--delete", "--yes")
    assert refused.code == 4 and "cant_delete_file" in refused.err and "Deleted 2 files in Slack." in refused.out
    assert vdialog("slack", "uploads", "--delete", "--yes").out == "Deleted 1 file in Slack.\n"
    assert all(one.deleted for one in slack.workspace.files.values() if one.done)
    assert "Nothing in Slack" in vdialog("slack", "uploads", "--delete").out
