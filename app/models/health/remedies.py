"""What messages of the graph mean, and what to do about them: pattern, cause, cure."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 2000  # characters of a message that are looked at


@dataclass(frozen=True)
class Remedy:
    """Plain words about a message. The cause names no numbers, so that equal causes read alike."""

    cause: str
    cure: str


def remedy_for(message: str) -> Remedy | None:
    """Return the first remedy whose pattern is in ``message``; None where the message must speak for itself."""
    text = message[:LONGEST]
    for pattern, cause, cure in _TABLE:
        found = pattern.search(text)
        if found is not None:
            return Remedy(found.expand(cause), cure)
    return None


_ROWS = (  # the first that fits counts: what is special stands before what is general
    # who may move the arm
    (
        r"publishers of arbiter/command",
        "a second graph or program commands the arm",
        "End the other graph (`ros2 topic info -v arbiter/command` names it), or give this one another "
        "graph.domain_id; then resume.",
    ),
    (
        r"has \d+ publishers? already: another graph",
        "another graph runs in this ROS domain",
        "End it, or start this one with another graph.domain_id or graph.namespace.",
    ),
    (
        r"arbiter/hold was called",
        "somebody pressed hold",
        "Look at the arm; when the way is clear, press resume twice.",
    ),
    (
        r"no heartbeat from (\w+)",
        r"the \1 node is silent",
        "See its row under Nodes: if it does not come back by itself, look at its log and start the graph again; "
        "then resume.",
    ),
    (
        r"no picture of camera (\w+) for",
        r"camera \1 stopped sending pictures",
        "Check its plug, cable and USB port (USB 3, no hub); when pictures come again, resume.",
    ),
    (
        r"no state of the robot for",
        "the arm's state stopped coming",
        "Is the robot node running, and the arm's controller? Unlock the arm in Desk, then resume.",
    ),
    (
        r"no proposal for",
        "the policy or the teleop device answers too slowly",
        "Is the GPU or the processor busy with something else? Lower robot.policy_hz if it happens again; then resume.",
    ),
    (
        r"outside the workspace|is tilted [\d.]+ rad",
        "the tool stands outside its limits",
        "Guide the arm back inside by hand (white light), or reset it; then resume. If the box is wrong, mend "
        "`limits` in the rig file.",
    ),
    (
        r"expected 7 (?:finite )?numbers",
        "the policy or a device proposed a motion that is none (NaN, or a wrong shape)",
        "Resume; if it comes again, go back to the model before (Rounds page) and keep this one for a look.",
    ),
    (
        r"is outside the limits and was refused|expected a finite target",
        "somebody but our arbiter sent the arm a target",
        "Find who publishes arbiter/command with `ros2 topic info -v arbiter/command` and end it.",
    ),
    (
        r"the arm moved while it waited",
        "the arm moved though nothing told it to",
        "Is a second program connected to the arm, or did somebody push it? End that, then resume.",
    ),
    (
        r"dropped an action with source",
        "somebody publishes actions in the name of another source",
        "Is a second policy or teleop node running? End it.",
    ),
    # the arm itself
    (
        r"communication_constraints_violation",
        "the arm lost too many packets of its controller",
        "Connect the controller computer by cable and directly to the control box, use a real-time kernel, turn off "
        "power saving; then recover the arm and reset.",
    ),
    (
        r"self_collision_avoidance_violation",
        "the arm came too close to itself",
        "Guide it away by hand, recover it and reset; take that corner out of `limits`.",
    ),
    (
        r"(?:cartesian|joint)_(?:motion_generator_)?(?:velocity|acceleration|jerk)\w*(?:violation|discontinuity)",
        "the arm was asked to move faster or less smoothly than a Franka may",
        "Recover the arm and reset; lower limits.speed_m_s or robot.translation_scale_m if it happens again.",
    ),
    (
        r"joint_position_limits_violation|joint_limit",
        "a joint reached its end stop",
        "Guide the arm towards the middle of its range, recover it and reset.",
    ),
    (
        r"power_limit_violation|tau_j_range_violation|force_control_safety_violation|instability_detected",
        "the controller asked for more torque or power than a Franka allows",
        "Recover the arm and reset; lower robot.stiffness_n_m, or check the payload that Desk knows of.",
    ),
    (
        r"user.?stop|user_stopped",
        "the user stop is pressed",
        "Look at the arm, release the user stop, then reset.",
    ),
    (
        r"newest measurement of the arm is",
        "the arm's measurements stopped",
        "Is the arm unlocked, FCI on, and its controller running? Then reset.",
    ),
    (
        r"the tool stands .{1,200} is something in its way",
        "the arm did not reach home in time",
        "Clear its way, release the user stop if it is pressed, recover the arm and reset.",
    ),
    (
        r"reflex",
        "the arm touched something and stopped itself (a reflex), or its controller stopped",
        "Clear the way and release the user stop. SERL: reset again, which sends /clearerr. CRISP: run error_recovery, "
        "activate the controller, reset.",
    ),
    (
        r"franka_server|/getstate|/startimp",
        "SERL's franka_server does not answer",
        "Start franka_server on the arm's computer with its impedance controller (/startimp), and check "
        "robot.serl.url.",
    ),
    (
        r"CRISP's broadcasters|robot\.crisp\.",
        "CRISP's controllers are not heard, or under other names",
        "Activate the broadcasters (`ros2 control list_controllers`), and compare graph.domain_id and the names of "
        "robot.crisp.",
    ),
    # cameras
    (
        r"pictures per second, expected",
        "a camera is slower than its settings say",
        "Give each camera its own USB 3 port and a short cable, or ask for fewer or smaller pictures (cameras.*).",
    ),
    (
        r"no RealSense",
        "the RealSense with that serial number is not there",
        "Plug it in (USB 3); `rs-enumerate-devices -s` shows the numbers, cameras.*.source takes one.",
    ),
    (
        r"RealSense gave no picture|gave no picture; is it unplugged",
        "a camera dropped out",
        "Check its plug and cable. It is opened again by itself; a RealSense that stays away needs to be plugged anew.",
    ),
    (
        r"RealSense refuses",
        "the RealSense does not know that picture size or rate",
        "Use 640x480 at 30 Hz in the rig file, and a USB 3 port.",
    ),
    (
        r"cannot be opened; is it in use elsewhere|source is still 'SET-",
        "the camera cannot be opened",
        "Write the right device into cameras.*.source, and close every other program that uses the camera.",
    ),
    (
        r"parent_frame is empty",
        "nobody told where this camera is mounted",
        "Nothing is wrong unless you look at the camera on /tf; then set camera.parent_frame and its mount.",
    ),
    # wires
    (
        r"incompatible QoS",
        "a publisher and a reader do not agree on quality of service",
        "Nothing arrives from that publisher: set its reliability and durability as docs/graph.md says for this topic.",
    ),
    (
        r"service (\S+) is not there|no arbiter to hold the arm",
        "a node that should answer is not running",
        "See which node is silent under Nodes; start the graph again if it does not come back.",
    ),
    (
        r"did not answer within|no answer to robot/reset within",
        "a node took too long to answer",
        "Is the machine overloaded, or the arm blocked? Look at the node's row and try again.",
    ),
    (
        r"(?:a|an) \w+ was dropped: |camera \w+: expected",
        "a message came in a form that is not ours",
        "Is a node of another version, or another program, publishing under our names? Start all of the graph anew.",
    ),
    # disk and store
    (
        r"MB free.{0,200}expected|No space left on device",
        "the disk of the episode store is full",
        "Free some space or move session.store to a larger disk; no episode starts until then.",
    ),
    (
        r"database is locked|another process held the new file",
        "another program keeps the episode store locked",
        "Close `irevla episodes` and SQLite browsers that have this store open, then try again.",
    ),
    (
        r"the store is too slow",
        "the disk cannot keep up with the pictures",
        "Use a local SSD for session.store, or smaller pictures; a step that lost a message is left out.",
    ),
    (
        r"episodes verify|episodes repair|not an MCAP file",
        "a file of the episode store is damaged",
        "Run `irevla episodes verify`, then `irevla episodes repair`: closed steps are kept.",
    ),
    (
        r"Read-only file system|Permission denied|cannot be made",
        "the episode store cannot be written",
        "Check that session.store is on a mounted disk that you may write to.",
    ),
    (
        r"no step (?:was )?closed for|not running \d+ s after the reset",
        "an episode got stuck: something that makes up a step did not come",
        "The message names what is missing: look at that node or camera; the closed steps are in the store.",
    ),
    # model and learning
    (
        r"no model loaded",
        "the policy has no model",
        "Promote or load one on the Rounds page; recording demonstrations works without.",
    ),
    (
        r"a head was refused|the model served last cannot be loaded|expected model .{1,80} got|head weights: ",
        "a model was refused: its files are not what they should be, the running one stays",
        "Load the model before (Rounds page), or copy the checkpoint again.",
    ),
    (
        r"it is for latents of|latents of backbone|got a head for",
        "the head belongs to another backbone than the one that runs",
        "Load the model that the learner started from, or start the task again on the running model.",
    ),
    (
        r"loss became (?:nan|inf|-inf)|NaN loss|expected finite actions, got NaN",
        "learning broke: a loss or an action is no number",
        "Nothing was changed by it. Lower learner.learning_rate (or the round's), and run `irevla episodes verify`.",
    ),
    (
        r"backbone weight moved",
        "stage 1 changed a weight that must stay frozen",
        "Do not use that checkpoint; start stage 1 again from the last good model.",
    ),
    (
        r"CUDA out of memory|OutOfMemoryError",
        "the GPU has no memory left",
        "End other programs on the GPU (`nvidia-smi`), lower rounds.batch_size, or run the round elsewhere.",
    ),
    (
        r"round worker (?:said nothing|died)",
        "the training round's process died or hangs",
        "Its state is kept: start the same round again and it goes on.",
    ),
    (
        r"the learner did not answer|learning failed|learner's thread ended",
        "the learner stopped",
        "The arm goes on with the head it has; look at the message, then start the task again on the Training page.",
    ),
    # the process itself
    (
        r"node (\w+) (?:ended with|was killed)",
        r"the \1 node ended",
        "It is started again by itself; when it ends again and again, look at its log. Resume when the arm is held.",
    ),
    (
        r"unknown setting|expected .{1,80}, got .{1,80}; available:|parameters of node",
        "a setting is wrong",
        "Mend it in the rig file: the message names the key and what is allowed.",
    ),
)
_TABLE = tuple((re.compile(pattern, re.IGNORECASE | re.DOTALL), cause, cure) for pattern, cause, cure in _ROWS)
