"""A made-up episode store that can be listed, looked into and relabelled."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from irevla.app.graph.bridge import Answer
from irevla.app.graph.facts import EpisodeClosed, Fact
from irevla.app.graph.fake.drawing import draw_picture
from irevla.app.graph.fake.episodes import disagreement, first_label, make_episodes
from irevla.app.graph.fake.motion import CAMERAS, Motion, make_detail, make_motion
from irevla.app.graph.records import EpisodeInfo, EpisodePage, LabelChange, Made, Pictures, StartScene
from irevla.app.graph.requests import GetEpisode, GetPictures, GetStartScene, LabelEpisode, ListEpisodes, Request

LABELS = ("success", "failure", "discard")
DEFAULT_LIMIT, MOST_PICTURES = 100, 100
KEPT_PICTURES = 4000  # about 5 KB each


class FakeStore:
    """A FakePart with about 240 episodes of three days; the same ones for a seed and a time."""

    def __init__(self, seed: int, wall_s: float, now_s: float = 0.0) -> None:
        """``wall_s``: seconds since 1970 when the bridge's clock shows ``now_s``."""
        self._to_wall_s = wall_s - now_s
        self._episodes = {info.episode_id: info for info in make_episodes(seed, wall_s)}
        self._labels = {info.episode_id: first_label(info) for info in self._episodes.values()}
        self._due: list[EpisodeClosed] = []
        self._motion = lru_cache(maxsize=None)(self._make_motion)
        self._picture = lru_cache(maxsize=KEPT_PICTURES)(self._draw)

    def add(self, info: EpisodeInfo) -> None:
        """Keep an episode that another part has closed."""
        self._episodes[info.episode_id] = info
        self._labels[info.episode_id] = first_label(info)

    def facts(self, now_s: float) -> Sequence[Fact]:
        """Tell of the relabelled episodes."""
        due, self._due = self._due, []
        return [replace(fact, received_s=now_s) for fact in due]

    def answer(self, request: Request, now_s: float) -> Answer | None:
        """Answer what is asked of the store; the label of the running episode is the session's business."""
        match request:
            case ListEpisodes():
                return self._list(request)
            case GetStartScene():
                return self._start_scene(request)
            case LabelEpisode(episode_id=""):
                return None
            case GetEpisode() | GetPictures() | LabelEpisode():
                info = self._episodes.get(request.episode_id)
                if info is None:
                    return Answer(False, f"there is no episode {request.episode_id!r} in the store; list them again")
                if isinstance(request, LabelEpisode):
                    return self._label(info, request, self._to_wall_s + now_s)
                if info.state == "damaged":
                    return Answer(False, f"{info.episode_id}: {info.reason}")
                return self._numbers(info) if isinstance(request, GetEpisode) else self._pictures(info, request)
            case _:
                return None

    def _list(self, wanted: ListEpisodes) -> Answer:
        found = [info for info in self._episodes.values() if _matches(info, wanted)]
        if wanted.order == "disagreement":
            found.sort(key=lambda info: -math.inf if math.isnan(info.disagreement) else info.disagreement, reverse=True)
        else:
            found.sort(key=lambda info: info.created, reverse=True)
        page = found[wanted.offset : wanted.offset + (wanted.limit or DEFAULT_LIMIT)]
        if wanted.thumbnails:
            page = [replace(info, thumbnail=self._thumbnail(info)) for info in page]
        return Answer(True, result=EpisodePage(len(found), tuple(page)))

    def _numbers(self, info: EpisodeInfo) -> Answer:
        detail = make_detail(info, self._motion(info.episode_id), self._labels[info.episode_id])
        return Answer(True, result=detail)

    def _pictures(self, info: EpisodeInfo, wanted: GetPictures) -> Answer:
        if not info.has_images or wanted.camera not in CAMERAS:
            return Answer(False, f"{info.episode_id}: no pictures of camera {wanted.camera!r} were kept")
        rows = range(wanted.first, min(info.steps, wanted.first + min(MOST_PICTURES, wanted.count)))
        return Answer(True, result=Pictures(tuple(self._picture(info.episode_id, row, wanted.camera) for row in rows)))

    def _start_scene(self, wanted: GetStartScene) -> Answer:
        successes = [
            info
            for info in self._episodes.values()
            if info.task == wanted.task and info.label == "success" and info.has_images
        ]
        if not successes:
            return Answer(False, f"no success of {wanted.task} has pictures yet: put the objects as you like")
        info = successes[wanted.seed % len(successes)]
        return Answer(True, result=StartScene(info.episode_id, self._picture(info.episode_id, 0, wanted.camera)))

    def _label(self, info: EpisodeInfo, wanted: LabelEpisode, wall_s: float) -> Answer:
        history = self._labels[info.episode_id]
        if info.state != "closed":
            return Answer(False, f"{info.episode_id} is {info.state}: only a closed episode can be labelled")
        if wanted.label == "undo" and not history:
            return Answer(False, f"{info.episode_id} has no label to undo")
        if wanted.label not in (*LABELS, "undo"):
            return Answer(False, f"unknown label {wanted.label!r}; available: {', '.join(LABELS)}, undo")
        label = history[-1].old if wanted.label == "undo" else wanted.label
        change = LabelChange(info.label, label, wanted.who, wall_s, math.nan)
        self._labels[info.episode_id] = (*history, change)
        who = wanted.who if label else ""
        info = replace(info, label=label, label_by=who, disagreement=disagreement(label, info.q_last))
        self._episodes[info.episode_id] = info
        self._due.append(_closed(info))
        return Answer(True, result=Made(info.episode_id))

    def _thumbnail(self, info: EpisodeInfo) -> bytes:
        return self._picture(info.episode_id, info.steps - 1, CAMERAS[0]) if info.has_images else b""

    def _make_motion(self, episode_id: str) -> Motion:
        return make_motion(self._episodes[episode_id])

    def _draw(self, episode_id: str, row: int, camera: str) -> bytes:
        return draw_picture(self._episodes[episode_id].task, self._motion(episode_id), row, camera)


def _matches(info: EpisodeInfo, wanted: ListEpisodes) -> bool:
    text = wanted.search.lower()
    is_unlabelled = info.state == "closed" and not info.label
    return (
        wanted.task in ("", info.task)
        and wanted.kind in ("", info.kind)
        and (wanted.label in ("", info.label) or (wanted.label == "unlabelled" and is_unlabelled))
        and wanted.model_hash in ("", info.model_hash)
        and (not wanted.only_interventions or info.intervention_steps > 0)
        # NaN compares false, so what has no disagreement is left out.
        and (wanted.min_disagreement <= 0 or info.disagreement >= wanted.min_disagreement)
        and (text in info.episode_id.lower() or text in info.instruction.lower())
    )


def _closed(info: EpisodeInfo) -> EpisodeClosed:
    return EpisodeClosed(
        received_s=0.0,
        episode_id=info.episode_id,
        task=info.task,
        kind=info.kind,
        label=info.label,
        steps=info.steps,
        terminated=info.terminated,
        weights_version=info.weights_version,
        relabel=True,
    )
