"""What is asked of the videos themselves is answered by the catalogue."""

from dataclasses import replace

import pytest

from bot.dialogue.acts.base import Context, Material, Reply
from bot.dialogue.acts.library import LIBRARY
from bot.dialogue.conversation import Conversation
from bot.dialogue.plan import LibraryQuestion, Plan
from bot.tools.memory import VISIBLE, MemoryLibrary, video_of
from bot.tools.view import View

SHELF = MemoryLibrary(
    (video_of("park", "The Park", 90.0), [(0, 5, "A dog."), (5, 9, "Hello!", "speech")]),
    (replace(video_of("sea", "At the Sea", 30.0), generation=7), [(0, 9, "")]),
    (video_of("secret", "Secret", 900.0, collection="private"), [(0, 5, "A dog.")]),
)


def reply(about: LibraryQuestion | None, *videos: str, shelf: MemoryLibrary = SHELF, words: str = "?") -> Reply:
    view = View(shelf, shelf, VISIBLE)
    plan = Plan("library", words, videos=videos, about=about)
    return LIBRARY.reply(Context(plan, Conversation("c"), view.videos(), view), Material())


def said(about: LibraryQuestion | None, *videos: str, shelf: MemoryLibrary = SHELF, words: str = "?") -> str:
    return "\n".join(sentence.text for sentence in reply(about, *videos, shelf=shelf, words=words).sentences)


@pytest.mark.parametrize(
    ("about", "videos", "text"),
    [
        ("count", (), "There are 2 videos, 00:02:00 long in all."),
        ("length", (), "There are 2 videos, 00:02:00 long in all."),
        ("length", ("park",), '"The Park" is 00:01:30 long.'),
        ("longest", (), 'The longest is "The Park", 00:01:30 long.'),
        ("shortest", (), 'The shortest is "At the Sea", 00:00:30 long.'),
        ("newest", (), 'The newest is "At the Sea", 00:00:30 long.'),
        ("sources", (), '"The Park" has captions, speech.\n"At the Sea" has no texts.'),
        ("sources", ("sea",), '"At the Sea" has no texts.'),
        ("longest", ("sea", "park"), 'The longer is "The Park", 00:01:30 long; "At the Sea" is 00:00:30 long.'),
        ("shortest", ("sea", "park"), 'The shorter is "At the Sea", 00:00:30 long; "The Park" is 00:01:30 long.'),
        ("longest", ("sea",), '"At the Sea" is 00:00:30 long.'),
        ("newest", ("sea", "park"), 'The newest is "At the Sea", 00:00:30 long.'),
    ],
)
def test_a_question_is_answered_about_the_videos_named_or_all(
    about: LibraryQuestion, videos: tuple[str, ...], text: str
) -> None:
    assert said(about, *videos) == text


def test_a_list_names_every_visible_video_and_its_length() -> None:
    listed = said(None)
    assert "The Park (park), 00:01:30" in listed
    assert "At the Sea (sea), 00:00:30" in listed
    assert "Secret" not in listed
    assert said("list") == listed


@pytest.mark.parametrize("about", ["list", "count", "sources"])
def test_what_is_told_of_several_can_be_counted_in(about: LibraryQuestion) -> None:
    assert (reply(about).listed, reply(about).video) == (("park", "sea"), None)


@pytest.mark.parametrize(("about", "video"), [("longest", "park"), ("newest", "sea")])
def test_what_is_told_of_one_makes_it_the_one_to_talk_about(about: LibraryQuestion, video: str) -> None:
    assert (reply(about).video, reply(about).listed) == (video, ())


@pytest.mark.parametrize("about", ["list", "count", "longest", "length", "newest", "sources"])
def test_of_an_empty_library_there_is_nothing_but_that_to_say(about: LibraryQuestion) -> None:
    empty = MemoryLibrary()
    assert "empty" in said(about, shelf=empty)
    assert reply(about, shelf=empty).listed == ()


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("Which videos have no speech?", "1 video has no speech:\n1. At the Sea (sea), 00:00:30"),
        ("which don't have any captions", "1 video has no captions:\n1. At the Sea (sea), 00:00:30"),
        ("films without captions or speech", "1 video has no captions or speech:\n1. At the Sea (sea), 00:00:30"),
        ("videos with captions but no subtitles", "2 videos have no subtitles:\n1. The Park"),
        ("videos with no subtitles but captions", "2 videos have no subtitles:\n1. The Park"),
        ("which videos have speech?", '"The Park" has captions, speech.'),
    ],
)
def test_what_lacks_a_kind_of_text_is_listed_alone(words: str, text: str) -> None:
    assert said("sources", words=words).startswith(text)


def test_films_of_which_no_text_says_a_word_are_listed_and_what_has_a_kind_of_text_is_counted() -> None:
    told = said("list", words="Which films have no dogs?")
    assert told == 'No text of this video says "dogs":\n1. At the Sea (sea), 00:00:30'
    park = MemoryLibrary((video_of("park", "The Park", 90.0), [(0, 5, "A dog.")]))
    assert said("list", shelf=park, words="which films have no dog") == 'Every video has a text that says "dog".'
    assert said("sources", words="how many videos have speech?") == "1 of 2 videos has speech."
    assert said("sources", shelf=park, words="how many videos have subtitles?") == "0 of 1 video have subtitles."


def test_where_nothing_lacks_it_that_is_said() -> None:
    park = MemoryLibrary((video_of("park", "The Park", 90.0), [(0, 5, "A dog.")]))
    assert said("sources", shelf=park, words="which have no captions?") == "Every video has captions."
    assert reply("sources", shelf=park, words="which have no captions?").listed == ()
    assert reply("sources", words="which have no captions?").listed == ("sea",)


def test_of_one_video_that_is_named_its_texts_are_told_all_the_same() -> None:
    assert said("sources", "park", words="does The Park have no speech?") == '"The Park" has captions, speech.'


def test_it_needs_no_moments_and_is_told() -> None:
    assert LIBRARY.gather is None
    assert reply("count").judgement.verdict == "told"
