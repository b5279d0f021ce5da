"""What a head must know of the backbone it stands on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from irevla.config.errors import CheckpointError
from irevla.policies.base import ACTION_DIM, STATE_DIM


@dataclass(frozen=True)
class HeadShape:
    """Sizes of the latent, of the state that is appended to it, and of a head's MLP."""

    tokens: int
    """m: tokens of the latent h."""
    width: int
    """d: width of a token of h, and of h'."""
    use_state: bool = True
    """Whether the observation's state is appended to h'."""
    hidden: tuple[int, ...] = (256, 256)
    """Hidden widths of the MLP."""
    maps: int = 8
    """K: attention maps of the token learner; each pools its own d/K channels."""

    @property
    def state_dim(self) -> int:
        """Width of the state features."""
        return STATE_DIM if self.use_state else 0

    @property
    def action_dim(self) -> int:
        """d_a: width of an action."""
        return ACTION_DIM

    def to_json(self) -> dict[str, object]:
        """Return plain values; the inverse is ``from_json``."""
        return {**asdict(self), "hidden": list(self.hidden)}

    @classmethod
    def from_json(cls, values: Mapping[str, object]) -> HeadShape:
        """Read what ``to_json`` wrote; raises CheckpointError for anything else."""
        expected = {"tokens": int, "width": int, "use_state": bool, "hidden": list, "maps": int}
        if set(values) != set(expected) or any(type(values[name]) is not kind for name, kind in expected.items()):
            raise CheckpointError(f"head shape: expected {sorted(expected)} with their types, got {dict(values)}")
        tokens, width, hidden, maps = (values[name] for name in ("tokens", "width", "hidden", "maps"))
        if (
            not isinstance(tokens, int)
            or not isinstance(width, int)
            or not isinstance(maps, int)
            or not isinstance(hidden, list)
            or not all(type(units) is int and 0 < units <= 65536 for units in hidden)
            or not 0 < tokens <= 4096
            or not 0 < width <= 65536
            or not 0 < maps <= width
            or width % maps
        ):
            raise CheckpointError(f"head shape: sizes out of range: {dict(values)}")
        return cls(tokens, width, bool(values["use_state"]), tuple(hidden), maps)
