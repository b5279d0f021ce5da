"""Stage 1 of iRe-VLA (eq. 3) for one task: the learner's core, without ROS and without the VLM.

The store is the replay: every label given in it is a change with a number, and ``catch_up`` learns from the changes
after the last one it has seen, exactly once each. Killed at any moment, it goes on from its last whole episode.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from irevla.config.errors import StaleLatentError, TrainingError, UserError
from irevla.config.learner import LearnerSettings
from irevla.policies.heads import fill, head_to_bytes
from irevla.policies.load_heads import load_heads
from irevla.training.latent_episodes import latent_episode
from irevla.training.replay import LatentBuffer, Replay
from irevla.training.sacfd import Losses, Sacfd
from irevla.training.store.episode_store import EpisodeStore
from irevla.training.training_state import load_state, save_state

log = logging.getLogger("irevla.stage1")
KIND = "rl"
REPORT_EVERY_UPDATES = 25


@dataclass(frozen=True)
class HeadWeights:
    """A head for the policy node: ``data`` is safetensors bytes of the head and its critic."""

    version: int
    data: bytes
    latent_key: str


@dataclass(frozen=True)
class Stage1Status:
    """Where the learner is; ``weights_version`` and ``online_episodes`` grow by one with each episode learnt from."""

    is_warm: bool
    """False while only the critics learn."""
    weights_version: int
    updates: int
    demo_steps: int
    online_steps: int
    online_episodes: int
    online_successes: int
    losses: Losses
    detail: str = ""
    """The last episode that was refused, and why; "" when none was."""


class Stage1:
    """SACfD on one task, from the head of a checkpoint. Use it from one thread."""

    def __init__(
        self,
        store: EpisodeStore,
        model_dir: Path,
        task: str,
        demo_episodes: Sequence[str],
        *,
        seed: int,
        settings: LearnerSettings,
        state_dir: Path | None = None,
        device: torch.device | None = None,
    ) -> None:
        """Load head and demo buffer; go on from ``state_dir`` if it holds a state of the same model, task and demos.

        Raises CheckpointError for a model that cannot be read, UserError for demo episodes that are no successes, and
        StaleLatentError for demo latents that another backbone made.
        """
        heads, manifest, self.model_hash = load_heads(model_dir)
        self.task = task
        self.model_dir = model_dir
        self.latent_key = manifest.latent_key
        self.demo_episodes = tuple(demo_episodes)
        self.seed = seed
        self.settings = settings
        self._store = store
        self._state_dir = state_dir
        self._sacfd = Sacfd(heads.action.to(device or torch.device("cpu")), settings, seed)
        self._rng = np.random.default_rng(seed)
        saved = self._saved()
        self._replay = self._fill_demo(is_new=saved is None)
        self._losses = Losses()
        self._version = 0
        self._change = 0
        self._learnt: dict[str, int] = {}  # steps of each online episode learnt from, in that order
        self._arriving_steps = 0  # of the one being learnt from
        self._detail = ""
        if saved is not None:
            self._restore(*saved)

    # -- learning ---------------------------------------------------------------------------------------------------

    def catch_up(self) -> Iterator[Stage1Status]:
        """Learn from every label given since the last call; yields now and then, and once after each new episode.

        A new episode of this task and model brings its updates and one new version of the head; a relabel only reaches
        the replay. Ending the iteration early is safe: the unfinished episode is learnt from at the next call.
        """
        for change, episode_id, _ in self._store.changes_since(self._change):
            self._arriving_steps = self._take_in(episode_id)
            if not self._arriving_steps:
                self._change = change
                continue
            yield from self._learn_what_is_due()
            self._learnt[episode_id], self._arriving_steps = self._arriving_steps, 0
            self._version += 1
            self._change = change
            self._save()
            yield self.status()

    def learn(self, updates: int) -> Losses:
        """Do some updates and return the losses of the last; raises TrainingError when one is not finite."""
        for _ in range(updates):
            batch = self._replay.sample(self.settings.batch_size, self._rng)
            self._losses = self._sacfd.update(batch)
        return self._losses

    @property
    def updates_due(self) -> int:
        """Updates owed for what was recorded so far: the critics' warm-up, then ``updates_per_step`` a step."""
        steps = sum(self._learnt.values()) + self._arriving_steps
        owed = self.settings.critic_warmup_updates + round(self.settings.updates_per_step * steps)
        return max(0, owed - self._sacfd.updates)

    def status(self) -> Stage1Status:
        """Return what there is to tell."""
        return Stage1Status(
            is_warm=self._sacfd.updates > self.settings.critic_warmup_updates,
            weights_version=self._version,
            updates=self._sacfd.updates,
            demo_steps=len(self._replay.demo),
            online_steps=len(self._replay.online),
            online_episodes=len(self._learnt),
            online_successes=self._replay.online.successes,
            losses=self._losses,
            detail=self._detail,
        )

    def weights(self) -> HeadWeights:
        """Return the head as it is now; version 0 is the checkpoint's own."""
        return HeadWeights(self._version, head_to_bytes(self._sacfd.head, self._sacfd.critic), self.latent_key)

    # -- the end ----------------------------------------------------------------------------------------------------

    def finish(self, out: Path) -> str:
        """Write the stage-1 checkpoint: theta of the start, bit by bit, and the learnt phi; returns its model_hash.

        Raises TrainingError when a backbone weight differs from the start's.
        """
        # transformers takes seconds to import and is needed only here: learning itself never touches the VLM.
        from irevla.policies.checkpoint import load_checkpoint, save_checkpoint

        start = load_checkpoint(self.model_dir, self.model_hash)
        frozen = start.vla.backbone_hash()
        head = {name: value.cpu() for name, value in self._sacfd.head.state_dict().items()}
        fill(start.vla.head, head, "head")
        model_hash = save_checkpoint(
            out,
            start.vla,
            critic=self._sacfd.critic.cpu(),
            stage="stage1",
            parent=self.model_hash,
            data_hash=self._store.data_hash([*self.demo_episodes, *self._learnt]),
            settings={"task": self.task, "seed": self.seed, "learner": self.settings.model_dump(mode="json")},
        )
        written = load_checkpoint(out, model_hash).vla
        if written.backbone_hash() != frozen or written.latent_key() != self.latent_key:
            raise TrainingError(
                f"{out}: a backbone weight moved in stage 1: expected hash {frozen[:12]}, got "
                f"{written.backbone_hash()[:12]}; the checkpoint must not be used"
            )
        return model_hash

    # -- what it stands on ------------------------------------------------------------------------------------------

    def _fill_demo(self, *, is_new: bool) -> Replay:
        if not self.demo_episodes:
            raise UserError(f"stage 1 of {self.task}: expected zero-shot successes for the demo buffer, got none")
        lost = [name for name in self.demo_episodes if self._store.record(name).label != "success"]
        if lost and (is_new or len(lost) == len(self.demo_episodes)):
            raise UserError(f"stage 1 of {self.task}: the demo buffer takes successes only, not {', '.join(lost[:5])}")
        kept = [name for name in self.demo_episodes if name not in lost]  # the others were relabelled meanwhile
        demos = [latent_episode(self._store.read(name, images=False)) for name in kept]
        tokens, width = demos[0].latents.shape[1:]
        # Twice the room: a demo that is relabelled to and fro never pushes another out.
        demo = LatentBuffer(2 * sum(one.rows for one in demos), tokens, width, self.latent_key)
        for one in demos:
            demo.add(one)
        return Replay(demo, LatentBuffer(self.settings.capacity_steps, tokens, width, self.latent_key))

    def _take_in(self, episode_id: str) -> int:
        """Bring one episode's present label into the replay; returns its steps if it is a new one to learn from."""
        record = self._store.record(episode_id)
        is_demo = episode_id in self.demo_episodes
        is_ours = (record.meta.task, record.meta.kind, record.meta.model_hash) == (self.task, KIND, self.model_hash)
        if not (is_demo or is_ours):
            return 0
        buffer = self._replay.demo if is_demo else self._replay.online
        wanted = ("success",) if is_demo else ("success", "failure")
        if record.label not in wanted:
            buffer.discard(episode_id)
            return 0
        try:
            episode = latent_episode(self._store.read(episode_id, images=False))
            buffer.add(episode)
        except (StaleLatentError, UserError) as error:
            self._detail = str(error)
            log.warning("not learnt from: %s", error)
            return 0
        return 0 if is_demo or episode_id in self._learnt else len(episode)

    def _learn_what_is_due(self) -> Iterator[Stage1Status]:
        while due := self.updates_due:
            self.learn(min(due, REPORT_EVERY_UPDATES))
            yield self.status()

    def _save(self) -> None:
        if self._state_dir is None:
            return
        numbers = {
            "identity": self._identity(),
            "rng": json.dumps(self._rng.bit_generator.state),
            "version": self._version,
            "change": self._change,
            "learnt": self._learnt,
            "replay": list(self._replay.online.episode_ids),
            "losses": vars(self._losses),
        }
        save_state(self._state_dir, self._sacfd.tensors(), numbers)

    def _saved(self) -> tuple[dict[str, Tensor], dict[str, Any]] | None:
        """Return the state to go on from; None for a new start, which replaces another task's or model's state."""
        saved = load_state(self._state_dir) if self._state_dir is not None else None
        return saved if saved is not None and saved[1].get("identity") == self._identity() else None

    def _restore(self, tensors: dict[str, Tensor], numbers: dict[str, Any]) -> None:
        self._sacfd.load(tensors)
        self._rng.bit_generator.state = json.loads(numbers["rng"])
        self._version = int(numbers["version"])
        self._change = int(numbers["change"])
        self._learnt = dict(numbers["learnt"])
        self._losses = Losses(**numbers["losses"])
        for episode_id in numbers["replay"]:
            self._take_in(episode_id)
        log.info("stage 1 of %s goes on after %d episodes, %d updates", self.task, self._version, self._sacfd.updates)

    def _identity(self) -> str:
        settings = self.settings.model_dump_json(exclude={"threads"})
        return json.dumps([self.model_hash, self.task, self.demo_episodes, self.seed, settings])
