import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.slack.mrkdwn import Links, escaped

LINKS = Links("https://media.example/{title}?t={start}")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<!channel> and <@U123>", "‹!channel&gt; and ‹[at]U123&gt;"),
        ("<#C123|general> #general", "‹＃C123｜general&gt; ＃general"),
        ("<https://a.example|hi>", "‹https[:]//a[.]example｜hi&gt;"),
        ("&lt;!channel&gt;", "&amp;lt;!channel&amp;gt;"),
        ("*bold* _it_ ~gone~ `code`", "∗bold∗ ＿it＿ ∼gone∼ ˋcodeˋ"),
        (":tada: :+1: ::skin-tone-2:", "∶tada: ∶+1: :∶skin-tone-2:"),
        ("> said", "› said"),
        ("# Head\n- one\n---", "＃ Head\n‐ one\n‐‐‐"),
    ],
)
def test_nothing_of_a_text_comes_alive(text: str, shown: str) -> None:
    assert escaped(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "It leaves at 00:01:23-00:02:00 [1]. Then: 5 boats, snake_case, C#, #1, 3 of 4.",
        "one\ntwo - three\n1. four",
    ],
)
def test_ordinary_words_stay_as_they_are(text: str) -> None:
    assert escaped(text) == text


def test_signs_of_the_markup_are_shown() -> None:
    assert escaped("a & b, 3 < 4 > 2") == "a &amp; b, 3 &lt; 4 &gt; 2"


HOSTILE = st.text(st.sampled_from("ab1.:/@<>[]()!#|*_~`&;\\-=+\n \u200b wW") | st.characters(), max_size=40)
LIVE = re.compile(
    r"<|>|&(?!(?:amp|lt|gt);)|://|(?<!\w)@\w|\bwww\.|\]\(|[*~`]|(?<![^\W_])_|_(?![^\W_])|#[\w-]*[^\W\d]", re.IGNORECASE
)
EMOJI = re.compile(r":[^\s:]+:")


@given(HOSTILE)
def test_no_text_has_anything_live_in_mrkdwn(text: str) -> None:
    shown = escaped(text)
    assert not LIVE.search(shown)
    assert all(re.match(r":[0-5]\d(?!\d)", found[0]) for found in EMOJI.finditer(shown))
    assert not re.search(r"^\s*&gt;", shown, re.MULTILINE)


@given(HOSTILE)
@example("+")
def test_markdown_finds_no_format_and_no_link_in_any_text(text: str) -> None:
    found = MarkdownIt("gfm-like", {"linkify": False}).parse(escaped(text))
    kinds = {inner.type for token in found for inner in (token, *(token.children or []))}
    harmless = {"paragraph", "ordered_list", "list_item"}
    assert {kind.removesuffix("_open").removesuffix("_close") for kind in kinds} <= harmless | {
        *("inline", "text", "text_special", "softbreak", "hardbreak"),
    }


@given(HOSTILE, st.floats(0, 1e6))
def test_a_link_to_a_moment_leads_to_the_host_of_the_template(title: str, start: float) -> None:
    address = LINKS.moment(title, "clip", start)
    assert address is not None and re.fullmatch(r"https://media\.example/[\w.~%-]*\?t=\d+", address, re.ASCII)
    assert re.fullmatch(r"<https://media\.example/[^<>|\s]*\|Open>", LINKS.written(address, "Open"))


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("https://media.example/x", True),
        ("https://team.slack.com/archives/C1/p1", True),
        ("https://team.enterprise.slack.com/archives/C1/p1", True),
        ("http://media.example/x", False),
        ("https://media.example@evil.example/x", False),
        ("https://media.example:8443/x", False),
        ("https://evil.example/slack.com", False),
        ("https://slack.com.evil.example/", False),
        ("http://team.slack.com/archives/C1/p1", False),
        ("javascript:alert(1)", False),
        ("https://media.example/x|y", False),
        ("https://media.example/ x", False),
        ("https://[", False),
        ("", False),
    ],
)
def test_only_addresses_of_the_list_become_links(address: str, allowed: bool) -> None:
    assert LINKS.allows(address) == allowed
    assert LINKS.written(address, "*see*").startswith("<") == allowed


def test_without_a_template_there_is_no_link() -> None:
    assert Links().moment("Harbour", "harbour", 3.0) is None
    assert not Links().allows("https://media.example/x")
    assert not Links("{title}").allows("javascript:x"), "a template without a host allows nothing"
