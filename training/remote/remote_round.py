"""One supervised round on another machine: sends it, follows it, saves its state back, fetches its checkpoint."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from irevla.config.errors import CheckpointError, DeadlineError, UserError, WorldError
from irevla.policies.checkpoint_folder import checkpoint_folder
from irevla.policies.manifest import Manifest, file_hash
from irevla.training.remote.cluster import KEPT, Host
from irevla.training.remote.code_hash import code_hash
from irevla.training.remote.round_cost import RoundCost
from irevla.training.remote.round_package import RoundFile, RoundSources
from irevla.training.remote.transfer import Transfer
from irevla.training.round_client import error_of
from irevla.training.round_spec import (
    Phase,
    RoundCancelled,
    RoundFailed,
    RoundProgress,
    RoundResult,
    RoundSpec,
    parse_message,
)
from irevla.training.saved_state import DRAFT, SavedState, put_state
from irevla.training.worker_process import Report

POLL_S = 0.5
MB = 1_000_000


class RemoteRound:
    """Runs one round on ``host``, whose resources are paid for from the first call on."""

    def __init__(
        self,
        spec: RoundSpec,
        sources: RoundSources,
        host: Host,
        report: Report,
        is_cancelled: Callable[[], bool],
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._now_s = now_s
        self._spec = spec
        self._sources = sources
        self._settings = spec.rounds.remote
        self._host = host
        self._timeout_s = self._settings.silence_timeout_s
        self._transfer = Transfer(host, self._timeout_s)
        self._report = report
        self._is_cancelled = is_cancelled
        self._cost = RoundCost(self._settings, spec.state_dir)
        self._saved_step = 0

    def run(self) -> RoundResult | RoundCancelled:
        """Run the round to its end, a cancel or the limit of its cost.

        The result's checkpoint is at ``spec.out`` then. Raises what the worker there raised, WorldError when the
        cluster is lost, UserError when the round has cost what it may.
        """
        self._check_cost()
        self._meet()
        if not self._send():
            return RoundCancelled(step=self._saved_step)
        self._host.call("start", self._timeout_s, timeout_s=self._timeout_s)
        end = self._follow()
        if isinstance(end, RoundResult):
            return self._fetch(end)
        if self._settings.save_back_every_s:
            for _ in self._save_back():
                pass
        if isinstance(end, RoundFailed):
            raise error_of(RoundFailed(error=end.error, message=f"on the cluster: {end.message}"))
        if not self._is_cancelled():
            self._check_cost()
        return end

    def _meet(self) -> None:
        """Wait until the host has its resources; raises WorldError for another irevla."""
        wanted = self._settings
        try:
            there = self._host.call("identify", timeout_s=wanted.connect_timeout_s)
        except DeadlineError:
            raise DeadlineError(
                f"{wanted.address} had no num_gpus={wanted.num_gpus:g} and num_cpus={wanted.num_cpus} free within "
                f"{wanted.connect_timeout_s:g} s; see `ray status` there, ask for less in rounds.remote, or wait"
            ) from None
        self._cost.update(self._now_s())
        here = code_hash()
        if there != here:
            raise WorldError(
                f"{wanted.address} runs another irevla (code {there[:12]}, here {here[:12]}); "
                "install the same version there: a round must give the same model on either machine"
            )

    def _send(self) -> bool:
        """Bring the host what it lacks: files, and the state where this machine's is further; False if cancelled."""
        package = self._sources.package
        lock_timeout_s = self._timeout_s / 2
        missing = self._host.call("open", self._settings.scratch, package, lock_timeout_s, timeout_s=self._timeout_s)
        saved = SavedState.find(self._spec.state_dir)
        self._saved_step = saved.step if saved is not None else 0
        if not self._upload({file: self._sources.paths[file.sha256] for file in package.files}, missing):
            return False
        self._host.call("unpack", timeout_s=self._timeout_s)
        if saved is not None and saved.step > self._host.call("saved_step", timeout_s=self._timeout_s):
            tensors = RoundFile("state", file_hash(saved.tensors), saved.tensors.stat().st_size)
            missing = self._host.call("missing", [tensors], timeout_s=self._timeout_s)
            if not self._upload({tensors: saved.tensors}, missing):
                return False
            self._host.call("put_state", tensors, saved.numbers, timeout_s=self._timeout_s)
        return True

    def _upload(self, files: Mapping[RoundFile, Path], missing: Mapping[str, int]) -> bool:
        for done, total in self._transfer.upload(files, missing):
            self._tell("uploading", done, total)
            self._check_cost()
            if self._is_cancelled():
                return False
        return not self._is_cancelled()

    def _follow(self) -> RoundResult | RoundCancelled | RoundFailed:
        """Pass the worker's messages on until its last one."""
        saving: Iterator[int] = iter(())
        save_at_s = self._now_s() + self._settings.save_back_every_s
        is_stopping = False
        while True:
            self._cost.update(self._now_s())
            if not is_stopping and (self._is_cancelled() or self._cost.is_spent):
                self._host.call("cancel", timeout_s=self._timeout_s)
                is_stopping = True
            for line in self._host.call("messages", POLL_S, timeout_s=self._timeout_s):
                message = parse_message(line)
                if not isinstance(message, RoundProgress):
                    return message
                self._report(message.model_copy(update={"cost": self._cost.cost}))
            # One piece a turn: the messages of a long download are not late.
            if next(saving, None) is None and self._settings.save_back_every_s and self._now_s() >= save_at_s:
                saving = self._save_back()
                save_at_s = self._now_s() + self._settings.save_back_every_s

    def _save_back(self) -> Iterator[int]:
        """Copy the host's state to this machine if it is further; yields after each piece."""
        frozen = self._host.call("freeze_state", timeout_s=self._timeout_s)
        if frozen is None or int(frozen[1].get("step", 0)) <= self._saved_step:
            return
        file, numbers = frozen
        draft = self._spec.state_dir / DRAFT
        yield from self._transfer.download(file.place, file.size, draft)
        if file_hash(draft) != file.sha256:
            raise WorldError(f"{self._settings.address}: the state arrived damaged; {KEPT}")
        put_state(self._spec.state_dir, numbers)
        self._saved_step = int(numbers["step"])

    def _fetch(self, end: RoundResult) -> RoundResult:
        """Put the checkpoint at spec.out once every file is what its manifest and the result say."""
        sizes = self._host.call("outputs", timeout_s=self._timeout_s)
        before, total = 0, sum(sizes.values())
        with checkpoint_folder(Path(self._spec.out)) as draft:
            for name, size in sizes.items():
                for done in self._transfer.download(f"out/{name}", size, draft / Path(name).name):
                    self._tell("downloading", before + done, total)
                before += size
            manifest, model_hash = Manifest.read(draft)
            if model_hash != end.model_hash:
                raise CheckpointError(
                    f"round {self._spec.round_id}: expected model {end.model_hash[:16]}… from the cluster, "
                    f"got {model_hash[:16]}…; run the same round again to fetch it again"
                )
            for name in manifest.files:
                manifest.verified(draft, name)
        return end.model_copy(update={"path": self._spec.out})

    def _tell(self, phase: Phase, done: int, total: int) -> None:
        self._cost.update(self._now_s())
        progress = RoundProgress.beginning(self._spec, phase)
        sizes = {"step": -(-done // MB), "steps": -(-total // MB), "cost": self._cost.cost}
        self._report(progress.model_copy(update=sizes))

    def _check_cost(self) -> None:
        if self._cost.is_spent:
            raise UserError(
                f"round {self._spec.round_id}: stopped, it has cost {self._cost.cost:.2f} of at most "
                f"{self._settings.max_cost:g}; its state is kept: raise rounds.remote.max_cost and run it again"
            )
