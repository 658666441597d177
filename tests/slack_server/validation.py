"""What Slack refuses in the blocks of a message: by the models of its SDK, and by the limits that these leave out."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

MOST_BLOCKS = 50
LONGEST_MARKDOWN = 12_000
"""Characters of all markdown blocks of a message together."""

LONGEST_TEXT = 3_000
LONGEST_FIELD = 2_000


def problems(blocks: object) -> list[str]:
    """Return what is wrong with the blocks of a message; nothing where Slack would take them."""
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        return ["blocks must be a list of objects"]
    found = [f"{len(blocks)} blocks"] if len(blocks) > MOST_BLOCKS else []
    if sum(len(block.get("text", "")) for block in blocks if block.get("type") == "markdown") > LONGEST_MARKDOWN:
        found.append("the markdown blocks are longer than Slack takes")
    named = Counter(block["block_id"] for block in blocks if "block_id" in block)
    found += [f"block_id {name!r} occurs {count} times" for name, count in named.items() if count > 1]
    for place, block in enumerate(blocks):
        found += [f"blocks[{place}]: {wrong}" for wrong in (*_by_the_models(block), *_by_the_limits(block))]
    return found


def _by_the_models(block: dict[str, Any]) -> Iterator[str]:
    try:
        model = Block.parse(block)
        if model is None:
            yield f"no such block: {block.get('type')!r}"
            return
        kept = model.to_dict()
    except (SlackObjectFormationError, TypeError, KeyError, AttributeError) as error:
        yield f"{type(error).__name__}: {error}"
        return
    yield from _lost(block, kept, block.get("type", "block"))


def _lost(given: Any, kept: Any, where: str) -> Iterator[str]:
    """Yield what the models know nothing of, so that Slack would refuse it, or drop it."""
    if isinstance(given, dict) and isinstance(kept, dict):
        for name, value in given.items():
            if name not in kept:
                yield f"{where}.{name} is empty or unknown"
            else:
                yield from _lost(value, kept[name], f"{where}.{name}")
    elif isinstance(given, list) and isinstance(kept, list):
        if len(given) != len(kept):
            yield f"{where}: {len(given) - len(kept)} are unknown"
        for one, same in zip(given, kept, strict=False):
            yield from _lost(one, same, where)
    elif given != kept:
        yield f"{where}: {given!r} is not {kept!r}"


def _by_the_limits(block: dict[str, Any]) -> Iterator[str]:
    kind, elements = block.get("type", ""), block.get("elements", [])
    yield from (f"{kind}: {wrong}" for text in _texts(block) for wrong in _of_text(text))
    for field in block.get("fields", []):
        if len(field.get("text", "")) > LONGEST_FIELD:
            yield f"{kind}: a field of {len(field['text'])} characters"
    named = [element["action_id"] for element in elements if "action_id" in element]
    if len(named) != len(set(named)):
        yield f"{kind}: an action_id occurs twice"
    if kind in ("actions", "context", "context_actions") and not elements:
        yield f"{kind}: no elements"
    if kind == "image" and not block.get("alt_text"):
        yield "image: no alt_text"
    if kind == "image" and ("slack_file" in block) == ("image_url" in block):
        yield "image: either slack_file or image_url"
    for element in elements:
        if element.get("type") == "button":
            yield from _of_button(element)


def _of_text(text: dict[str, Any]) -> Iterator[str]:
    if not text.get("text", "").strip():
        yield "an empty text"
    if text["type"] == "mrkdwn" and "emoji" in text:
        yield "emoji belongs to plain_text"
    if len(text.get("text", "")) > LONGEST_TEXT:
        yield f"a text of {len(text['text'])} characters"


def _of_button(button: dict[str, Any]) -> Iterator[str]:
    if "action_id" not in button:
        yield "button: no action_id"
    if "url" in button and not button["url"].startswith(("https://", "http://")):
        yield f"button: {button['url'][:80]!r} is no address"
    if button.get("text", {}).get("type") != "plain_text":
        yield "button: its label must be plain_text"


def _texts(block: Any) -> Iterator[dict[str, Any]]:
    """Yield the text objects of a block, at any depth."""
    if isinstance(block, dict):
        if block.get("type") in ("plain_text", "mrkdwn"):
            yield block
        for value in block.values():
            yield from _texts(value)
    elif isinstance(block, list):
        for value in block:
            yield from _texts(value)
