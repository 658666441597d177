"""Plain text as Slack's own markup, in which nothing of it comes alive, and the few links that may be live.

What is escaped here reads the same in the two markups that Slack knows: its own (mrkdwn), which is read in `text` and
in sections, and Markdown, which is read in streams. There is no way to escape a mark of either in both, so marks are
replaced by signs that look like them. Pure.
Why: docs/decisions/untrusted-text.md.
"""

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from bot.untrusted import inert
from retrieval.types import whole

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_LOOKALIKES = {
    "*": "\N{ASTERISK OPERATOR}",
    "~": "\N{TILDE OPERATOR}",
    "`": "\N{MODIFIER LETTER GRAVE ACCENT}",
    "_": "\N{FULLWIDTH LOW LINE}",
    "#": "\N{FULLWIDTH NUMBER SIGN}",
    ":": "\N{RATIO}",
    ">": "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}",
    "-": "\N{HYPHEN}",
    "=": "\N{FULLWIDTH EQUALS SIGN}",
    "+": "\N{FULLWIDTH PLUS SIGN}",
    "|": "\N{FULLWIDTH VERTICAL LINE}",
    "\\": "\N{SET MINUS}",
}

_MARK = re.compile(
    r"[*~`|\\]"
    r"|(?<![^\W_])_|_(?![^\W_])"  # an underscore within a word marks nothing
    r"|#(?=[\w-]*[^\W\d])"  # the name of a channel
    r"|^[^\S\n]*#+(?=\s|$)"  # a heading
    r"|^[^\S\n]*>+"  # a quotation
    r"|^[^\S\n]*[-+](?=\s|$)"  # a list
    r"|^[^\S\n]*[-=][-=\s]*$"  # a rule, or the line below a heading
    r"|(?<!\d):(?=[^\s:]+:)|:(?![0-5]\d(?!\d))(?=[^\s:]+:)",  # an emoji; 00:01:23 is a time
    re.MULTILINE,
)
_INDENT = re.compile(r"^[^\S\n]{4,}", re.MULTILINE)

_PERMALINK_HOST = re.compile(r"[a-z0-9-]+(?:\.enterprise)?\.slack\.com")
_MUST_BE_QUOTED = re.compile(r"[\s<>|\"]")


def escaped(text: str) -> str:
    """Return a text of any origin as markup that shows it and does nothing: no format, mention, channel, link, emoji.

    It has up to five times as many characters. It is read as it stands both by mrkdwn and by Markdown.
    """
    shown = _INDENT.sub("   ", inert(whole(text)))
    shown = _MARK.sub(lambda mark: "".join(_LOOKALIKES.get(sign, sign) for sign in mark[0]), shown)
    return re.sub("[&<>]", lambda sign: _ENTITIES[sign[0]], shown)


@dataclass(frozen=True, slots=True)
class Links:
    """The addresses that a post may link to: those of the template, and Slack's own permalinks.

    Attributes:
        template: an address with `{title}`, `{video}` or `{start}` (whole seconds) in it; "" for none.
    """

    template: str = ""

    def moment(self, title: str, video_id: str, start: float) -> str | None:
        """Return where a moment can be watched; None without a template, or where the address leads elsewhere."""
        if not self.template:
            return None
        given = {"title": title, "video": video_id, "start": str(int(start))}
        address = re.sub(
            r"\{(title|video|start)\}", lambda field: quote(whole(given[field[1]]), safe=""), self.template
        )
        return address if self.allows(address) else None

    def allows(self, address: str) -> bool:
        """Tell whether a post may link to an address."""
        if _MUST_BE_QUOTED.search(address):
            return False
        try:
            parts, ours = urlsplit(address), urlsplit(self.template)
        except ValueError:
            return False
        if parts.scheme == "https" and _PERMALINK_HOST.fullmatch(parts.netloc):
            return True
        return (parts.scheme, parts.netloc) == (ours.scheme, ours.netloc) and ours.scheme in ("http", "https")

    def written(self, address: str, label: str) -> str:
        """Return a link in mrkdwn, or the label alone where the address is not allowed."""
        shown = escaped(" ".join(label.split()))
        return f"<{address.replace('&', '&amp;')}|{shown}>" if shown and self.allows(address) else shown
