"""Log levels and outputs as the command line wants them, and /rosout."""

from __future__ import annotations

from typing import Any

from rclpy.impl.arguments import Arguments
from rclpy.logging import (
    LoggingSeverity,
    LogRecord,
    get_logging_severity_from_string,
    set_console_output,
    set_logger_level,
)
from rclpy.publisher import Publisher

from irevla.config.errors import WorldError


def configure_logging(arguments: Arguments) -> None:
    """Apply ``--log-level`` and the output switches; UnknownNameError for an unknown level."""
    level = get_logging_severity_from_string(arguments.log_level) if arguments.log_level else LoggingSeverity.INFO
    set_logger_level("", level)
    for name, text in arguments.logger_levels.items():
        set_logger_level(name, get_logging_severity_from_string(text))
    set_console_output(arguments.console)


class RosoutSink:
    """Publishes log records as rcl_interfaces/Log."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher

    def __call__(self, record: LogRecord) -> None:
        """Publish one record."""
        from builtin_interfaces.msg import Time

        seconds, rest = divmod(record.time_ns, 1_000_000_000)
        message: Any = self._publisher.msg_type(
            stamp=Time(sec=seconds, nanosec=rest),
            level=int(record.severity),
            name=record.name,
            msg=record.message,
            file=record.file,
            function=record.function,
            line=record.line,
        )
        try:
            self._publisher.publish(message)
        except WorldError:
            # The domain is being left; the terminal has the line.
            return
