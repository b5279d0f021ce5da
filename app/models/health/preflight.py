"""What must be well before the arm may move: each thing good, bad or not known yet, with what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from irevla.app.models.health.health import OK, Health, memory_words, number
from irevla.app.models.health.remedies import remedy_for
from irevla.app.models.rig import Rig
from irevla.config.settings import Settings

Verdict = Literal["good", "bad", "unknown", "note"]
SLOW = 0.5  # of a camera's configured rate
LARGEST_BACKLOG = 100  # messages that wait for the store: some seconds at 10 Hz
CLOCKS_APART_S = 1.0
IDLE, MOVE = 1, 2  # RobotState.MODE_*
MODES = ("other", "idle", "move", "guiding", "reflex", "user stopped", "recovery")


@dataclass(frozen=True)
class Check:
    """One line of the list; a note never keeps the arm from moving."""

    name: str
    verdict: Verdict
    value: str
    cure: str = ""  # "" where nothing is to be done


@dataclass(frozen=True)
class Sitting:
    """What only this window knows: since it was opened."""

    hold_is_confirmed: bool = False
    clock_lead_s: float | None = None  # this machine's clock less the graph's; None: not known


@dataclass(frozen=True)
class Preflight:
    """Looks at one moment. Simulated arms and cameras are silent before their first reset, which is no fault."""

    rig: Rig
    health: Health
    settings: Settings
    sitting: Sitting
    now_s: float
    mode: str = "policy"  # who shall act; nobody but the policy needs the policy

    def checks(self) -> tuple[Check, ...]:
        """Return all checks, in the order in which a person would mend them."""
        cameras = (self._camera(name) for name in self.settings.cameras)
        rest = (self._one_graph(), self._arm(), *cameras, self._arbiter())
        model = (self._model(),) if self.mode == "policy" else ()
        return (*self._nodes(), *rest, *model, *self._store(), self._hold(), self._teleop(), self._clock())

    def for_mode(self, mode: str) -> Preflight:
        """Return the same moment for an episode in which somebody else acts."""
        return replace(self, mode=mode)

    def _nodes(self) -> Iterator[Check]:
        """Yield a check for each node that is not well, and one for all that are."""
        well = 0
        wanted = [node for node in self.health.nodes if node != "policy" or self.mode == "policy"]
        for node in wanted:
            life = self.health.life(node)
            age_s, beat = life.age_s(self.now_s), life.beat
            name = f"node {node}"
            if beat is None:
                yield Check(name, "unknown", "not heard yet", "Start the graph: `irevla up`, or ros2 launch.")
            elif age_s > self.health.silent_s:
                cure = "Wait until it is started again; if it stays silent, see the log and start the graph again."
                yield Check(name, "bad", f"silent for {_seconds(age_s)}", cure)
            elif beat.state != OK and not (node == "robot" and self.settings.robot.is_simulated):
                yield Check(name, "bad", beat.state, _cure(beat.state, "See its lines in the log."))
            else:
                well += 1
        if well:
            yield Check("nodes", "good", f"{well} of {len(wanted)} well")

    def _one_graph(self) -> Check:
        doubled = [node for node in self.health.nodes if self.health.life(node).is_doubled(self.now_s)]
        if doubled:
            cure = "End the other graph, or give it another graph.domain_id."
            return Check("one graph", "bad", f"two processes each of {', '.join(doubled)}", cure)
        if all(self.health.life(node).beat is None for node in self.health.nodes):
            return Check("one graph", "unknown", "no graph heard yet", "Start the graph.")
        return Check("one graph", "good", "each node once")

    def _arm(self) -> Check:
        arm, is_simulated = self.rig.arm, self.settings.robot.is_simulated
        if arm is None:
            if is_simulated:
                return Check("arm", "note", "shows with the first reset")
            return Check(
                "arm", "unknown", "no state yet", "Unlock the arm in Desk, switch FCI on, start its controller."
            )
        if arm.error:
            if is_simulated:
                return Check("arm", "note", arm.error, "The next reset clears it.")
            return Check("arm", "bad", arm.error, _cure(arm.error, "Clear the way, recover the arm, then reset."))
        age_s = self.now_s - arm.received_s
        if age_s > self.health.silent_s and not is_simulated:
            cure = "Is the robot node alive, the arm unlocked, its controller running?"
            return Check("arm", "bad", f"its state is {_seconds(age_s)} old", cure)
        mode = MODES[arm.mode] if 0 <= arm.mode < len(MODES) else str(arm.mode)
        if arm.mode not in (IDLE, MOVE):
            cure = _cure(mode, "Bring the arm into execution mode (blue light): end guiding, release the user stop.")
            return Check("arm", "bad", f"mode: {mode}", cure)
        return Check("arm", "good", f"mode: {mode}, no error")

    def _camera(self, camera: str) -> Check:
        name, settings = f"camera {camera}", self.settings.cameras[camera]
        picture = self.rig.pictures.get(camera)
        if settings.backend == "mujoco":  # as many pictures as steps, none before the first reset
            if picture is None:
                return Check(name, "note", "shows with the first reset")
            return Check(name, "good", "simulated, a picture a step")
        if picture is None:
            return Check(name, "unknown", "no picture yet", "Check its plug and cameras.*.source in the rig file.")
        age_s = self.now_s - picture.received_s
        if age_s > self.settings.dashboard.stale_picture_s:
            cure = "Check its plug, cable and USB port; it is opened again by itself."
            return Check(name, "bad", f"the newest picture is {_seconds(age_s)} old", cure)
        rate_hz = number(self.health.values(self.rig, f"camera_{camera}", self.now_s), "rate_hz")
        if rate_hz is None:
            return Check(name, "unknown", "its rate is not known yet", "Wait a second; else see its node.")
        value = f"{rate_hz:.0f} of {settings.rate_hz:.0f} pictures/s"
        if rate_hz < SLOW * settings.rate_hz:
            return Check(name, "bad", value, "Give it a USB 3 port of its own, or ask for fewer pictures (cameras.*).")
        return Check(name, "good", value)

    def _arbiter(self) -> Check:
        arbiter = self.rig.arbiter
        if arbiter is None:
            return Check("arbiter", "unknown", "not heard yet", "Start the graph.")
        if arbiter.hold:
            cure = _cure(arbiter.reason, "Mend what it says, then press resume twice.")
            return Check("arbiter", "bad", f"holds the arm: {arbiter.reason or 'no reason given'}", cure)
        return Check("arbiter", "good", "lets the arm move")

    def _model(self) -> Check:
        told = self.health.diagnosis(self.rig, "policy", self.now_s)
        if told is None:
            return Check("model", "unknown", "the policy has not told yet", "Wait a second; is the policy node alive?")
        values = dict(told.values)
        model_hash = values.get("model_hash", "")
        if not model_hash:
            cure = "Promote or load a model on the Rounds page; demonstrations can be recorded without."
            return Check("model", "bad", "no model loaded", cure)
        path = values.get("model", "").rstrip("/").rpartition("/")[2]
        return Check("model", "good", f"{path or 'loaded'} ({model_hash[:8]})")

    def _store(self) -> tuple[Check, Check]:
        values = self.health.values(self.rig, "session", self.now_s)
        free_mb, backlog = number(values, "free_mb"), number(values, "backlog")
        least_mb = self.settings.session.min_free_mb
        wait = "Wait a second; is the session node alive?"
        if free_mb is None:
            disk = Check("disk", "unknown", "the session has not told yet", wait)
        elif free_mb < least_mb:
            cure = "Free some space, or move session.store to a larger disk."
            disk = Check("disk", "bad", f"{memory_words(str(free_mb))} free, expected {least_mb} MB", cure)
        else:
            disk = Check("disk", "good", f"{memory_words(str(free_mb))} free")
        if backlog is None:
            return disk, Check("store", "unknown", "the session has not told yet", wait)
        if backlog > LARGEST_BACKLOG:
            cure = "Wait until it is written; a local SSD or smaller pictures keep up."
            return disk, Check("store", "bad", f"{backlog:.0f} messages wait to be written", cure)
        return disk, Check("store", "good", "keeps up")

    def _hold(self) -> Check:
        if self.sitting.hold_is_confirmed:
            return Check("HOLD tried", "good", "confirmed")
        cure = f"Press {self.settings.dashboard.keys.hold} once and see the arm held; then press resume twice."
        verdict: Verdict = "note" if self.settings.robot.is_simulated else "bad"
        return Check("HOLD tried", verdict, "not yet", cure)

    def _teleop(self) -> Check:
        devices = () if self.rig.teleop is None else self.rig.teleop.devices
        return Check("teleop", "note", ", ".join(devices) or "no device, only keys")

    def _clock(self) -> Check:
        lead_s = self.sitting.clock_lead_s
        if lead_s is None:
            return Check("clocks", "note", "not compared yet")
        if abs(lead_s) <= CLOCKS_APART_S:
            return Check("clocks", "note", "agree")
        value = f"this machine is {_seconds(abs(lead_s))} {'ahead of' if lead_s > 0 else 'behind'} the graph's"
        return Check("clocks", "note", value, "Let both machines set their clocks by NTP (chrony).")


def why_not(checks: Iterable[Check]) -> str:
    """Return the first check that keeps the arm from moving, in words; "" when it may."""
    for check in checks:
        if check.verdict in ("bad", "unknown"):
            return f"{check.name}: {check.value}. {check.cure}".strip()
    return ""


def _cure(message: str, otherwise: str) -> str:
    remedy = remedy_for(message)
    return otherwise if remedy is None else remedy.cure


def _seconds(age_s: float) -> str:
    return f"{age_s:.1f} s" if age_s < 100 else f"{age_s / 60:.0f} min"
