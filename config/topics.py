"""Every topic, service and action name of the graph, once; relative, so namespaces and remapping work.

Four are absolute by ROS convention, as their readers expect; a graph with a namespace remaps the first two into it.
"""

ROBOT_STATE = "robot/state"
SIM_STATE = "sim/state"
CAMERA_IMAGE = "camera/{name}/image"  # one per camera, e.g. camera/front/image
POLICY_ACTION = "policy/action"
POLICY_LATENT = "policy/latent"
POLICY_SIGHT = "policy/sight"
TELEOP_ACTION = "teleop/action"
TELEOP_INPUT = "teleop/input"  # from a window that has the keyboard
TELEOP_STATUS = "teleop/status"
TELEOP_BUTTON = "teleop/button"
COMMAND = "arbiter/command"  # the only topic that moves the arm; one publisher
ARBITER_STATUS = "arbiter/status"
EPISODE_STATE = "session/state"
EPISODE_CLOSED = "session/closed"
WEIGHTS = "learner/weights"
LEARNER_STATUS = "learner/status"
HEARTBEAT = "heartbeat"

TF = "/tf"  # REP 105; remapped to tf in a namespace
TF_STATIC = "/tf_static"
DIAGNOSTICS = "/diagnostics"  # REP 107; the names of its statuses carry the namespace
ROSOUT = "/rosout"

RESET_ROBOT = "robot/reset"
HOLD = "arbiter/hold"
RESUME = "arbiter/resume"
START_EPISODE = "session/start"
STOP_EPISODE = "session/stop"
CONFIRM_RESET = "session/confirm_reset"  # the objects stand as they should (session.reset: guided)
LABEL_EPISODE = "session/label"
LIST_EPISODES = "session/list_episodes"
GET_EPISODE = "session/get_episode"
GET_PICTURES = "session/get_pictures"
GET_START_SCENE = "session/get_start_scene"
LOAD_MODEL = "policy/load_model"
START_TASK = "learner/start_task"
FINISH_TASK = "learner/finish_task"
LIST_MODELS = "lineage/list_models"
PROMOTE_MODEL = "lineage/promote"
ROLL_BACK_MODEL = "lineage/roll_back"

RUN_EPISODES = "session/run"
TRAIN_ROUND = "sft/train_round"
COMPARE_MODELS = "lineage/compare"


def camera_image(name: str) -> str:
    """Return the image topic of the camera called ``name``."""
    return CAMERA_IMAGE.format(name=name)
