"""Every page of the episodes that match, however many there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from irevla.app.graph.bridge import Answer, Bridge
from irevla.app.graph.records import EpisodeInfo, EpisodePage
from irevla.app.graph.requests import ListEpisodes

PAGE = 200


class EpisodeCollector:
    """Asks page after page, one at a time; a new question drops the answers to the one before."""

    def __init__(
        self, bridge: Bridge, on_done: Callable[[tuple[EpisodeInfo, ...]], None], on_refused: Callable[[str], None]
    ) -> None:
        self._bridge, self._on_done, self._on_refused = bridge, on_done, on_refused
        self._question = 0

    def collect(self, requests: Sequence[ListEpisodes]) -> None:
        """Gather what all the requests match, each episode once."""
        self._question += 1
        self._ask([replace(request, offset=0, limit=PAGE) for request in requests], {}, self._question)

    def _ask(self, requests: list[ListEpisodes], found: dict[str, EpisodeInfo], question: int) -> None:
        if not requests:
            self._on_done(tuple(found.values()))
            return
        request, *others = requests

        def on_answer(answer: Answer) -> None:
            if question != self._question:
                return
            if not answer.success or not isinstance(answer.result, EpisodePage):
                self._on_refused(answer.message or "the session does not say what is in the store")
                return
            page = answer.result
            found.update((episode.episode_id, episode) for episode in page.episodes)
            following = request.offset + len(page.episodes)
            has_more = page.episodes and following < page.total
            self._ask([replace(request, offset=following), *others] if has_more else others, found, question)

        self._bridge.ask(request, on_answer)
