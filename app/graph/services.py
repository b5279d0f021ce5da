"""Which service answers which request, how long it may take, and what its answer holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any

from std_srvs.srv import Trigger

from irevla.app.graph import from_messages, records, requests
from irevla.app.graph.bridge import Answer, CompareProgress, JobEnd, Progress, Result, TrainProgress
from irevla.config import topics
from irevla_msgs import action, srv


def _nothing(_: Any) -> None:
    return None


def _pictures(response: Any) -> records.Pictures:
    return records.Pictures(tuple(bytes(picture.data) for picture in response.pictures))


def _made(response: Any) -> records.Made:
    names = ("episode_id", "path", "model_hash")
    return records.Made(**{name: str(getattr(response, name, "")) for name in names})


def _reads(cls: type[Result]) -> Callable[[Any], Result]:
    return lambda response: from_messages.record(cls, response)


@dataclass(frozen=True)
class Service:
    """One service: its type, name and node, the longest wait [s], and how to read the answer."""

    kind: Any
    topic: str
    node: str
    timeout_s: float = 5.0
    read: Callable[[Any], Result | None] = _nothing

    def request(self, request: requests.Request) -> Any:
        """Return the ROS request."""
        return self.kind.Request(**_plain(request))

    def answer(self, response: Any) -> Answer:
        """Return what the ROS response says."""
        result = self.read(response) if response.success else None
        needs_override = bool(getattr(response, "needs_override", False))
        return Answer(bool(response.success), str(response.message), result, needs_override)


@dataclass(frozen=True)
class JobAction:
    """One action: its type, name and node, and how to read what it tells."""

    kind: Any
    topic: str
    node: str
    progress: Callable[[Any], Progress]

    def goal(self, job: requests.Job) -> Any:
        """Return the ROS goal."""
        return self.kind.Goal(**_plain(job))

    def end(self, result: Any, *, is_cancelled: bool) -> JobEnd:
        """Return what the ROS result says."""
        evaluations = {
            name: tuple(from_messages.record(records.Evaluation, one) for one in getattr(result, name, ()))
            for name in ("old_model", "new_model")
        }
        return JobEnd(
            success=bool(result.success),
            message=str(result.message),
            is_cancelled=is_cancelled,
            path=str(getattr(result, "path", "")),
            model_hash=str(getattr(result, "model_hash", "")),
            wall_s=float(getattr(result, "wall_s", 0.0)),
            only_old=int(getattr(result, "only_old", 0)),
            only_new=int(getattr(result, "only_new", 0)),
            p_value=float(getattr(result, "p_value", 1.0)),
            passes_gate=bool(getattr(result, "passes_gate", False)),
            **evaluations,
        )


# The hold's wait is short: a person who pressed it must know at once whether it was heard.
SERVICES: Mapping[type[Any], Service] = MappingProxyType(
    {
        requests.Hold: Service(Trigger, topics.HOLD, "arbiter", 1.0),
        requests.Resume: Service(Trigger, topics.RESUME, "arbiter"),
        requests.StartEpisode: Service(srv.StartEpisode, topics.START_EPISODE, "session", 12.0, _made),
        requests.StopEpisode: Service(Trigger, topics.STOP_EPISODE, "session", 12.0),
        requests.ConfirmReset: Service(Trigger, topics.CONFIRM_RESET, "session", 12.0),
        requests.LabelEpisode: Service(srv.LabelEpisode, topics.LABEL_EPISODE, "session", 12.0),
        requests.ListEpisodes: Service(
            srv.ListEpisodes, topics.LIST_EPISODES, "session", 15.0, _reads(records.EpisodePage)
        ),
        requests.GetEpisode: Service(srv.GetEpisode, topics.GET_EPISODE, "session", 15.0, from_messages.detail),
        requests.GetPictures: Service(srv.GetPictures, topics.GET_PICTURES, "session", 15.0, _pictures),
        requests.GetStartScene: Service(
            srv.GetStartScene, topics.GET_START_SCENE, "session", 15.0, _reads(records.StartScene)
        ),
        requests.ListModels: Service(srv.ListModels, topics.LIST_MODELS, "lineage", 15.0, _reads(records.Lineage)),
        requests.PromoteModel: Service(srv.PromoteModel, topics.PROMOTE_MODEL, "lineage", 150.0),
        requests.RollBackModel: Service(srv.RollBackModel, topics.ROLL_BACK_MODEL, "lineage", 150.0, _made),
        requests.LoadModel: Service(srv.LoadModel, topics.LOAD_MODEL, "policy", 120.0, _made),
        requests.StartTask: Service(srv.StartTask, topics.START_TASK, "learner", 120.0),
        requests.FinishTask: Service(srv.FinishTask, topics.FINISH_TASK, "learner", 120.0, _made),
    }
)
ACTIONS: Mapping[type[Any], JobAction] = MappingProxyType(
    {
        requests.TrainRound: JobAction(
            action.TrainRound,
            topics.TRAIN_ROUND,
            "sft",
            lambda feedback: from_messages.record(TrainProgress, feedback),
        ),
        requests.CompareModels: JobAction(
            action.CompareModels,
            topics.COMPARE_MODELS,
            "lineage",
            lambda feedback: from_messages.record(CompareProgress, feedback),
        ),
    }
)


def _plain(request: Any) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(request).items()}
