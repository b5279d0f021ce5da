"""From the store's episodes to the replay's: latents, states, executed actions, how it ended."""

from __future__ import annotations

import numpy as np

from irevla.config.errors import StaleLatentError, UserError
from irevla.training.replay import LatentEpisode
from irevla.training.store.episode import Episode


def latent_episode(episode: Episode) -> LatentEpisode:
    """Return a labelled episode as the learner needs it.

    Raises StaleLatentError when its steps were recorded without latents of one backbone, UserError when it is
    unlabelled, discarded or has lost a step.
    """
    name = episode.meta.episode_id
    if episode.label not in ("success", "failure"):
        raise UserError(
            f"episode {name} is {episode.label or 'unlabelled'}: only a success or a failure is learnt from"
        )
    if episode.latents is None:
        raise StaleLatentError(
            f"episode {name} has no latents of one backbone at every step; record it with the policy node running"
        )
    if not episode.steps or np.any(np.diff(episode.numbers) != 1):
        raise UserError(f"episode {name}: expected steps without a gap, got {episode.numbers.tolist()[:20]}")
    final = episode.final
    is_known = final is not None and final.latent is not None and final.latent_key == episode.latent_key
    return LatentEpisode(
        episode_id=name,
        latents=episode.latents,
        states=episode.states,
        actions=episode.actions,
        latent_key=episode.latent_key,
        success=episode.label == "success",
        final_latent=final.latent if final is not None and is_known else None,
        final_state=final.state if final is not None and is_known else None,
        terminated=episode.terminated,
    )
