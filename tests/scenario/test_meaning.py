"""The same conversations with the real text model."""

import pytest

from tests.scenario.conftest import Vdialog

pytestmark = pytest.mark.models


@pytest.fixture
def understanding(monkeypatch: pytest.MonkeyPatch, vdialog: Vdialog, request: pytest.FixtureRequest) -> Vdialog:
    monkeypatch.setenv("VDIALOG_TEXT_MODEL", "packaged")
    library: Vdialog = request.getfixturevalue("library")
    return library


def test_words_that_the_caption_does_not_use_are_understood(understanding: Vdialog) -> None:
    answer = understanding("ask", "Which lady is cutting vegetables?", "--json").data
    assert answer["citations"][0]["moment_id"] == "kitchen:1"
    then = understanding("ask", "-c", "what does she do next?", "--json").data
    assert then["citations"][0]["moment_id"] == "kitchen:2"


def test_what_is_absent_is_refused(understanding: Vdialog) -> None:
    answer = understanding("ask", "Is there a moment with an elephant?", "--json").data
    assert (answer["verdict"], len(answer["citations"])) == ("not_found", 2)
