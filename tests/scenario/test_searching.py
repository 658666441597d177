"""`vdialog search` and what it stands on: import, videos, reindex, doctor, config."""

import json
from pathlib import Path

import pytest

from tests.films import film, shots
from tests.scenario.conftest import CAPTIONS, Vdialog


def ids(ran: object) -> list[str]:
    return [hit["moment_id"] for hit in ran.data["hits"]]  # type: ignore[attr-defined]


def test_a_search_prints_exactly_the_shape_of_the_contract(library: Vdialog) -> None:
    data = library("search", "a dog catches a ball", "--json").data
    assert list(data) == ["version", "query", "seconds", "verdict", "confidence", "mended", "hits"]
    hit = data["hits"][0]
    assert list(hit) == [
        "rank",
        "moment_id",
        "video_id",
        "title",
        "start",
        "end",
        "timecode",
        "text",
        "score",
        "arms",
        "keyframes",
        "collections",
    ]
    assert (hit["rank"], hit["moment_id"], hit["timecode"]) == (1, "park:2", "00:00:10-00:00:20")
    assert set(hit["arms"]) == {"keywords", "meaning"}


def test_people_read_rank_time_moment_text_and_reason(library: Vdialog) -> None:
    lines = library("search", "a dog catches a ball", "-k", "1").out.splitlines()
    assert lines == [
        " 1. 00:00:10-00:00:20  park  [park:2]",
        "    caption: A brown dog catches the ball.",
        "    found by keywords (place 1), meaning (place 1)",
    ]


def test_a_film_without_words_is_found_by_its_name(library: Vdialog, tmp_path: Path) -> None:
    film(tmp_path / "K\u00e4seglocke.mp4", shots((1, 1.0)))
    assert library("ingest", str(tmp_path / "K\u00e4seglocke.mp4")).code == 0
    for query in ("k\u00e4seglocke", '"Kaseglocke"', "kaseglocke.mp4"):
        lines = library("search", query, "-k", "5").out.splitlines()
        assert "K\u00e4seglocke" in lines[0] and lines[1] == "    found by the name of the video", lines
    told = library("ask", "Where is the K\u00e4seglocke?", "--json").data
    assert told["verdict"] != "not_found" and told["citations"][0]["video_id"] == "K\u00e4seglocke"


def test_a_misspelt_word_is_mended_and_that_is_said(library: Vdialog) -> None:
    ran = library("search", "the brwon dog", "-k", "1")
    assert ran.out.splitlines()[:2] == ['searched for "brown"', " 1. 00:00:10-00:00:20  park  [park:2]"]
    data = library("search", "the brwon dog", "--json").data
    assert (data["query"], data["mended"], data["verdict"]) == ("the brwon dog", {"brwon": "brown"}, "answered")
    assert library("search", "a brown dog", "--json").data["mended"] == {}


def test_a_search_can_be_narrowed(library: Vdialog) -> None:
    assert ids(library("search", "dog", "--from", "0:25", "--json"))[0] == "park:3"
    assert ids(library("search", "woman", "--video", "kitchen", "--to", "10", "--json")) == ["kitchen:1"]
    assert len(ids(library("search", "the dog", "-k", "1", "--json"))) == 1


def test_phrases_and_exclusions_count(library: Vdialog) -> None:
    assert ids(library("search", '"brown dog"', "--json"))[0] == "park:2"
    assert "park:3" not in ids(library("search", "dog -sleeps", "--json"))


def test_one_arm_alone_ranks_without_refusing(library: Vdialog) -> None:
    ran = library("search", "dog", "--arm", "keywords", "--json")
    assert set(ids(ran)) == {"park:2", "park:3"}
    assert all(list(hit["arms"]) == ["keywords"] for hit in ran.data["hits"])


def test_more_like_a_moment(library: Vdialog) -> None:
    found = ids(library("search", "--like", "park:2", "--json"))
    assert found
    assert "park:2" not in found


def test_a_file_of_queries_prints_a_json_line_for_each(library: Vdialog, tmp_path: Path) -> None:
    (tmp_path / "queries.txt").write_text("a dog catches a ball\n\na boat leaves the harbour\n")
    lines = [json.loads(line) for line in library("search", "--queries", tmp_path / "queries.txt").out.splitlines()]
    assert [line["query"] for line in lines] == ["a dog catches a ball", "a boat leaves the harbour"]
    assert lines[1]["hits"][0]["moment_id"] == "harbour_2026:1"


def test_what_is_nearest_is_shown_and_said_to_be_no_more(library: Vdialog) -> None:
    ran = library("search", "elephant", "--json")
    assert (ran.code, ran.data["verdict"]) == (0, "not_found")
    assert ran.data["hits"]
    ran = library("search", "elephant", "--fail-empty")
    assert (ran.code, ran.out.splitlines()[0]) == (5, "Nothing certain; nearest:")


def test_each_word_of_a_text_is_found_by_itself(library: Vdialog) -> None:
    for word in ("dog", "catches", "ball", "harbour"):
        found = library("search", word, "--json").data
        assert found["verdict"] == "answered", word
        assert found["hits"][0]["arms"]["keywords"]["rank"] == 1, word


def test_an_arm_whose_model_is_missing_ends_with_4(library: Vdialog) -> None:
    ran = library("search", "x", "--arm", "frames", "--json")
    assert (ran.code, ran.out, ran.error["code"]) == (4, "", "missing_model")
    assert "VDIALOG_CLIP_WEIGHTS" in ran.error["message"]
    assert "vdialog setup" in ran.error["hint"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), "usage"),
        (("x", "--like", "park:1"), "usage"),
        (("x", "-k", "0"), "usage"),
        (("x", "-k", "1001"), "usage"),
        (("x", "--from", "-3"), "usage"),
        (("x", "--from", "nan"), "usage"),
        (("x", "--to", "soon"), "usage"),
        (("x", "--from", "9", "--to", "3"), "invalid_span"),
        (("x", "--arm", "smell"), "invalid_query"),
        ((" ",), "invalid_query"),
        (("--like", "park:99"), "not_in_library"),
        (("--like", "park"), "not_in_library"),
        (("x", "--video", "nosuch"), "not_in_library"),
        (("x", "--collection", "nosuch"), "not_in_library"),
        (("--queries", "nosuch.txt"), "usage"),
        (('dog -"the brown dog"',), "invalid_query"),
        (("--image", "nosuch.png"), "usage"),
    ],
)
def test_a_search_that_makes_no_sense_ends_with_2(library: Vdialog, arguments: tuple[str, ...], code: str) -> None:
    ran = library("search", *arguments, "--json")
    assert (ran.code, ran.out, ran.error["code"]) == (2, "", code)


def test_collections_are_searched_apart(library: Vdialog, tmp_path: Path) -> None:
    (tmp_path / "more.json").write_text(
        json.dumps({"zoo": {"duration": 5, "timestamps": [[0, 5]], "sentences": ["A dog meets a lion."]}})
    )
    assert library("import", tmp_path / "more.json", "--collection", "trip").code == 0
    assert ids(library("search", "dog", "--collection", "trip", "--json")) == ["zoo:1"]
    assert "zoo:1" not in ids(library("search", "dog", "--collection", "library", "--json"))


def test_videos_are_listed_shown_and_removed_with_all_that_was_made_of_them(library: Vdialog) -> None:
    listed = library("videos", "list", "--json").data["videos"]
    assert [video["video_id"] for video in listed] == sorted(CAPTIONS)
    shown = library("videos", "show", "park", "--json").data
    assert [moment["moment_id"] for moment in shown["moments"]] == ["park:1", "park:2", "park:3"]
    assert library("videos", "remove", "park").code == 0
    assert library("videos", "show", "park").code == 2
    assert not any(name.startswith("park") for name in ids(library("search", "dog", "--arm", "keywords", "--json")))


def test_reindex_leaves_every_result_as_it_was(library: Vdialog) -> None:
    before = library("search", "a dog with a ball", "--arm", "meaning", "--json").data["hits"]
    assert library("reindex", "--json").data["moments"] == 6
    assert library("search", "a dog with a ball", "--arm", "meaning", "--json").data["hits"] == before


def test_an_import_that_leaves_something_out_ends_with_6(vdialog: Vdialog, tmp_path: Path) -> None:
    (tmp_path / "c.json").write_text(
        json.dumps({"v": {"duration": 9, "timestamps": [[5, 5], [1, 3]], "sentences": ["Nothing.", "A dog."]}})
    )
    ran = vdialog("import", tmp_path / "c.json", "--json")
    assert (ran.code, ran.data["moments"], len(ran.data["dropped"])) == (6, 1, 1)


def test_a_captions_file_of_another_form_is_refused(vdialog: Vdialog, tmp_path: Path) -> None:
    (tmp_path / "c.json").write_text("[1, 2]")
    ran = vdialog("import", tmp_path / "c.json", "--json")
    assert (ran.code, ran.error["code"]) == (6, "invalid_annotations")


def test_only_videos_with_a_file_can_be_cut(library: Vdialog, tmp_path: Path) -> None:
    for what in ("park:1", "park@2-6", "park@00:02-00:06"):
        ran = library("clip", what, "-o", tmp_path / "clip.mp4", "--json")
        assert (ran.code, "without media" in ran.error["message"]) == (2, True)
    assert library("clip", "park@2", "-o", tmp_path / "clip.mp4").code == 2
    assert library("clip", "park@6-2", "-o", tmp_path / "clip.mp4").code == 2


def test_doctor_names_every_check_and_what_is_off(library: Vdialog) -> None:
    ran = library("doctor", "--json")
    states = {check["name"]: check["state"] for check in ran.data["checks"]}
    assert ran.code == 0
    assert states == {
        "settings": "ok",
        "models": "ok",
        "device": "ok",
        "home folder": "ok",
        "conversations": "ok",
        "copies": "ok",
        "screen text": "ok",
        "speech": "off",
        "catalogue": "ok",
        "keyframes": "ok",
        "text model": "warning",
        "picture model": "off",
        "vision model": "off",
        "planner": "ok",
        "index": "ok",
    }


def test_doctor_fails_where_a_model_is_missing(library: Vdialog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VDIALOG_SPEECH_MODEL", "/nowhere/whisper")
    ran = library("doctor", "--json")
    assert ran.code == 4
    assert [c["name"] for c in ran.data["checks"] if c["state"] == "failed"] == ["speech"]


def test_a_home_that_cannot_be_used_ends_with_3(
    vdialog: Vdialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("VDIALOG_HOME", str(tmp_path / "file"))
    for command in (("videos", "list"), ("search", "x"), ("ask", "x"), ("conversations", "list"), ("doctor",)):
        assert vdialog(*command).code == 3, command


def test_config_says_where_each_setting_came_from(vdialog: Vdialog, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("VDIALOG_COLLECTION=holidays\n")
    shown = {s["variable"]: (s["value"], s["origin"]) for s in vdialog("config", "show", "--json").data["settings"]}
    assert shown["VDIALOG_COLLECTION"] == ("holidays", ".env file")
    assert shown["VDIALOG_TEXT_MODEL"] == ("hashing", "environment")
    assert shown["VDIALOG_CLIP_MODEL"] == ("ViT-B-32", "default")


def test_a_bad_setting_ends_every_command_with_3(vdialog: Vdialog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VDIALOG_DECODE_MEMORY_MB", "lots")
    for command in (("videos", "list"), ("config", "show"), ("search", "x")):
        ran = vdialog(*command, "--json")
        assert (ran.code, ran.error["code"]) == (3, "configuration")
        assert "VDIALOG_DECODE_MEMORY_MB" in ran.error["message"]
