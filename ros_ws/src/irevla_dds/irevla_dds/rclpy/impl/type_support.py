"""The codecs behind message, service and action classes, with a plain error for anything else."""

from __future__ import annotations

from typing import Any

from rclpy.exceptions import InvalidTypeSupportException

from irevla_dds.interfaces.codec import Codec


def message_codec(message_type: Any) -> Codec:
    """Return the codec of a message class; InvalidTypeSupportException."""
    codec = getattr(message_type, "codec", None)
    if not isinstance(codec, Codec) or hasattr(message_type, "Request"):
        raise InvalidTypeSupportException(
            f"expected a message class such as std_msgs.msg.String, got {_name(message_type)}"
        )
    return codec


def service_codecs(service_type: Any) -> tuple[Codec, Codec]:
    """Return the codecs of a service's request and response; InvalidTypeSupportException."""
    request, response = getattr(service_type, "Request", None), getattr(service_type, "Response", None)
    if request is None or response is None:
        raise InvalidTypeSupportException(
            f"expected a service class such as std_srvs.srv.Trigger, got {_name(service_type)}"
        )
    return message_codec(request), message_codec(response)


def check_action_type(action_type: Any) -> None:
    """Raise InvalidTypeSupportException unless ``action_type`` is an action class."""
    if not all(hasattr(action_type, part) for part in ("Goal", "Result", "Feedback", "Impl")):
        raise InvalidTypeSupportException(
            f"expected an action class such as irevla_msgs.action.RunEpisodes, got {_name(action_type)}"
        )


def _name(value: Any) -> str:
    return f"{getattr(value, '__module__', '')}.{getattr(value, '__qualname__', repr(value))}"
