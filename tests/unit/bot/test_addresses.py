import pytest

from bot.addresses import address, is_loopback
from bot.errors import ConfigurationError


def read(url: str) -> str | None:
    return address(url, "VDIALOG_X_URL", "http://127.0.0.1:1", "VDIALOG_X_TOKEN").hostname


@pytest.mark.parametrize("url", ["http://127.0.0.1:11434", "https://[::1]/v1", "http://models.example"])
def test_an_address_is_read(url: str) -> None:
    assert read(url) in url


@pytest.mark.parametrize(
    "url",
    ["", "127.0.0.1:9200", "ftp://a.example", "http://", "http://[::1", "http://a:b", "http://a:0", "http://a:99999"],
)
def test_what_is_no_address_is_refused_by_the_name_of_its_setting(url: str) -> None:
    with pytest.raises(ConfigurationError, match="VDIALOG_X_URL is no address") as raised:
        read(url)
    assert "http://127.0.0.1:1" in raised.value.hint


@pytest.mark.parametrize("url", ["http://u:hidden@127.0.0.1", "https://u@a.example", "http://:hidden@a.example"])
def test_an_address_holds_no_password_and_what_it_held_is_not_said(url: str) -> None:
    with pytest.raises(ConfigurationError, match="holds a user or a password") as raised:
        read(url)
    assert "VDIALOG_X_TOKEN" in raised.value.hint
    assert "hidden" not in f"{raised.value.message}{raised.value.hint}"


def test_this_machine_has_many_names() -> None:
    assert all(map(is_loopback, ["127.0.0.1", "127.1.2.3", "::1", "localhost"]))
    assert not any(map(is_loopback, ["10.0.0.7", "127.0.0.1.evil.example", "localhost.example", "", "0.0.0.0"]))
