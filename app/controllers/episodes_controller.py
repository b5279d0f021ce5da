"""The episodes page: lists what the store holds, and hands the chosen episode to the player."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from irevla.app.controllers.desk import Desk
from irevla.app.controllers.page import Shown
from irevla.app.controllers.playback_controller import PlaybackController, PlaybackView
from irevla.app.graph.bridge import Answer
from irevla.app.graph.facts import EpisodeClosed, Fact
from irevla.app.graph.records import EpisodePage, Lineage
from irevla.app.graph.requests import ListModels
from irevla.app.models.episodes.episode_csv import episodes_csv, write_csv
from irevla.app.models.episodes.episode_filter import EpisodeFilter
from irevla.app.models.episodes.episode_list import EpisodeList
from irevla.config.errors import UserError


class EpisodesView(Protocol):
    """What the controller needs of the page; each ``set_`` is a field of EpisodeListState."""

    def on_filter(self, call: Callable[[EpisodeFilter], None]) -> None:
        """Have ``call`` called with what to show."""

    def on_select(self, call: Callable[[str], None]) -> None:
        """Have ``call`` called with the chosen episode, "" when the player is closed."""

    def on_turn(self, call: Callable[[int], None]) -> None:
        """Have ``call`` called with how many pages to go on."""

    def on_refresh(self, call: Callable[[], None]) -> None:
        """Have ``call`` called to ask the store again."""

    def on_export(self, call: Callable[[], None]) -> None:
        """Have ``call`` called to write the rows to a file."""

    def choose_file(self, name: str, call: Callable[[Path], None]) -> None:
        """Ask where to write, suggesting ``name``; ``call`` is called unless the person thinks better of it."""


class EpisodesController:
    """A Page."""

    def __init__(self, desk: Desk, view: EpisodesView, player: PlaybackView) -> None:
        self._desk, self._view = desk, view
        self._model = EpisodeList(desk.tasks)
        self._shown = Shown(view)
        self._player = PlaybackController(desk, player, self._model.update)
        view.on_filter(self._model.narrow)
        view.on_select(self.select)
        view.on_turn(self._model.turn)
        view.on_refresh(self._model.refresh)
        view.on_export(self.export)

    def take(self, fact: Fact) -> None:
        """Note that an episode was labelled."""
        if isinstance(fact, EpisodeClosed):
            self._model.note_closed(fact)
            self._player.take(fact)

    def show(self, now_s: float) -> None:
        """Ask for what is due, and bring page and player up to date."""
        wanted = self._model.request(now_s)
        if wanted is not None:
            number, request = wanted
            self._desk.bridge.ask(request, lambda answer: self._on_page(number, answer))
        self._shown.show(self._model.state())
        self._player.show(now_s)

    def opened(self) -> None:
        """Ask what the store holds now, and which models there are to filter by."""
        self._model.refresh()
        self._desk.bridge.ask(ListModels(), self._on_models)

    def select(self, episode_id: str) -> None:
        """Look into an episode."""
        self._model.selected = episode_id
        self._player.open(episode_id)

    def export(self) -> None:
        """Write the rows of the table to a file."""
        if self._model.episodes:
            self._view.choose_file("episodes.csv", self._write)
        else:
            self._desk.tell("bad", "there is no row to export: the table is empty")

    def _write(self, path: Path) -> None:
        episodes, total = self._model.episodes, self._model.total
        try:
            write_csv(path, episodes_csv(episodes))
        except UserError as error:
            self._desk.tell("bad", str(error))
        else:
            self._desk.tell("good", f"wrote {len(episodes)} of {total} episodes, the rows of this page, to {path}")

    def _on_page(self, number: int, answer: Answer) -> None:
        if answer.success and isinstance(answer.result, EpisodePage):
            self._model.take(number, answer.result)
        else:
            self._model.fail(number, answer.message or "the store gave no reason")

    def _on_models(self, answer: Answer) -> None:
        """Without a lineage the filter offers the models that the episodes name."""
        if isinstance(answer.result, Lineage):
            self._model.know_models(tuple(model.model_hash for model in reversed(answer.result.models)))
