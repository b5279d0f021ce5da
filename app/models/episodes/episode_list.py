"""The list of episodes: a page of the store for a filter, kept up to date."""

from __future__ import annotations

from dataclasses import dataclass, replace

from irevla.app.graph.facts import EpisodeClosed
from irevla.app.graph.records import EpisodeInfo, EpisodePage
from irevla.app.graph.requests import ListEpisodes
from irevla.app.models.episodes.episode_filter import PAGE, QUEUE_FROM, EpisodeFilter
from irevla.app.models.episodes.episode_row import EpisodeRow, episode_row

REFRESH_S = 1.0  # episodes that close faster than this are asked for together
RETRY_S = 5.0
ASKING = "asking the store for its episodes …"
NO_EPISODES = (
    "The store has no episode yet.\n\nRecord a demonstration or run the policy on the live page: "
    "every episode appears here as soon as it is labelled."
)
QUEUE = (
    f"Label and critic differ by {QUEUE_FROM} or more, worst first. Look: relabel what is wrong (Alt+1/2/3), "
    "or the critic errs."
)
EMPTY_QUEUE = (
    "Nothing to check: no label is far from the critic.\n\nOnly labelled episodes with a critic's estimate "
    "(stage 1) can be here; demonstrations have none."
)


@dataclass(frozen=True)
class EpisodeListState:
    """What the table and what stands around it show."""

    rows: tuple[EpisodeRow, ...]
    selected: str  # episode id, may be none of the rows'
    filters: EpisodeFilter
    tasks: tuple[str, ...]
    models: tuple[str, ...]  # hashes
    extent: str  # "1 to 100 of 240"
    can_go_back: bool
    can_go_on: bool
    notice: str  # in place of rows
    trouble: str  # over rows that may be old
    queue: str  # what the queue is; "" while it is not shown


class EpisodeList:
    """Answers are numbered: one to an older filter than the present is dropped."""

    def __init__(self, tasks: tuple[str, ...]) -> None:
        self.filter = EpisodeFilter()
        self.selected = ""
        self.episodes: tuple[EpisodeInfo, ...] = ()
        self.total = 0
        self.offset = 0
        self._tasks, self._models = tasks, tuple[str, ...]()
        self._rows: tuple[EpisodeRow, ...] = ()
        self._number = 0
        self._is_asked = self._is_answered = False
        self._asked_s, self._due_s = float("-inf"), float("inf")
        self._trouble = ""

    def refresh(self) -> None:
        """Ask again soon; rows stay until the answer."""
        self._due_s = min(self._due_s, self._asked_s + REFRESH_S)

    def narrow(self, wanted: EpisodeFilter) -> None:
        """Show other episodes from now on."""
        if wanted != self.filter:
            self.filter = wanted
            self._go_to(0)

    def turn(self, pages: int) -> None:
        """Go some pages on, or back."""
        offset = self.offset + pages * PAGE
        if 0 <= offset < max(1, self.total):
            self._go_to(offset)

    def know_models(self, hashes: tuple[str, ...]) -> None:
        """Offer these models in the filter too."""
        self._models = tuple(dict.fromkeys((*self._models, *(model for model in hashes if model))))

    def request(self, now_s: float) -> tuple[int, ListEpisodes] | None:
        """Return what to ask now and the answer's number; None while there is nothing to ask."""
        if self._is_asked or now_s < self._due_s:
            return None
        self._is_asked, self._asked_s, self._due_s = True, now_s, float("inf")
        return self._number, self.filter.request(self.offset)

    def take(self, number: int, page: EpisodePage) -> None:
        """Take an answer; one that is late is dropped."""
        if number != self._number:
            return
        self._is_asked, self._is_answered, self._trouble = False, True, ""
        self.total = page.total
        if not page.episodes and 0 < page.total <= self.offset:  # episodes went away under the last page
            self._go_to((page.total - 1) // PAGE * PAGE)
        self._show(page.episodes)
        self.know_models(tuple(info.model_hash for info in page.episodes))

    def fail(self, number: int, message: str) -> None:
        """Keep the rows there are, say why they may be old, and ask again in a while."""
        if number == self._number:
            self._is_asked, self._is_answered, self._trouble = False, True, message
            self._due_s = min(self._due_s, self._asked_s + RETRY_S)

    def note_closed(self, fact: EpisodeClosed) -> None:
        """Show a row's new label at once; who gave it, and new rows, come with the next answer."""
        self.refresh()
        for info in self.episodes:
            if info.episode_id == fact.episode_id and info.label != fact.label:
                self.update(replace(info, label=fact.label, label_by=""))

    def update(self, news: EpisodeInfo) -> None:
        """Show what is newly known of an episode, if it is in the list; its thumbnail stays."""
        known = {info.episode_id: info for info in self.episodes}
        before = known.get(news.episode_id)
        if before is None:
            return
        known[news.episode_id] = replace(news, thumbnail=before.thumbnail)
        self._show(tuple(known.values()))
        if before.label != news.label:  # it may no longer belong into this list
            self.refresh()

    def state(self) -> EpisodeListState:
        """Return what to show."""
        seen = (info.task for info in self.episodes)
        last = self.offset + len(self._rows)
        return EpisodeListState(
            rows=self._rows,
            selected=self.selected,
            filters=self.filter,
            tasks=tuple(dict.fromkeys((*self._tasks, *seen))),
            models=self._models,
            extent=f"{self.offset + 1} to {last} of {self.total}" if self._rows else "none",
            can_go_back=self.offset > 0,
            can_go_on=last < self.total and bool(self._rows),
            notice="" if self._rows else self._why_empty(),
            trouble=f"The list may be old: {self._trouble}" if self._trouble and self._rows else "",
            queue=QUEUE if self.filter.is_queue else "",
        )

    def _go_to(self, offset: int) -> None:
        self.offset = offset
        self._number += 1
        self._is_asked = self._is_answered = False
        self._due_s, self._trouble = float("-inf"), ""

    def _show(self, episodes: tuple[EpisodeInfo, ...]) -> None:
        self.episodes = episodes
        self._rows = tuple(episode_row(info) for info in episodes)

    def _why_empty(self) -> str:
        if self._trouble:
            return f"The store did not give its episodes: {self._trouble}\n\nIt is asked again every {RETRY_S:.0f} s."
        conditions = self.filter.words()
        if not self._is_answered or self.total:
            return ASKING
        if conditions:
            where = "in the queue " if self.filter.is_queue else ""
            return f"No episode {where}matches: {conditions}.\n\nTake a filter away, or all of them (Alt+C)."
        return EMPTY_QUEUE if self.filter.is_queue else NO_EPISODES
