"""The services on the session node that let an operator look into the store."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable
from typing import Any, Protocol

from rclpy.callback_groups import MutuallyExclusiveCallbackGroup
from sensor_msgs.msg import CompressedImage
from std_msgs.msg import Header

from irevla.config import topics
from irevla.config.errors import IrevlaError
from irevla.training.store.episode_record import LabelChange as StoredLabelChange
from irevla.training.store.episode_store import EpisodeStore
from irevla.training.store.index.episode_query import EpisodeQuery
from irevla_msgs.msg import EpisodeInfo, LabelChange
from irevla_msgs.srv import GetEpisode, GetPictures, GetStartScene, ListEpisodes
from irevla_nodes.arm_messages import to_stamp
from irevla_nodes.library.episode_card import EpisodeCard
from irevla_nodes.library.episode_library import EpisodeLibrary, EpisodePicture

DEFAULT_LIMIT = 100


class LibraryHost(Protocol):
    """What these services need of their node."""

    def create_service(self, *args: Any, **options: Any) -> Any:
        """As every node's."""

    def get_logger(self) -> Any:
        """As every node's."""


class LibraryServices:
    """One answer at a time, in a thread of its own: however slow the disk is, the session goes on."""

    def __init__(self, node: LibraryHost, store: EpisodeStore) -> None:
        self._library = EpisodeLibrary(store)
        self._logger = node.get_logger()
        group = MutuallyExclusiveCallbackGroup()
        for kind, name, answer in (
            (ListEpisodes, topics.LIST_EPISODES, self._list),
            (GetEpisode, topics.GET_EPISODE, self._get),
            (GetPictures, topics.GET_PICTURES, self._pictures),
            (GetStartScene, topics.GET_START_SCENE, self._start_scene),
        ):
            node.create_service(kind, name, self._refusing(answer), callback_group=group)

    def _refusing(self, answer: Callable[[Any, Any], None]) -> Callable[[Any, Any], Any]:
        """Return the service's callback: what ``answer`` raises is a refusal in words."""

        def call(request: Any, response: Any) -> Any:
            try:
                answer(request, response)
                response.success = True
            except IrevlaError as error:
                response.message = str(error)
            return response

        return call

    def _list(self, request: ListEpisodes.Request, response: ListEpisodes.Response) -> None:
        query = EpisodeQuery(
            task=request.task,
            kind=request.kind,
            label=request.label,
            model_hash=request.model_hash,
            search=request.search,
            only_interventions=request.only_interventions,
            min_disagreement=float(request.min_disagreement),
            order=request.order,
            offset=int(request.offset),
            limit=int(request.limit) or DEFAULT_LIMIT,
        )
        page = self._library.page(query, thumbnails=request.thumbnails)
        response.total = page.total
        response.episodes = [_to_info(card) for card in page.cards]

    def _get(self, request: GetEpisode.Request, response: GetEpisode.Response) -> None:
        detail = self._library.get(request.episode_id)
        episode = detail.episode
        response.episode = _to_info(detail.card)
        response.labels = [_to_change(change) for change in detail.labels]
        response.cameras = list(detail.cameras)
        response.stamps_ns = array("q", episode.stamps_ns.tolist())
        response.states = array("f", episode.states.ravel().tolist())
        response.actions = array("f", episode.actions.ravel().tolist())
        response.q_values = array("f", episode.q_values.tolist())
        response.log_probs = array("f", episode.log_probs.tolist())
        response.sources = array("B", episode.sources.tolist())
        response.interventions = episode.interventions.tolist()
        response.limited = array("I", episode.limited.tolist())

    def _pictures(self, request: GetPictures.Request, response: GetPictures.Response) -> None:
        pictures = self._library.pictures(
            request.episode_id,
            request.camera,
            first=int(request.first),
            count=int(request.count),
            width_px=int(request.width_px),
        )
        response.pictures = [_to_image(picture) for picture in pictures]

    def _start_scene(self, request: GetStartScene.Request, response: GetStartScene.Response) -> None:
        picture = self._library.start_scene(request.task, request.camera, int(request.seed))
        response.episode_id, response.picture = picture.episode_id, _to_image(picture)


def _to_info(card: EpisodeCard) -> EpisodeInfo:
    record, summary, meta = card.record, card.summary, card.record.meta
    return EpisodeInfo(
        episode_id=meta.episode_id,
        task=meta.task,
        instruction=meta.instruction,
        kind=meta.kind,
        mode=meta.mode,
        state=card.state,
        label=record.label,
        label_by=record.label_by,
        reason=card.reason,
        path=str(record.path.absolute()),
        model_hash=meta.model_hash,
        weights_version=meta.weights_version,
        seed=meta.seed,
        created=to_stamp(meta.created_ns),
        steps=record.steps,
        intervention_steps=summary.intervention_steps,
        explore=meta.explore,
        terminated=record.terminated,
        truncated=record.truncated,
        has_images=summary.has_images,
        reset_s=_seconds(record.reset_s),
        run_s=_seconds(record.run_s),
        label_delay_s=_seconds(record.label_delay_s),
        q_last=summary.q_last,
        disagreement=card.disagreement,
        thumbnail=_to_jpeg(summary.thumbnail),
    )


def _to_change(change: StoredLabelChange) -> LabelChange:
    return LabelChange(
        old=change.old,
        label=change.new,
        who=change.who,
        stamp=to_stamp(change.when_ns),
        delay_s=_seconds(change.delay_s),
    )


def _to_image(picture: EpisodePicture) -> CompressedImage:
    image = _to_jpeg(picture.data)
    image.header = Header(stamp=to_stamp(picture.stamp_ns), frame_id=f"{picture.camera}_optical_frame")
    return image


def _to_jpeg(data: bytes) -> CompressedImage:
    return CompressedImage(format="jpeg" if data else "", data=array("B", data))


def _seconds(value: float | None) -> float:
    return math.nan if value is None else value
