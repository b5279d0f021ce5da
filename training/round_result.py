"""A finished round's result, kept beside its state so the same spec run again has nothing to do. Needs no torch."""

from __future__ import annotations

from pathlib import Path

from irevla.config.errors import CheckpointError
from irevla.policies.manifest import Manifest
from irevla.training.round_spec import RoundResult, RoundSpec

RESULT = "result"


def find_result(spec: RoundSpec) -> RoundResult | None:
    """Return the result that this very round already has, None when there is none or its checkpoint is gone."""
    try:
        spec_hash, _, text = (spec.state_dir / RESULT).read_text(encoding="utf-8").partition("\n")
        result = RoundResult.model_validate_json(text)
        _, model_hash = Manifest.read(Path(spec.out))
    except (ValueError, OSError, CheckpointError):
        return None  # a result without its checkpoint is worth nothing: go on from the saved state
    return result if (model_hash, spec.hash()) == (result.model_hash, spec_hash) else None


def keep_result(spec: RoundSpec, result: RoundResult) -> None:
    """Write the result of a round whose checkpoint is in its place."""
    draft = spec.state_dir / f"{RESULT}.part"
    draft.write_text(f"{spec.hash()}\n{result.model_dump_json()}", encoding="utf-8")
    draft.rename(spec.state_dir / RESULT)
