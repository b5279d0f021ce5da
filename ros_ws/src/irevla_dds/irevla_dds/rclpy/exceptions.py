"""What rclpy raises, by the same names."""

from __future__ import annotations


class NotInitializedException(Exception):
    """`rclpy.init` has not been called, or the context is shut down."""

    def __init__(self, detail: str = "") -> None:
        super().__init__(f"rclpy.init() has not been called{f': {detail}' if detail else ''}")


class InvalidNameException(Exception):
    """A topic, service, node or namespace name breaks ROS's rules."""


class InvalidHandle(Exception):
    """The entity or its context has been destroyed."""


class ParameterException(Exception):
    """Base of the parameters' errors."""


class ParameterAlreadyDeclaredException(ParameterException):
    """A parameter was declared twice."""


class ParameterNotDeclaredException(ParameterException):
    """A parameter was asked for that nobody declared."""


class ParameterUninitializedException(ParameterException):
    """A statically typed parameter was read before it had a value."""


class ParameterImmutableException(ParameterException):
    """A read-only parameter was set."""


class InvalidParameterException(ParameterException):
    """A parameter name is no valid name."""


class InvalidParameterTypeException(ParameterException):
    """A value's type is not the declared one."""


class InvalidParameterValueException(ParameterException):
    """A value was refused by its range or by a callback."""


class InvalidTypeSupportException(Exception):
    """The type given is no message, service or action class."""
