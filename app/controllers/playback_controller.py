"""The episode that a person looks into: fetches it, plays it, relabels it, hands out its file and numbers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from irevla.app.controllers.desk import Desk
from irevla.app.controllers.page import Shown
from irevla.app.graph.bridge import Answer
from irevla.app.graph.facts import EpisodeClosed
from irevla.app.graph.records import EpisodeDetail, EpisodeInfo, Pictures
from irevla.app.graph.requests import GetPictures, LabelEpisode
from irevla.app.models.episodes.episode_csv import steps_csv, write_csv
from irevla.app.models.episodes.picture_cache import PictureCache
from irevla.app.models.episodes.playback import Playback
from irevla.config.errors import UserError


class PlaybackView(Protocol):
    """What the controller needs of the player; each ``set_`` is a field of PlaybackState."""

    def on_jump(self, call: Callable[[int], None]) -> None:
        """Have ``call`` called with the row to go to."""

    def on_step(self, call: Callable[[int], None]) -> None:
        """Have ``call`` called with how many rows to go on."""

    def on_toggle(self, call: Callable[[], None]) -> None:
        """Have ``call`` called to play or pause."""

    def on_speed(self, call: Callable[[float], None]) -> None:
        """Have ``call`` called with how many times the recorded speed to play."""

    def on_label(self, call: Callable[[str], None]) -> None:
        """Have ``call`` called with the label to give, or "undo"."""

    def on_copy_path(self, call: Callable[[], None]) -> None:
        """Have ``call`` called to copy where the file lies."""

    def on_open_file(self, call: Callable[[], None]) -> None:
        """Have ``call`` called to open the file in another program."""

    def on_export(self, call: Callable[[], None]) -> None:
        """Have ``call`` called to write the numbers to a file."""

    def copy(self, text: str) -> None:
        """Put text on the clipboard."""

    def open_file(self, path: str) -> bool:
        """Have the desktop open a file; returns whether it knows a program for it."""

    def choose_file(self, name: str, call: Callable[[Path], None]) -> None:
        """Ask where to write, suggesting ``name``; ``call`` is called unless the person thinks better of it."""


class PlaybackController:
    """``on_news`` is told what is newly known of the episode."""

    def __init__(self, desk: Desk, view: PlaybackView, on_news: Callable[[EpisodeInfo], None]) -> None:
        self._desk, self._view, self._on_news = desk, view, on_news
        self._model = Playback(PictureCache())
        self._shown = Shown(view)
        self._now_s = 0.0
        view.on_jump(lambda row: self._model.playhead.jump(row, self._now_s))
        view.on_step(lambda rows: self._model.playhead.step(rows, self._now_s))
        view.on_toggle(lambda: self._model.playhead.toggle(self._now_s))
        view.on_speed(lambda speed: self._model.playhead.set_speed(speed, self._now_s))
        view.on_label(self.label)
        view.on_copy_path(self.copy_path)
        view.on_open_file(self.open_file)
        view.on_export(self.export)

    def open(self, episode_id: str) -> None:
        """Look at an episode from now on; at none with ""."""
        self._model.open(episode_id)

    def take(self, fact: EpisodeClosed) -> None:
        """Ask again if somebody else has labelled the episode."""
        if fact.episode_id == self._model.episode_id:
            self._model.refresh()

    def show(self, now_s: float) -> None:
        """Ask for what is missing, move on while playing, and bring the view up to date."""
        self._now_s = now_s
        wanted = self._model.request(now_s)
        if wanted is not None:
            number, request = wanted
            self._desk.bridge.ask(request, lambda answer: self._on_detail(number, answer))
        for pictures in self._model.picture_requests(now_s):
            self._ask_pictures(pictures)
        self._model.advance(now_s)
        self._shown.show(self._model.state())

    def label(self, label: str) -> None:
        """Relabel the episode, or take its last label back."""
        detail, episode_id, obstacle = self._model.detail, self._model.episode_id, self._model.label_obstacle
        if detail is None or obstacle:
            self._desk.tell("bad", f"not labelled: {obstacle}")
            return
        before = detail.episode.label or "unlabelled"

        def on_answer(answer: Answer) -> None:
            if not answer.success:
                words = f"not labelled: {answer.message or 'it was refused without a reason'}"
                self._desk.tell("bad", words)
            else:
                words = f"✓ was {before}"
                now = f"{before} taken back" if label == "undo" else f"{before} → {label}"
                self._desk.tell("good", f"{episode_id}: {now}")
            self._model.labelled(episode_id, words)

        self._model.label()
        self._desk.bridge.ask(LabelEpisode(label=label, who=self._desk.operator, episode_id=episode_id), on_answer)

    def copy_path(self) -> None:
        """Put on the clipboard where the file lies."""
        detail = self._model.detail
        if detail is not None:
            self._view.copy(detail.episode.path)
            self._desk.tell("info", f"copied: {detail.episode.path}")

    def open_file(self) -> None:
        """Open the file in Foxglove, or whatever the desktop has for MCAP."""
        detail = self._model.detail
        if detail is None:
            return
        path = detail.episode.path
        if not Path(path).is_file():
            self._desk.tell("bad", f"the file is not on this machine; on the session's machine it is {path}")
        elif not self._view.open_file(path):
            self._desk.tell("bad", f"this desktop has no program for MCAP files: install Foxglove, then open {path}")
        else:
            self._desk.tell("info", f"opening {path}")

    def export(self) -> None:
        """Write the numbers of every step to a file."""
        detail = self._model.detail
        if detail is not None:
            self._view.choose_file(f"{detail.episode.episode_id}.csv", lambda path: self._write(path, detail))

    def _write(self, path: Path, detail: EpisodeDetail) -> None:
        try:
            write_csv(path, steps_csv(detail))
        except UserError as error:
            self._desk.tell("bad", str(error))
        else:
            self._desk.tell("good", f"wrote {len(detail.stamps_ns)} steps to {path}")

    def _on_detail(self, number: int, answer: Answer) -> None:
        if not answer.success or not isinstance(answer.result, EpisodeDetail):
            self._model.fail(number, answer.message or "the store did not give this episode, without a reason")
        elif self._model.take(number, answer.result):
            self._on_news(answer.result.episode)

    def _ask_pictures(self, request: GetPictures) -> None:
        def on_answer(answer: Answer) -> None:
            if answer.success and isinstance(answer.result, Pictures):
                self._model.pictures.take(request, answer.result.pictures)
            else:
                self._model.pictures.refuse(request, answer.message or "no pictures, without a reason", self._now_s)

        self._desk.bridge.ask(request, on_answer)
