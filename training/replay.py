"""The learner's replay: each latent once, a step as indices into them, an episode as the unit that lives and dies.

A row is one observation. An episode of T steps takes T rows, and one more when the observation after its last is known.
``next_row`` never leaves the episode it belongs to, because it is written per episode and never computed as "row + 1".
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from irevla.config.errors import StaleLatentError, UserError
from irevla.policies.base import ACTION_DIM, STATE_DIM

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class LatentEpisode:
    """One labelled episode as the learner needs it; T steps.

    ``latents`` float16 ``(T, m, d)`` and ``states`` float32 ``(T, 7)`` are what the policy saw, ``actions`` ``(T, 7)``
    what the arm did. ``final_latent`` ``(m, d)`` and ``final_state`` ``(7,)`` are the observation after the last step,
    where one was recorded. ``success`` puts reward 1 on the last step and makes it terminal; ``terminated`` says of a
    failure that it is a real end too, and not a time-out.
    """

    episode_id: str
    latents: NDArray[np.float16]
    states: NDArray[np.float32]
    actions: NDArray[np.float32]
    latent_key: str
    success: bool
    final_latent: NDArray[np.float16] | None = None
    final_state: NDArray[np.float32] | None = None
    terminated: bool = False

    def __len__(self) -> int:
        return len(self.actions)

    @property
    def rows(self) -> int:
        """Number of observations: T, and one more when the last is known."""
        return len(self) + (self.final_latent is not None)


@dataclass(frozen=True)
class LatentBatch:
    """B transitions; what Sacfd.update takes.

    ``latents``, ``next_latents`` float16 ``(B, m, d)``; ``states``, ``next_states``, ``actions`` ``(B, 7)``;
    ``rewards`` ``(B,)``; ``terminated`` ``(B,)`` masks the bootstrap (a time-out does not); ``successful`` ``(B,)``
    marks steps of successful episodes, which behaviour cloning imitates.
    """

    latents: NDArray[np.float16]
    states: NDArray[np.float32]
    actions: NDArray[np.float32]
    rewards: NDArray[np.float32]
    next_latents: NDArray[np.float16]
    next_states: NDArray[np.float32]
    terminated: NDArray[np.bool_]
    successful: NDArray[np.bool_]


class LatentBuffer:
    """A ring of rows holding whole episodes; the oldest give way when it is full."""

    def __init__(self, capacity: int, tokens: int, width: int, latent_key: str) -> None:
        """Hold up to ``capacity`` rows of latents ``(tokens, width)`` made by the backbone ``latent_key``."""
        self.capacity = capacity
        self.latent_key = latent_key
        # np.zeros takes address space at once, but memory only as rows are written.
        self._latents = np.zeros((capacity, tokens, width), dtype=np.float16)
        self._states = np.zeros((capacity, STATE_DIM), dtype=np.float32)
        self._actions = np.zeros((capacity, ACTION_DIM), dtype=np.float32)
        self._rewards = np.zeros(capacity, dtype=np.float32)
        self._terminated = np.zeros(capacity, dtype=np.bool_)
        self._successful = np.zeros(capacity, dtype=np.bool_)
        self._next_row = np.zeros(capacity, dtype=np.int64)
        self._blocks: deque[tuple[str, Rows]] = deque()  # rows in use, oldest first
        self._rows: dict[str, Rows] = {}  # rows of each episode held, in order of arrival
        self._steps: dict[str, Rows] = {}  # of these, the rows that start a transition
        self._all_steps: Rows = np.zeros(0, dtype=np.int64)
        self._used = 0
        self._end = 0

    def __len__(self) -> int:
        """Return the number of transitions that can be sampled."""
        return len(self._all_steps)

    def __contains__(self, episode_id: str) -> bool:
        return episode_id in self._rows

    @property
    def episode_ids(self) -> tuple[str, ...]:
        """Episodes held, oldest first; discarded ones have left."""
        return tuple(self._rows)

    @property
    def successes(self) -> int:
        """Number of successful episodes held."""
        return sum(bool(self._successful[rows[0]]) for rows in self._rows.values())

    @property
    def nbytes(self) -> int:
        """Bytes of the preallocated arrays once every row has been used."""
        return sum(value.nbytes for value in vars(self).values() if isinstance(value, np.ndarray))

    def add(self, episode: LatentEpisode) -> None:
        """Append an episode, dropping the oldest ones for room; an id already held is replaced in place (a relabel).

        Raises StaleLatentError when another backbone made the latents, UserError when shapes or length do not fit.
        """
        self._check(episode)
        rows = self._rows.get(episode.episode_id)
        if rows is None or len(rows) != episode.rows:
            self.discard(episode.episode_id)
            rows = self._allocate(episode)
        self._write(episode, rows)
        self._all_steps = np.concatenate([*self._steps.values()])

    def discard(self, episode_id: str) -> None:
        """Stop sampling an episode; its rows are used again when they become the oldest. Unknown ids are ignored."""
        if self._rows.pop(episode_id, None) is not None:
            del self._steps[episode_id]
            self._all_steps = np.concatenate([np.zeros(0, dtype=np.int64), *self._steps.values()])

    def sample(self, count: int, rng: np.random.Generator) -> LatentBatch:
        """Return ``count`` transitions drawn uniformly with replacement; raises UserError when there are none."""
        if not len(self):
            raise UserError("the replay is empty: expected at least one labelled episode before learning")
        rows = self._all_steps[rng.integers(len(self), size=count)]
        after = self._next_row[rows]
        return LatentBatch(
            latents=self._latents[rows],
            states=self._states[rows],
            actions=self._actions[rows],
            rewards=self._rewards[rows],
            next_latents=self._latents[after],
            next_states=self._states[after],
            terminated=self._terminated[rows],
            successful=self._successful[rows],
        )

    def _check(self, episode: LatentEpisode) -> None:
        name, length = episode.episode_id, len(episode)
        if episode.latent_key != self.latent_key:
            raise StaleLatentError(
                f"episode {name}: latents of backbone {episode.latent_key[:12] or '(none)'}, expected "
                f"{self.latent_key[:12]}; stage 2 changes the latent: encode the episode again with the present model"
            )
        for what, array, shape in (
            ("latents", episode.latents, (length, *self._latents.shape[1:])),
            ("states", episode.states, (length, STATE_DIM)),
            ("actions", episode.actions, (length, ACTION_DIM)),
        ):
            if array.shape != shape:
                raise UserError(f"episode {name}: expected {what} of shape {shape}, got {array.shape}")
            if not np.isfinite(array).all():
                raise UserError(f"episode {name}: {what} hold NaN or infinity; discard the episode")
        if not 0 < episode.rows <= self.capacity:
            raise UserError(
                f"episode {name}: {episode.rows} observations, expected 1 to {self.capacity} (learner.capacity_steps)"
            )

    def _allocate(self, episode: LatentEpisode) -> Rows:
        while self.capacity - self._used < episode.rows:
            name, rows = self._blocks.popleft()
            self._used -= len(rows)
            if self._rows.get(name) is rows:
                del self._rows[name], self._steps[name]
        rows = (self._end + np.arange(episode.rows)) % self.capacity
        self._end = int((self._end + episode.rows) % self.capacity)
        self._used += episode.rows
        self._blocks.append((episode.episode_id, rows))
        self._rows[episode.episode_id] = rows
        return rows

    def _write(self, episode: LatentEpisode, rows: Rows) -> None:
        steps = rows[: len(episode)]
        last = steps[-1]
        self._latents[steps] = episode.latents
        self._states[steps] = episode.states
        self._actions[steps] = episode.actions
        if episode.final_latent is not None and episode.final_state is not None:
            self._latents[rows[-1]] = episode.final_latent
            self._states[rows[-1]] = episode.final_state
        self._successful[rows] = episode.success
        self._rewards[rows] = 0.0
        self._terminated[rows] = False
        self._rewards[last] = float(episode.success)
        self._terminated[last] = is_end = episode.success or episode.terminated
        # The last row points at itself: it is either terminal (masked), or only ever somebody's next.
        self._next_row[rows] = np.append(rows[1:], rows[-1])
        # A time-out with no observation after it has no target, so that step is not a transition.
        is_open = len(rows) == len(steps) and not is_end
        self._steps[episode.episode_id] = steps[:-1] if is_open else steps


class Replay:
    """The demo and the online buffer, sampled half and half (SERL, RLPD)."""

    def __init__(self, demo: LatentBuffer, online: LatentBuffer) -> None:
        """Sample from ``demo`` (zero-shot successes) and ``online`` (episodes of stage 1)."""
        self.demo = demo
        self.online = online

    def sample(self, batch_size: int, rng: np.random.Generator) -> LatentBatch:
        """Return half a batch of each; all of it from the demo buffer while nothing is online yet."""
        online_count = batch_size // 2 if len(self.online) else 0
        demo = self.demo.sample(batch_size - online_count, rng)
        if not online_count:
            return demo
        online = self.online.sample(online_count, rng)
        return LatentBatch(
            **{
                item.name: np.concatenate([getattr(demo, item.name), getattr(online, item.name)])
                for item in fields(LatentBatch)
            }
        )
