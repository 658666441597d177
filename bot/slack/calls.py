"""Calls of Slack's Web API, tried again where that can help, and errors that say what is wrong in words of ours."""

import logging
import time
from collections.abc import Callable
from http.client import HTTPException
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.error import URLError

from bot.errors import SERVICE_MISSING, AssistantError

if TYPE_CHECKING:
    from slack_sdk import WebClient
    from slack_sdk.web import SlackResponse

log = logging.getLogger(__name__)

T = TypeVar("T")

TRIES = 5
"""Calls at most of what fails for the time being."""

LONGEST_PAUSE = 120.0
"""Seconds to wait between two tries at most; Slack may ask for more, and then the work waits its turn again."""

TIMEOUT = 30
"""Seconds that a call may take."""

GONE = frozenset(["channel_not_found", "not_in_channel", "is_archived", "thread_not_found", "message_not_found"])
"""Errors after which nothing can be said where it was to be said."""

OUT = frozenset(["invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive", "app_uninstalled"])
"""Errors after which the app can do nothing at all."""

PASSING = frozenset(["internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"])
"""Errors that Slack reports for a while, and that say nothing of what was asked."""


class SlackRefused(AssistantError):
    """Slack does not do what is asked of it; `error` is its name for the reason."""

    code = "slack_refused"
    exit_code = SERVICE_MISSING

    def __init__(self, method: str, error: str) -> None:
        super().__init__(f"Slack refuses {method}: {error}", "`vdialog doctor` checks tokens and scopes.")
        self.error = error

    @property
    def is_gone(self) -> bool:
        """Whether nothing can be said any more where it was to be said."""
        return self.error in GONE

    @property
    def is_out(self) -> bool:
        """Whether the app can do nothing at all any more."""
        return self.error in OUT


class SlackUnreachable(AssistantError):
    """Slack could not be asked, for longer than one waits; whether the last call was done is not known."""

    code = "slack_unreachable"
    exit_code = SERVICE_MISSING

    def __init__(self, method: str, after: float = 0.0) -> None:
        super().__init__(f"Slack does not answer {method}", "Check the connection; it is tried again.")
        self.after = after


class Retrying:
    """Does calls, and waits and tries again where Slack asks for it or fails for the time being.

    Args:
        sleep: waits so many seconds; returns early, with True, where the app is to end.
        tries: calls at most of what fails for the time being.
    """

    def __init__(self, sleep: Callable[[float], object] = time.sleep, tries: int = TRIES) -> None:
        self._sleep = sleep
        self._tries = tries

    def __call__(self, method: Callable[..., "SlackResponse"], **given: Any) -> "SlackResponse":
        """Return what Slack answers to a call that may be done twice without harm.

        Raises:
            SlackRefused: it does not do it.
            SlackUnreachable: it fails for too long.
        """
        return self.until(lambda: method(**given), method.__name__)

    def pause(self, seconds: float) -> None:
        """Wait."""
        self._sleep(seconds)

    def until(
        self,
        call: Callable[[], T],
        name: str,
        before_again: Callable[[], T | None] = lambda: None,
    ) -> T:
        """Return what a call returns.

        Args:
            call: what is done, any number of times.
            name: of the method.
            before_again: is asked where it is not known whether a call was done; it returns what stands for the answer
                if it was.
        """
        for tried in range(self._tries):
            pause = min(2.0**tried, LONGEST_PAUSE)
            try:
                return call()
            except (SlackRefused, SlackUnreachable):
                raise
            except errors() as error:
                wanted = _wait_asked_for(error)
                if wanted is None and (refused := refusal_of(error, name)) is not None:
                    raise refused from error
                if wanted is not None and wanted > LONGEST_PAUSE:
                    raise SlackUnreachable(name, wanted) from error
                log.info("%s failed (%s); it is tried again", name, type(error).__name__)
            if tried + 1 < self._tries:
                self._sleep(pause if wanted is None else wanted)
                if wanted is None and (done := before_again()) is not None:
                    return done
        raise SlackUnreachable(name)


def client(token: str, base_url: str) -> "WebClient":
    """Return a client that tries nothing again by itself: `Retrying` does, and knows what must not be done twice."""
    from slack_sdk import WebClient

    return WebClient(token=token or None, base_url=base_url, timeout=TIMEOUT, retry_handlers=[])


def errors() -> tuple[type[Exception], ...]:
    """Return what a call may raise, whoever does it."""
    from slack_sdk.errors import SlackApiError, SlackClientError

    return SlackRefused, SlackUnreachable, SlackApiError, SlackClientError, URLError, HTTPException, OSError


def _status(error: Exception) -> int:
    response = getattr(error, "response", None)
    if isinstance(response, dict):  # of an answer that is no JSON
        return int(response.get("status", 0))
    return int(getattr(response, "status_code", 0))


def _wait_asked_for(error: Exception) -> float | None:
    """Return the seconds that Slack asks to wait for, None where it does not."""
    from slack_sdk.errors import SlackApiError

    if not isinstance(error, SlackApiError):
        return None
    if _status(error) != 429 and error.response.get("error") not in ("ratelimited", "rate_limited"):
        return None
    headers = error.response["headers"] if isinstance(error.response, dict) else error.response.headers
    named = {name.lower(): value for name, value in dict(headers or {}).items()}
    asked = named.get("retry-after", 1)
    try:
        return max(0.0, float(asked[0] if isinstance(asked, list) else asked))
    except ValueError:
        return 1.0


def refusal_of(error: BaseException, name: str) -> SlackRefused | None:
    """Return what an error means that no waiting changes; None for any other."""
    if isinstance(error, SlackRefused):
        return error
    from slack_sdk.errors import SlackApiError

    if not isinstance(error, SlackApiError) or _status(error) >= 500:
        return None
    said = error.response.get("error")
    return None if said is None or said in PASSING else SlackRefused(name, str(said))
