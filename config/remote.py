"""The Ray cluster that runs supervised rounds for this machine."""

from __future__ import annotations

from pydantic import Field, model_validator

from irevla.config.section import Section


class RemoteSettings(Section):
    """Where remote rounds run, with what, and what they may cost."""

    address: str = Field("", description="Ray cluster, e.g. ray://gpu-box:10001; empty: none, rounds run here only")
    num_gpus: float = Field(1, ge=0, le=64, description="GPUs a round takes; 0 trains on CPUs")
    num_cpus: int = Field(2, ge=1, le=256, description="CPUs a round takes, and its torch threads")
    scratch: str = Field(
        "~/.cache/irevla/rounds", min_length=1, description="folder on the cluster's machine for data and state"
    )
    connect_timeout_s: float = Field(
        120, gt=0, le=3600, description="longest wait for the cluster, and then for free resources on it [s]"
    )
    silence_timeout_s: float = Field(180, gt=0, le=3600, description="longest the round there may say nothing [s]")
    save_back_every_s: float = Field(
        600, ge=0, description="between copies of its state to this machine [s]; 0: it resumes on that scratch only"
    )
    cost_per_hour: float = Field(0, ge=0, description="price of those resources, in any currency; 0: unknown")
    max_cost: float = Field(0, ge=0, description="a round that has cost this is stopped, its state kept; 0: no limit")

    @model_validator(mode="after")
    def _a_limit_needs_a_price(self) -> RemoteSettings:
        if self.max_cost and not self.cost_per_hour:
            raise ValueError("max_cost without cost_per_hour limits nothing; give both")
        return self
