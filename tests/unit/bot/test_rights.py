"""Who sees what: principals, places, grants, on a catalogue as it lies on disk."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.errors import UsageError
from bot.rights import (
    OWNER,
    TERMINAL,
    Asker,
    Everything,
    Place,
    Principal,
    Rights,
    admits,
    for_program,
    grantee_of,
    narrowed,
)
from retrieval.catalogue.catalogue import Catalogue
from retrieval.errors import NotInLibrary

ANN, EVE = Principal("member", "T1", "ann"), Principal("member", "T2", "eve")
GENERAL, SHARED = Place("channel", "T1", "C1"), Place("channel", "T1", "C1", shared=True)
THREAD, DIRECT = Place("thread", "T1", "C1", "1700.5"), Place("direct", "T1", "D1")


class Shelf(Catalogue):
    """A catalogue whose collections are those named: what is in them is of no matter here."""

    def collections(self) -> frozenset[str]:
        return frozenset({"holidays", "board"})


@pytest.fixture
def rights(tmp_path: Path) -> Iterator[Rights]:
    shelf = Shelf(tmp_path)
    yield Rights(shelf)
    shelf.close()


def test_the_owner_sees_all_at_the_terminal_and_everybody_else_nothing(rights: Rights) -> None:
    assert rights.visible(TERMINAL, OWNER) == {"holidays", "board"}
    others = [(place, who) for place in (TERMINAL, GENERAL, THREAD, DIRECT) for who in (OWNER, ANN, EVE)]
    others.remove((TERMINAL, OWNER))
    assert not any(rights.visible(place, who) for place, who in others)


def test_a_place_opens_to_all_who_read_there_and_a_channel_to_its_threads(rights: Rights) -> None:
    rights.add("holidays", GENERAL)
    assert rights.visible(GENERAL, ANN) == rights.visible(THREAD, ANN) == {"holidays"}
    assert not rights.visible(DIRECT, ANN)
    assert not rights.visible(Place("channel", "T1", "C2"), ANN)
    assert not rights.visible(Place("channel", "T2", "C1"), ANN)


def test_what_is_granted_to_a_person_is_not_shown_where_others_read_along(rights: Rights) -> None:
    rights.add("board", ANN)
    assert rights.visible(DIRECT, ANN) == {"board"}
    assert not rights.visible(GENERAL, ANN)
    assert not rights.visible(DIRECT, Principal("member", "T1", "bob"))


def test_people_of_other_workspaces_need_a_grant_that_says_so(rights: Rights) -> None:
    rights.add("board", GENERAL)
    rights.add("holidays", GENERAL, external=True)
    assert rights.visible(GENERAL, ANN) == {"board", "holidays"}
    assert rights.visible(GENERAL, EVE) == rights.visible(SHARED, ANN) == rights.visible(SHARED, EVE) == {"holidays"}


def test_what_is_taken_back_is_gone_at_once_and_stays_in_the_history(rights: Rights) -> None:
    rights.add("board", GENERAL)
    assert rights.add("board", GENERAL) == rights.grants()[0]
    rights.add("board", GENERAL, external=True)
    rights.remove("board", GENERAL)
    assert not rights.visible(GENERAL, ANN)
    assert not rights.grants()
    first, second = rights.grants(history=True)
    assert (first.external, first.taken_at, second.external) == (False, second.given_at, True)
    assert (second.given_by, second.taken_by) == ("terminal", "terminal")
    with pytest.raises(NotInLibrary):
        rights.remove("board", GENERAL)


def test_grants_are_of_collections_that_are_there_and_to_others_than_the_owner(rights: Rights) -> None:
    with pytest.raises(NotInLibrary):
        rights.add("nothing", GENERAL)
    with pytest.raises(UsageError):
        rights.add("board", OWNER)


def test_a_program_is_known_by_its_token_which_is_not_kept(rights: Rights, tmp_path: Path) -> None:
    viewer = Principal("program", "", "viewer")
    token = rights.new_token(viewer)
    assert token is not None and rights.new_token(viewer) is None
    assert rights.program(token) == viewer
    assert rights.program("") is rights.program(f"{token} ") is rights.program("\udcff") is None
    rights.add("board", viewer)
    asker = for_program(viewer)
    assert rights.visible(asker.place, asker.principal) == {"board"}
    assert not any(token.encode() in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())


@pytest.mark.parametrize("what", [ANN, GENERAL, THREAD, DIRECT, Principal("program", "", "viewer")], ids=str)
def test_what_is_written_is_read_as_it_was(what: Place | Principal) -> None:
    assert grantee_of(str(what)) == what


@pytest.mark.parametrize(
    "text",
    ["", "terminal", "channel:", "channel:T1", "channel:T1/C1/x", "member:T1/", "member:/U1", "thread:T1/C1", "x:T1/C1"]
    + [
        "channel:T1/C 1",
        "channel:T1/C1\n",
        "program:a/b",
        "program:-x",
        "direct:D1",
        "member:T1/\x1f",
        f"program:{'x' * 201}",
    ],
)
def test_what_names_nobody_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        grantee_of(text)


def test_no_name_of_another_kind_or_place_can_be_made_of_names() -> None:
    for made in (
        lambda: Place("channel", "T1/C1", ""),
        lambda: Place("channel", "T1", "C1", "1700"),
        lambda: Principal("member", "", "T1/ann"),
        lambda: Principal("terminal", "T1"),
        lambda: Principal("program", "T1", "x"),
    ):
        with pytest.raises(UsageError):
            made()


def test_a_turn_is_told_to_who_sees_all_that_it_was_answered_under() -> None:
    seen = frozenset({"a", "b"})
    assert admits(seen, frozenset({"a"})) and admits(seen, seen) and admits(seen, frozenset())
    assert not admits(seen, frozenset({"a", "c"})) and not admits(seen, None)
    assert admits(Everything(), frozenset({"c"})) and admits(Everything(), None)
    assert not admits(narrowed(frozenset({"a"}), Everything("ab")), frozenset({"b"}))
    assert narrowed(Everything("ab"), frozenset({"a", "c"})) == {"a"}
    assert not isinstance(narrowed(Everything("ab"), frozenset("ab")), Everything)


def test_an_asker_is_the_owner_at_the_terminal_alone() -> None:
    assert Asker(TERMINAL, OWNER).is_owner
    assert not any(Asker(place, who).is_owner for place, who in ((DIRECT, OWNER), (TERMINAL, ANN)))
