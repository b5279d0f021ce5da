"""The episode's state machine: idle → resetting → ready → running → awaiting label → saved.

One thread owns a Session; the time comes in as an argument, in seconds of any clock that does not jump.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from irevla.config.errors import StoreError, WrongStateError
from irevla.config.session import SessionSettings
from irevla_nodes.session.episode_plan import EpisodePlan
from irevla_nodes.session.labels import UNDO, Labels, check_label
from irevla_nodes.session.parts import Part
from irevla_nodes.session.phase import Phase, require
from irevla_nodes.session.recording import Recording, Store
from irevla_nodes.session.snapshot import ClosedEpisode, EpisodeEnd, Snapshot
from irevla_nodes.session.step_assembly import StepNeeds
from irevla_nodes.session.timing import Timing

CLOSING_TIMEOUT_S = 0.5  # longest wait for the latent of the observation after the last step
LABEL_RETRY_S = 1.0
AUTO = "auto"
GUIDED = "guided"
GUIDE_DETAIL = "put the objects back, then confirm"
NewId = Callable[[EpisodePlan], str]


@dataclass(frozen=True)
class Rig:
    """What the session must know of the arm and the cameras to tell when a step is whole."""

    cameras: tuple[str, ...]
    is_simulated: bool  # sim/state exists and judges success
    is_lockstep: bool
    always_encodes: bool = False  # the policy node computes latents in expert and teleop episodes too
    picture_age_ns: int = 0  # real cameras: oldest picture that may show a step, at its state's stamp


class Session:
    """Owns the episode. Methods raise UserErrors for requests that cannot be; the state then stays as it was."""

    def __init__(
        self, settings: SessionSettings, rig: Rig, store: Store, new_id: NewId, wall_clock_ns: Callable[[], int]
    ) -> None:
        self._settings = settings
        self._rig = rig
        self._store = store
        self._new_id = new_id
        self._wall_clock_ns = wall_clock_ns
        self._phase = Phase.IDLE
        self._recording: Recording | None = None
        self._timing = Timing(0.0)
        self._is_guiding = False  # a person puts the objects back; the arm was reset for no episode yet
        self._detail = ""
        self._hold = ""
        self._since_s = 0.0  # when the phase began, or the last step closed
        self._closing_by_s: float | None = None  # longest wait for the observation after the last step
        self._closing_reason = ""
        self._is_discarded = False
        self._unwritten_label = ""  # the automatic operator's, when the store could not take it
        self._labels = Labels(store)
        self.last_end: EpisodeEnd | None = None

    def snapshot(self) -> Snapshot:
        """Return the state as of now."""
        recording = self._recording
        if recording is None:
            return Snapshot(self._phase, None, "", 0, self._detail)
        return Snapshot(self._phase, recording.plan, recording.episode_id, recording.steps, self._detail)

    def take_closed(self) -> list[ClosedEpisode]:
        """Return the episodes whose labels changed since the last call."""
        return self._labels.take_closed()

    def configure(self, settings: SessionSettings) -> None:
        """Use other time-outs and sizes from now on."""
        self._settings = settings

    def start(self, plan: EpisodePlan, now_s: float) -> str:
        """Begin an episode and return its id; the caller then resets the arm and tells reset_finished.

        In a guided reset the arm goes home for no episode, and for this one after `confirm`: an arm on a clock counts
        its steps from there.
        """
        require(self._phase, (Phase.IDLE, Phase.SAVED), "start")
        if self._hold:
            raise WrongStateError(f"start while the arm is held ({self._hold}): call arbiter/resume first")
        free_mb = self._store.free_mb()
        if free_mb < self._settings.min_free_mb:
            raise StoreError(
                f"only {free_mb:.0f} MB free on the store's disk, expected {self._settings.min_free_mb} or more "
                "(session.min_free_mb): free some space, or choose another session.store"
            )
        needs = self._needs(plan)
        self._recording = Recording(self._store, plan, self._new_id(plan), needs, self._wall_clock_ns())
        self._recording.end_after(plan.max_steps)
        self._timing = Timing(now_s)
        self._is_guiding = self._settings.reset == GUIDED
        self._closing_by_s = None
        self._is_discarded = False
        self._enter(Phase.RESETTING, "", now_s)
        return self._recording.episode_id

    def reset_finished(self, episode_id: str, success: bool, message: str, now_s: float) -> None:
        """Take the answer of robot/reset; a late one for another episode is dropped."""
        recording = self._recording
        if recording is None or recording.episode_id != episode_id or self._phase != Phase.RESETTING:
            return
        if success:
            self._enter(Phase.READY, GUIDE_DETAIL if self._is_guiding else "", now_s)
            self._run_if_ready(now_s)
        else:
            self._abandon(f"the reset failed: {message}", now_s)

    def confirm(self, now_s: float) -> Snapshot:
        """Take a person's word that the objects stand as they should; the caller then resets the arm as in `start`."""
        require(self._phase, (Phase.READY,), "confirm")
        if not self._is_guiding:
            raise WrongStateError("confirm while ready: nothing waits for it; possible now: session/stop")
        if self._hold:
            raise WrongStateError(f"confirm while the arm is held ({self._hold}): call arbiter/resume first")
        self._is_guiding = False
        self._enter(Phase.RESETTING, "", now_s)
        return self.snapshot()

    def feed(self, part: Part, now_s: float) -> None:
        """Take one message of the running graph."""
        recording = self._recording
        if recording is None or self._phase not in (Phase.RESETTING, Phase.READY, Phase.RUNNING):
            return
        try:
            closed = recording.add(part)
        except StoreError as error:
            self._abandon(str(error), now_s)
            return
        if closed:
            self._since_s = now_s
        self._run_if_ready(now_s)
        self._finish_if_complete(now_s)

    def set_hold(self, reason: str, now_s: float, *, is_policys: bool = False) -> None:
        """Take the arbiter's state: why it holds the arm, "" when it does not.

        A hold that the policy's own proposal brought is the policy's failure; after any other the episode says nothing
        of the policy, and the automatic operator throws it away.
        """
        self._hold = reason
        if reason and self._phase == Phase.RUNNING:
            self._end_early(f"the arm was held: {reason}", now_s, is_discarded=not is_policys)
        self._run_if_ready(now_s)

    def stop(self, reason: str, now_s: float, *, discard: bool = False) -> None:
        """End the episode: truncated, or not even begun; ``discard`` lets the automatic operator throw it away."""
        require(self._phase, (Phase.RESETTING, Phase.READY, Phase.RUNNING), "stop")
        if self._phase != Phase.RUNNING:
            self._abandon(reason, now_s)
        elif discard:
            self._end_early(reason, now_s)
        elif self._recording is not None:
            self._recording.end_now()
            self._closing_reason = reason
            self._closing_by_s = now_s + CLOSING_TIMEOUT_S
            self._finish_if_complete(now_s)

    def label(self, episode_id: str, label: str, who: str, now_s: float) -> ClosedEpisode:
        """Label the episode that awaits it ("" or its id), or relabel any other in the store.

        "undo" takes the newest label back, of the episode that was labelled last if none is named.
        """
        check_label(label)
        if label == UNDO:
            return self._take_back(episode_id, who, now_s)
        is_current = not episode_id or (episode_id == self._current and self._phase != Phase.SAVED)
        if is_current:
            require(self._phase, (Phase.AWAITING_LABEL,), "label")
        delay_s = self._timing.since_end_s(now_s) if is_current else None
        closed = self._labels.give(episode_id or self._current, label, who, delay_s)
        if is_current:
            self._unwritten_label = ""
            self.last_end = EpisodeEnd(closed.episode_id, label, self._detail)
            self._enter(Phase.SAVED, f"{label}: {self._detail}" if self._detail else label, now_s)
        return closed

    def tick(self, now_s: float) -> None:
        """Look at the time-outs; call it a few times a second."""
        waited_s = now_s - self._since_s
        if self._phase == Phase.RESETTING and waited_s > self._settings.reset_timeout_s:
            self._abandon(f"no answer to robot/reset within {self._settings.reset_timeout_s:.0f} s", now_s)
        elif self._is_guiding and self._phase == Phase.READY:
            if waited_s > self._settings.guide_timeout_s:
                limit = f"{self._settings.guide_timeout_s:.0f} s (session.guide_timeout_s)"
                self._abandon(f"nobody confirmed within {limit} that the objects are back", now_s)
        elif self._phase == Phase.READY and waited_s > self._settings.step_timeout_s:
            self._abandon(f"not running {self._settings.step_timeout_s:.0f} s after the reset: {self._lacks()}", now_s)
        elif self._phase == Phase.AWAITING_LABEL and self._unwritten_label and waited_s > LABEL_RETRY_S:
            self._since_s = now_s
            self._label_automatically(self._unwritten_label, now_s)
        elif self._phase == Phase.RUNNING:
            self._finish_if_complete(now_s)
            if self._phase == Phase.RUNNING and waited_s > self._settings.step_timeout_s:
                self._end_early(self._stalled(), now_s)

    def close(self, now_s: float) -> None:
        """End the process in order: an open episode is kept as far as it came, unlabelled."""
        if self._phase in (Phase.RESETTING, Phase.READY, Phase.RUNNING) and self._recording is not None:
            if not self._close_recording(self._recording, now_s):
                self._recording.abandon()
            self._enter(Phase.IDLE, "the session ended", now_s)

    @property
    def _current(self) -> str:
        return self._recording.episode_id if self._recording is not None else ""

    def _take_back(self, episode_id: str, who: str, now_s: float) -> ClosedEpisode:
        closed = self._labels.take_back(episode_id, who)
        if closed.episode_id == self._current and self._phase == Phase.SAVED and not closed.label:
            self.last_end = None
            self._enter(Phase.AWAITING_LABEL, "its label was taken back", now_s)
        return closed

    def _close_recording(self, recording: Recording, now_s: float) -> bool:
        self._timing.ended_s = now_s
        return recording.close(reset_s=self._timing.reset_s, run_s=self._timing.run_s)

    def _needs(self, plan: EpisodePlan) -> StepNeeds:
        rig = self._rig
        is_encoded = plan.mode == "policy" or rig.always_encodes
        return StepNeeds(
            cameras=rig.cameras if plan.record_images else (),
            first_cameras=rig.cameras,
            latent=plan.records_latents or (rig.always_encodes and plan.record_images),
            proposal=plan.mode == "policy",
            sim=rig.is_simulated,
            gaps=not rig.is_lockstep,
            picture_age_ns=None if rig.is_simulated else rig.picture_age_ns,
            sight=not rig.is_simulated and plan.record_images and is_encoded,
        )

    def _run_if_ready(self, now_s: float) -> None:
        recording = self._recording
        is_waiting = self._phase == Phase.READY and not self._is_guiding and not self._hold
        if is_waiting and recording is not None and not recording.missing_first:
            self._timing.running_s = now_s
            self._enter(Phase.RUNNING, "", now_s)

    def _lacks(self) -> str:
        missing = self._recording.missing_first if self._recording is not None else []
        return f"the arm is held: {self._hold}" if self._hold else f"there was no {', no '.join(missing)}"

    def _stalled(self) -> str:
        missing = self._recording.missing_next if self._recording is not None else []
        steps = self._recording.steps if self._recording is not None else 0
        return (
            f"no step was closed for {self._settings.step_timeout_s:.0f} s: step {steps} has no {', no '.join(missing)}"
        )

    def _end_early(self, reason: str, now_s: float, *, is_discarded: bool = True) -> None:
        if self._recording is not None:
            self._recording.end_now()
            self._is_discarded = is_discarded
            self._finish(reason, now_s)

    def _finish_if_complete(self, now_s: float) -> None:
        recording = self._recording
        if self._phase != Phase.RUNNING or recording is None or not recording.is_complete:
            return
        if recording.succeeded:
            self._finish("the scene's predicate holds", now_s)
            return
        if self._closing_by_s is None:
            self._closing_reason = f"time is up after {recording.plan.max_steps} steps"
            self._closing_by_s = now_s + self._settings.step_timeout_s
        if recording.is_judged:
            self._closing_by_s = min(self._closing_by_s, now_s + CLOSING_TIMEOUT_S)
        if recording.has_closing or now_s >= self._closing_by_s:
            self._finish(self._closing_reason, now_s)

    def _finish(self, reason: str, now_s: float) -> None:
        recording = self._recording
        if recording is None:
            return
        try:
            if not self._close_recording(recording, now_s):
                self._abandon(f"{reason} (before its first step was closed)", now_s)
                return
        except StoreError as error:
            self._abandon(str(error), now_s)
            return
        self._enter(Phase.AWAITING_LABEL, reason, now_s)
        if self._settings.operator == AUTO and (self._is_discarded or self._rig.is_simulated):
            judged = "success" if recording.succeeded else "failure"
            self._label_automatically("discard" if self._is_discarded else judged, now_s)

    def _label_automatically(self, label: str, now_s: float) -> None:
        self._unwritten_label = label
        try:
            self.label("", label, AUTO, now_s)
        except StoreError as error:
            # The episode is closed and safe; tick() tries again, and a person may label it too.
            self._detail = f"could not be labelled {label}: {error}"

    def _abandon(self, reason: str, now_s: float) -> None:
        recording, self._recording = self._recording, None
        if recording is not None:
            try:
                recording.abandon()
            except StoreError as error:
                reason = f"{reason}; {error}"
            self.last_end = EpisodeEnd(recording.episode_id, "", reason)
        self._enter(Phase.IDLE, reason, now_s)

    def _enter(self, phase: Phase, detail: str, now_s: float) -> None:
        self._phase = phase
        self._detail = detail
        self._since_s = now_s
