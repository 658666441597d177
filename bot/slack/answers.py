"""From an answer to its posts: the text, a question back, and a card for each moment that it shows."""

import logging
from dataclasses import replace

from bot.actions.access import Access
from bot.actions.showing import moment_of
from bot.dialogue.messages import Answer, Citation
from bot.slack.blocks import BLOCKS
from bot.slack.files import Files
from bot.slack.jobs import Lease
from bot.slack.mrkdwn import Links
from bot.slack.posts import Card, Post, Told, alt_text, answered, asking_back, moments, shareable
from bot.slack.served import Served
from retrieval.errors import NotInLibrary
from retrieval.ingest.relink import media
from retrieval.types import Moment

log = logging.getLogger(__name__)

SHOWN = 5
"""Moments of an answer that get a card."""


class AnswerPosts:
    """Makes posts of answers.

    Args:
        served: what the app answers from.
        links: where moments can be watched.
        files: uploads keyframes.
    """

    def __init__(self, served: Served, links: Links, files: Files) -> None:
        self._served = served
        self._links = links
        self._files = files

    def reply(self, answer: Answer, lease: Lease, access: Access) -> Told:
        """Return an answer as posts, in their order; what only one person sees can be shared."""
        reply = str(lease.number)
        if answer.verdict == "clarify" and answer.choices:
            told = Told((asking_back(answer, reply),))
        else:
            told = answered(answer, reply)
        cards = [self._card(one, reply, access) for one in answer.citations[:SHOWN]]
        made = _together(list(told.posts), list(moments(cards)))
        if lease.job.hidden:
            made = [*made[:-1], shareable(made[-1], reply)]
        return Told(tuple(made), told.whole)

    def _card(self, citation: Citation, reply: str, access: Access) -> Card:
        moment = self._moment(citation, access)
        link = self._links.moment(citation.title, citation.video_id, citation.span.start)
        card = Card(citation, reply, moment.text if moment else "", None, link, self._has_file(citation, access))
        if moment is None or citation.keyframe is None:
            return card
        key = self._served.shelf.naming.key(citation.video_id, access.visible)
        return replace(card, keyframe=self._files.keyframe(citation.keyframe, key, alt_text(card)))

    def _has_file(self, citation: Citation, access: Access) -> bool:
        try:
            video = self._served.shelf.video(citation.video_id, access.visible)
        except NotInLibrary:
            return False
        return video.state != "imported" and media(video) is not None

    def _moment(self, citation: Citation, access: Access) -> Moment | None:
        try:
            return moment_of(citation, self._served.shelf, access.visible)
        except NotInLibrary:
            return None


def _together(text: list[Post], cards: list[Post]) -> list[Post]:
    """Return posts in which the first cards stand in the last message of the text, where there is room."""
    if not text or not cards or len(text[-1].blocks) + len(cards[0].blocks) > BLOCKS:
        return [*text, *cards]
    first = replace(text[-1], blocks=(*text[-1].blocks, *cards[0].blocks))
    return [*text[:-1], first, *cards[1:]]
