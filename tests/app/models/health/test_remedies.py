"""Messages as our nodes, libfranka and rclpy write them, and what the operator is told to do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irevla.app.models.health.remedies import remedy_for

MESSAGES = {
    "hold: 2 publishers of arbiter/command, there may be one; end the other graph": "a second graph or program",
    "/arbiter/command has 1 publisher already: another graph runs in this domain": "another graph",
    "hold: arbiter/hold was called": "somebody pressed hold",
    "hold: no heartbeat from camera_wrist for 1.1 s; is it running?": "the camera_wrist node is silent",
    "hold: no picture of camera front for 0.7 s (at most 0.5 s)": "camera front stopped",
    "hold: no state of the robot for 0.6 s (at most 0.5 s)": "the arm's state stopped",
    "hold: no proposal for 0.9 s (at most 0.5 s)": "answers too slowly",
    "the tool stands at (0.5, 0.4, 0.1) m, 0.030 m outside the workspace": "outside its limits",
    "hold: policy: action: expected 7 finite numbers in [-1, 1], got [nan]": "a motion that is none",
    "the arm moved while it waited for the command of step 3; is there another?": "though nothing told it",
    "dropped an action with source 3, expected (1, 2)": "another source",
    "hold: the arm reports: communication_constraints_violation": "lost too many packets",
    "libfranka: Move command aborted: motion aborted by reflex! [cartesian_reflex]": "touched something",
    "cartesian_motion_generator_velocity_discontinuity": "less smoothly",
    "joint_velocity_violation": "faster",
    "self_collision_avoidance_violation": "too close to itself",
    "power_limit_violation": "more torque or power",
    "robot is in mode user_stopped": "user stop",
    "the newest measurement of the arm is 0.31 s old, at most 0.2 s; in a reflex: reset again": "measurements stopped",
    "the tool stands 0.12 m away after 20 s; is something in its way, or is the arm in a reflex?": "did not reach home",
    "no answer from http://127.0.0.1:5000 yet; is franka_server running?": "franka_server",
    "9.1 pictures per second, expected 30 (camera.rate_hz); is the cable or bus busy?": "slower than",
    "the RealSense gave no picture for 2.0 s: timeout; is it unplugged?": "dropped out",
    "no RealSense 123; available: none; is it plugged in?": "is not there",
    "New publisher discovered on topic '/camera/front/image', offering incompatible QoS.": "quality of service",
    "service robot/reset is not there; is the robot node running?": "is not running",
    "180 MB free, expected 200 (session.min_free_mb): no episode can start": "disk",
    "OSError: [Errno 28] No space left on device": "disk",
    "sqlite3.OperationalError: database is locked": "locked",
    "the store is too slow: 1204 messages wait; one was dropped, its step stays open": "cannot keep up",
    "e1.mcap: cannot be read: torn; `irevla episodes verify` says what is missing": "damaged",
    "policy says: no model loaded: call policy/load_model": "has no model",
    "a head was refused, the running one stays: head weights: critic tensors": "refused",
    "head version 7 was ignored: it is for latents of 3fa2, the running model makes 99ab": "another backbone",
    "critic loss became nan at update 812; nothing was changed by it.": "learning broke",
    "a backbone weight moved in stage 1: expected hash 12, got 34": "must stay frozen",
    "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 20 MiB": "GPU",
    "the round worker died with status -9; its state is kept": "training round",
    "holding the arm: node teleop ended with status 1": "the teleop node ended",
}


@pytest.mark.parametrize(("message", "cause"), MESSAGES.items())
def test_a_message_of_the_graph_has_a_cause_and_a_cure(message: str, cause: str) -> None:
    remedy = remedy_for(message)
    assert remedy is not None
    assert cause in remedy.cause
    assert remedy.cure.endswith(".")


def test_a_message_that_nobody_knows_has_no_remedy() -> None:
    assert remedy_for("serving models/stage2 (model 12ab)") is None


def test_numbers_in_a_message_do_not_change_its_cause() -> None:
    first = remedy_for("no heartbeat from policy for 1.1 s; is it running?")
    later = remedy_for("no heartbeat from policy for 8.4 s; is it running?")
    assert first == later


@given(st.one_of(st.text(), st.lists(st.sampled_from([*MESSAGES, "{0}", "\\1", "\n"])).map("".join)))
def test_any_text_is_taken(text: str) -> None:
    remedy_for(text)
