"""A session's work in a process of its own, to be killed: record and label, and say so after each call returned."""

import sys
import time
from pathlib import Path

import numpy as np

from irevla.training.store.episode import EpisodeMeta, Step
from irevla.training.store.episode_store import EpisodeStore


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def main(root: str, name: str, episodes: int, steps: int) -> None:
    store = EpisodeStore(Path(root))
    rng = np.random.default_rng(0)
    picture = rng.integers(0, 255, (32, 32, 3), dtype=np.uint8)
    say("ready")
    for number in range(episodes):
        episode_id = f"{name}_{number}"
        meta = EpisodeMeta(
            episode_id=episode_id,
            task="pick_red_block",
            instruction="pick up the red block",
            kind="rl",
            mode="policy",
            seed=number,
            created_ns=time.time_ns(),
            max_steps=steps,
        )
        writer = store.open(meta)
        say("open", episode_id)
        for step in range(steps):
            writer.append(
                Step(
                    step=step,
                    stamp_ns=step,
                    state=np.full(7, step, np.float32),
                    action=np.zeros(7, np.float32),
                    images={"front": picture, "wrist": picture},
                    latent=np.full((8, 16), step, np.float16),
                    latent_key="key",
                )
            )
            say("step", episode_id, step)
        writer.close(terminated=True, truncated=False)
        say("closed", episode_id)
        label = "success" if number % 2 else "failure"
        store.label(episode_id, label, name)
        say("label", episode_id, label)
    say("done")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
