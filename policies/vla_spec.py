"""What a VLA is, apart from its weights: what config.json of a checkpoint holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from irevla.config.errors import CheckpointError
from irevla.policies.backbone.instructions import Prompt
from irevla.policies.head_shape import HeadShape
from irevla.policies.preprocessing import Preprocessing


@dataclass(frozen=True)
class VlaSpec:
    """Everything needed to build the same VLA again and fill it with saved weights."""

    backbone: Literal["compact", "blip2"]
    head: HeadShape
    preprocessing: Preprocessing
    prompt: Prompt
    lora_rank: int = 0
    lora_alpha: int = 32
    base_dir: str = ""
    """HF directory a LoRA was trained on; "" when the checkpoint holds every weight itself."""
    base_hash: str = ""
    """Hash of the base's weights; a LoRA on another base is refused."""

    def to_json(self) -> dict[str, Any]:
        """Return plain values; the inverse is ``from_json``."""
        return {**asdict(self), "head": self.head.to_json()}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> VlaSpec:
        """Read what ``to_json`` wrote; raises CheckpointError for anything else."""
        try:
            rest = dict(values)
            head = HeadShape.from_json(rest.pop("head"))
            seen: dict[str, Any] = rest.pop("preprocessing")
            lists = {name: tuple(values) for name, values in seen.items() if isinstance(values, list)}
            preprocessing = Preprocessing(**{**seen, **lists})
            spec = cls(head=head, preprocessing=preprocessing, prompt=Prompt(**rest.pop("prompt")), **rest)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise CheckpointError(f"model config: not one that irevla wrote: {error}") from None
        if spec.backbone not in ("compact", "blip2"):
            raise CheckpointError(f"model config: expected backbone compact or blip2, got {spec.backbone!r}")
        return spec
