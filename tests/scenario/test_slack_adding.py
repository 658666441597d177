"""Videos that people drop: an administrator adds them to a collection, others are told whom to ask."""

import stat
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot import bootstrap
from bot.slack.app import Times
from bot.slack.notices import CANCEL, CONFIRM
from retrieval.ingest.progress import Progress
from tests import films
from tests.scenario.conftest import CAPTIONS
from tests.scenario.slack_team import CHANNEL, Message, Team, member, team, text_of
from tests.slack_server.people import Dropped

SHORTCUT = "add_to_collection"
ADMIN = "UADMIN"


@pytest.fixture(scope="module")
def quay(tmp_path_factory: pytest.TempPathFactory) -> Dropped:
    film = films.film(tmp_path_factory.mktemp("films") / "quay.mp4", films.shots((1, 3.0), (2, 3.0)))
    return "quay.mp4", film.read_bytes(), "video/mp4"


@pytest.fixture
def dropping(tmp_path: Path) -> Iterator[Team]:
    settings = {"clip_model": "hashing", "clip_weights": "hashing", "stable_seconds": 0}
    given = {"slack_admins": ADMIN, "slack_largest_video_mb": 1, "slack_workers": 1}
    with team(tmp_path / "home", CAPTIONS, **settings, **given) as made:
        made.grant("library", CHANNEL)
        yield made


def choose(made: Team, told: Message, collection: str, count: int = 1) -> Message:
    """Choose a collection and return what is asked then."""
    buttons = [one for block in told["blocks"] for one in block.get("elements", []) if "action_id" in one]
    (chosen,) = [one["action_id"] for one in buttons if one["text"]["text"] == collection]
    made.slack.press(chosen, told, ADMIN)
    return made.told(told["channel"], ADMIN, count)[-1]


def titles(made: Team, collection: str) -> list[str]:
    with bootstrap.catalogue(made.settings) as catalogue:
        return [video.title for video in catalogue.videos(frozenset({collection}))]


def test_an_administrator_adds_a_video_that_was_dropped_and_it_is_found_in_the_next_question(
    dropping: Team, quay: Dropped
) -> None:
    slack = dropping.slack
    with dropping.running(times=Times(progress=0.0)):
        root = slack.say("C1", "U2", "the tour from Monday", files=[quay])
        slack.shortcut(SHORTCUT, "C1", root, ADMIN)
        (told,) = dropping.told("C1", ADMIN)
        assert "quay.mp4" in text_of(told)
        confirmed = choose(dropping, told, "library", 2)
        assert "library" in text_of(confirmed) and titles(dropping, "library") == sorted(CAPTIONS)
        slack.press(CONFIRM, confirmed, ADMIN)
        progress, report = dropping.answers("C1", root, 2, seconds=60)
        assert "“quay.mp4” was added: " in text_of(report) and "moment" in text_of(report)
        shown = [call.args["text"] for call in slack.called("chat.update")]
        assert any("quay.mp4: reading, " in text and "%" in text for text in shown) and "Done." in text_of(progress)
        asked = slack.say("C1", "U2", "which videos are there?", mention=True)
        assert "quay" in text_of(dropping.answers("C1", asked)[0])
    assert "quay" in titles(dropping, "library") and not dropping.noted
    (folder,) = dropping.settings.home.glob("dropped")
    (file,) = folder.glob("*/*")
    assert file.name == "quay.mp4" and file.read_bytes() == quay[1]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_whoever_is_no_administrator_is_told_whom_to_ask_and_nothing_is_fetched(dropping: Team, quay: Dropped) -> None:
    slack = dropping.slack
    slack.workspace.user(ADMIN)
    with dropping.running():
        slack.say("C1", "U2", "add this please", mention=True, files=[quay])
        (told,) = dropping.told("C1", "U2")
        assert "Ask Uadmin" in text_of(told)
        root = slack.say("C1", ADMIN, "another", files=[quay])
        slack.shortcut(SHORTCUT, "C1", root, "U2")
        assert "Ask Uadmin" in text_of(dropping.told("C1", "U2", 2)[-1])
    assert not slack.downloads and not slack.posted("C1")


def test_what_is_no_video_or_too_large_is_refused_by_name_and_the_rest_is_added(dropping: Team, quay: Dropped) -> None:
    slack = dropping.slack
    large, table = ("large.mp4", bytes(1_000_001), "video/mp4"), ("table.csv", b"a,b", "text/csv")
    broken = ("broken.mp4", b"no film at all", "video/mp4")
    with dropping.running():
        root = slack.say("C1", ADMIN, "", files=[large, table, quay, broken])
        slack.shortcut(SHORTCUT, "C1", root, ADMIN)
        (told,) = dropping.told("C1", ADMIN)
        assert "“large.mp4” is too large: 2 MB, and at most 1 are taken." in text_of(told)
        assert "csv” is no video file." in text_of(told)
        slack.press(CONFIRM, choose(dropping, told, "secret", 2), ADMIN)
        report = text_of(dropping.answers("C1", root, 2, seconds=60)[-1])
        assert "“quay.mp4” was added" in report and "“broken.mp4” was not added: " in report
        assert "secret" not in report and "not open to this channel" in report and "/" not in report.split("\n")[0]
    assert [one.name for one in dropping.settings.home.glob("dropped/*/*")] == ["quay.mp4"]
    assert "quay" in titles(dropping, "secret") and titles(dropping, "library") == sorted(CAPTIONS)


def test_an_answer_does_not_wait_for_a_video_that_is_taken_in_and_a_restart_goes_on_with_it(
    dropping: Team, quay: Dropped
) -> None:
    slack, is_in = dropping.slack, threading.Event()

    def stuck(*given: Any) -> Any:
        paths, _, on_progress = given
        is_in.set()
        while True:
            time.sleep(0.05)
            on_progress(Progress(paths[0], "reading", 0.5))

    with dropping.running(take_in=stuck):
        root = slack.say("C1", "U1", "", files=[quay])
        slack.shortcut(SHORTCUT, "C1", root, ADMIN)
        slack.press(CONFIRM, choose(dropping, dropping.told("C1", ADMIN)[0], "library", 2), ADMIN)
        assert is_in.wait(20)
        asked = slack.say("C1", "U2", "where does the dog sleep?", mention=True)
        assert "under a tree" in text_of(dropping.answers("C1", asked)[0])
        began = time.monotonic()
    assert time.monotonic() - began < 10
    with dropping.running():
        _, report = dropping.answers("C1", root, 2, seconds=60)
        assert "“quay.mp4” was added: " in text_of(report)
    assert len(slack.downloads) == 1 and len(slack.posted("C1", root)) == 2


def test_a_video_that_is_sent_directly_is_offered_to_be_added_and_no_means_no(dropping: Team, quay: Dropped) -> None:
    slack = dropping.slack
    dropping.grant("library", member(ADMIN))
    with dropping.running():
        root = slack.say("@", ADMIN, "", files=[("<!channel> https://evil.example.mp4", *quay[1:])])
        direct = slack.workspace.direct(ADMIN).channel
        (told,) = dropping.told(direct, ADMIN)
        assert "<!channel>" not in text_of(told) and "https://" not in text_of(told)
        slack.press(CANCEL, choose(dropping, told, "library", 2), ADMIN)
        assert "Nothing was added" in text_of(dropping.told(direct, ADMIN, 3)[-1])
        assert not slack.downloads
        slack.press(CONFIRM, choose(dropping, told, "library", 4), ADMIN)
        report = text_of(dropping.answers(direct, root, 2, seconds=60)[-1])
        assert "was added: " in report and "<!channel>" not in report and "not open" not in report
    assert len(slack.downloads) == 1
