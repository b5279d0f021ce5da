"""One episode that a person looks into: its pictures, numbers and labels, at one row."""

from __future__ import annotations

import math
from dataclasses import dataclass

from irevla.app.graph.records import EpisodeDetail, LabelChange
from irevla.app.graph.requests import GetEpisode, GetPictures
from irevla.app.models.episodes.episode_curves import EpisodeCurves, episode_curves
from irevla.app.models.episodes.episode_row import Tone, label_words, policy_words, seconds, when
from irevla.app.models.episodes.picture_cache import PictureCache
from irevla.app.models.episodes.playhead import Playhead
from irevla.app.models.episodes.readout import Readout, readout

ASK_PERIOD_S = 0.15  # a held-down arrow key runs through the table faster than the store should be asked
LOADING = "loading …"


@dataclass(frozen=True)
class CameraPicture:
    """What a camera saw; ``words`` say why there is no picture."""

    camera: str
    picture: bytes  # JPEG
    words: str = ""


@dataclass(frozen=True)
class PlaybackState:
    """What the player shows."""

    is_open: bool
    title: str
    about: str
    trouble: str
    rows: int
    row: int
    position: str
    is_playing: bool
    speed: float
    cameras: tuple[CameraPicture, ...]
    curves: EpisodeCurves | None
    readout: Readout
    label: tuple[str, Tone]
    can_label: bool
    confirmation: str
    history: tuple[str, ...]  # newest first


class Playback:
    """Answers are numbered: one about an episode that is no longer looked at is dropped."""

    def __init__(self, pictures: PictureCache) -> None:
        self.playhead = Playhead()
        self.pictures = pictures
        self.episode_id = ""
        self.detail: EpisodeDetail | None = None
        self._curves: EpisodeCurves | None = None
        self._number, self._asked_s = 0, float("-inf")
        self._is_due = self._is_labelling = False
        self._trouble = self._confirmation = ""

    def open(self, episode_id: str) -> None:
        """Look at another episode, "" at none."""
        if episode_id == self.episode_id:
            return
        self.episode_id = episode_id
        self.detail = self._curves = None
        self._trouble = self._confirmation = ""
        self._is_labelling = False
        self.playhead.load(0)
        self.refresh()

    def refresh(self) -> None:
        """Ask for the episode's numbers and labels again; the row that is looked at stays."""
        self._number += 1
        self._is_due = bool(self.episode_id)

    def request(self, now_s: float) -> tuple[int, GetEpisode] | None:
        """Return what to ask now and the answer's number; None while there is nothing to ask."""
        if not self._is_due or now_s - self._asked_s < ASK_PERIOD_S:
            return None
        self._is_due, self._asked_s = False, now_s
        return self._number, GetEpisode(episode_id=self.episode_id)

    def take(self, number: int, detail: EpisodeDetail) -> bool:
        """Take an answer; returns whether it was still wanted."""
        if number != self._number:
            return False
        if self.detail is None:
            self.playhead.load(len(detail.stamps_ns))
            self._curves = episode_curves(detail)
        self.detail, self._trouble = detail, ""
        return True

    def fail(self, number: int, message: str) -> None:
        """Say why there is nothing, or nothing newer, to see."""
        if number == self._number:
            self._trouble = message

    @property
    def label_obstacle(self) -> str:
        """Why the episode cannot be labelled now, "" if it can."""
        if self.detail is None:
            return "no episode is open here: choose one in the table, then label it"
        if self.detail.episode.state != "closed":
            return f"this episode is {self.detail.episode.state}: only a closed one can be labelled"
        return "its last label is still on the way to the store" if self._is_labelling else ""

    def label(self) -> None:
        """Note that a label is under way."""
        self._is_labelling, self._confirmation = True, "labelling …"

    def labelled(self, episode_id: str, words: str) -> None:
        """Note how it ended."""
        if episode_id == self.episode_id:
            self._is_labelling, self._confirmation = False, words
            self.refresh()

    def picture_requests(self, now_s: float) -> tuple[GetPictures, ...]:
        """Return which pictures to ask for now."""
        if self.detail is None or not self.detail.episode.has_images:
            return ()
        head = self.playhead
        return self.pictures.ask(self.episode_id, self.detail.cameras, head.row, head.rows, now_s)

    def advance(self, now_s: float) -> None:
        """Move on by itself while it plays."""
        self.playhead.advance(now_s, self._is_ready)

    def state(self) -> PlaybackState:
        """Return what to show now."""
        detail, head = self.detail, self.playhead
        rows = head.rows if detail is not None else 0
        return PlaybackState(
            is_open=bool(self.episode_id),
            title=self.episode_id if detail is None else detail.episode.instruction or detail.episode.task,
            about=LOADING if detail is None and not self._trouble else _about(detail),
            trouble=self._trouble,
            rows=rows,
            row=head.row,
            position="" if detail is None else _position(detail, head.row),
            is_playing=head.is_playing,
            speed=head.speed,
            cameras=self._cameras(),
            curves=self._curves,
            readout=readout(detail, head.row) if detail is not None and rows else Readout(),
            label=("", "") if detail is None else label_words(detail.episode),
            can_label=not self.label_obstacle,
            confirmation=self._confirmation,
            history=() if detail is None else tuple(history_line(change) for change in reversed(detail.labels)),
        )

    def _is_ready(self, row: int) -> bool:
        """Whether playing may show the row: its pictures are here, or will not come."""
        detail = self.detail
        return (
            detail is None
            or not detail.episode.has_images
            or all(
                self.pictures.find(self.episode_id, camera, row) is not None
                or self.pictures.refusal(self.episode_id, camera, row)
                for camera in detail.cameras
            )
        )

    def _cameras(self) -> tuple[CameraPicture, ...]:
        detail, row = self.detail, self.playhead.row
        if detail is None:
            return ()
        if not detail.episode.has_images or not detail.cameras:
            return (CameraPicture("", b"", "The pictures of this episode were not kept; its numbers were."),)
        shown = []
        for camera in detail.cameras:
            picture = self.pictures.find(self.episode_id, camera, row)
            words = LOADING if picture is None else "" if picture else "no picture of this step"
            shown.append(
                CameraPicture(camera, picture or b"", self.pictures.refusal(self.episode_id, camera, row) or words)
            )
        return tuple(shown)


def history_line(change: LabelChange) -> str:
    """Return an entry of the label log in plain words."""
    delay = "" if math.isnan(change.delay_s) else f", {seconds(change.delay_s)} after the end"
    old, new = change.old or "unlabelled", change.label or "unlabelled"
    return f"{when(change.stamp)}  {old} → {new}, by {change.who}{delay}"


def _position(detail: EpisodeDetail, row: int) -> str:
    stamps_ns = detail.stamps_ns
    if not len(stamps_ns):
        return "no steps"
    return f"step {row + 1} of {len(stamps_ns)}   {(stamps_ns[row] - stamps_ns[0]) / 1e9:.1f} s"


def _about(detail: EpisodeDetail | None) -> str:
    if detail is None:
        return ""
    info = detail.episode
    parts = (
        when(info.created),
        info.task,
        f"{info.kind}, {info.mode}" + (", exploring" if info.explore else ""),
        f"policy {policy_words(info)}" if info.model_hash else "",
        f"seed {info.seed}",
        f"ran {seconds(info.run_s)}",
        info.reason,
    )
    return " · ".join(part for part in parts if part)
