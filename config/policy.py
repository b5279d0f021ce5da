"""The VLA: which backbone, how large its head, on which device."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from irevla.config.section import Section


class PolicySettings(Section):
    """The VLA's architecture and where it runs; training numbers are in rounds and learner."""

    backbone: Literal["compact", "blip2"] = Field("compact", description="compact config, or a BLIP-2 directory")
    backbone_dir: str = Field("", description="HF directory of BLIP-2 weights (backbone: blip2)")
    image_px: int = Field(64, ge=16, le=224, description="side of the square picture the VLM sees (compact) [px]")
    lora_rank: int = Field(0, ge=0, le=256, description="LoRA rank; 0 trains every VLM weight in stages 0 and 2")
    lora_alpha: int = Field(32, ge=1, le=512, description="LoRA scale")
    use_state: bool = Field(True, description="append tool pose and gripper width to the head's input")
    head_hidden: tuple[int, ...] = Field((256, 256), description="hidden widths of the action and critic heads")
    device: Literal["auto", "cpu", "cuda"] = Field("auto", description="auto takes CUDA when there is one")
    threads: int = Field(1, ge=1, le=64, description="torch CPU threads of the serving process")
    max_instruction_chars: int = Field(512, ge=16, le=4096, description="longer instructions are refused")
    always_encode: bool = Field(False, description="compute and record latents in expert and teleop episodes too")
