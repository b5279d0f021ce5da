"""Loggers: to the terminal in ROS's format, and to /rosout for nodes that have it."""

from __future__ import annotations

import inspect
import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from irevla.config.errors import UnknownNameError

DEFAULT_FORMAT = "[{severity}] [{time}] [{name}]: {message}"


class LoggingSeverity(IntEnum):
    """As in rcl_interfaces/Log."""

    UNSET = 0
    DEBUG = 10
    INFO = 20
    WARN = 30
    ERROR = 40
    FATAL = 50


@dataclass(frozen=True)
class LogRecord:
    """One line: who said what, where in the code."""

    severity: LoggingSeverity
    name: str
    message: str
    time_ns: int
    file: str
    function: str
    line: int


Sink = Callable[[LogRecord], None]


class _Registry:
    """Levels and sinks by logger name; process-wide, because rclpy's loggers are."""

    def __init__(self) -> None:
        self.levels: dict[str, LoggingSeverity] = {}
        self.default = LoggingSeverity.INFO
        self.sinks: dict[str, Sink] = {}
        self.console = True
        self.lock = threading.Lock()

    def level(self, name: str) -> LoggingSeverity:
        while name and name not in self.levels:
            name = name.rpartition(".")[0]
        return self.levels.get(name, self.default)

    def write(self, record: LogRecord) -> None:
        if self.console:
            text = os.environ.get("RCUTILS_CONSOLE_OUTPUT_FORMAT", DEFAULT_FORMAT).format_map(_Words(record))
            with self.lock:
                sys.stderr.write(f"{text}\n")
                sys.stderr.flush()
        name = record.name
        while name:
            if (sink := self.sinks.get(name)) is not None:
                sink(record)
                return
            name = name.rpartition(".")[0]


class _Words(dict[str, str]):
    def __init__(self, record: LogRecord) -> None:
        seconds, rest = divmod(record.time_ns, 1_000_000_000)
        super().__init__(
            severity=record.severity.name,
            name=record.name,
            message=record.message,
            time=f"{seconds}.{rest:09d}",
            time_as_nanoseconds=str(record.time_ns),
            function_name=record.function,
            file_name=record.file,
            line_number=str(record.line),
        )

    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"


_registry = _Registry()


class RcutilsLogger:
    """Made by `get_logger` and `Node.get_logger`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._said: dict[tuple[str, int], float] = {}

    def get_child(self, name: str) -> RcutilsLogger:
        """Return the logger ``<this>.<name>``."""
        return RcutilsLogger(f"{self.name}.{name}" if self.name else name)

    def set_level(self, level: LoggingSeverity | int) -> None:
        """Print only ``level`` and above."""
        _registry.levels[self.name] = LoggingSeverity(level)

    def get_effective_level(self) -> LoggingSeverity:
        """Return the level that holds for this logger."""
        return _registry.level(self.name)

    def is_enabled_for(self, severity: LoggingSeverity | int) -> bool:
        """Say whether ``severity`` is printed."""
        return severity >= self.get_effective_level()

    def debug(self, message: str, *, once: bool = False, throttle_duration_sec: float = 0.0) -> bool:
        """Log for developers; returns whether it was printed."""
        return self._log(LoggingSeverity.DEBUG, message, once, throttle_duration_sec)

    def info(self, message: str, *, once: bool = False, throttle_duration_sec: float = 0.0) -> bool:
        """Log what happens; returns whether it was printed."""
        return self._log(LoggingSeverity.INFO, message, once, throttle_duration_sec)

    def warning(self, message: str, *, once: bool = False, throttle_duration_sec: float = 0.0) -> bool:
        """Log what looks wrong; returns whether it was printed."""
        return self._log(LoggingSeverity.WARN, message, once, throttle_duration_sec)

    def warn(self, message: str, *, once: bool = False, throttle_duration_sec: float = 0.0) -> bool:
        """As `warning`."""
        return self._log(LoggingSeverity.WARN, message, once, throttle_duration_sec)

    def error(self, message: str, *, once: bool = False, throttle_duration_sec: float = 0.0) -> bool:
        """Log what went wrong; returns whether it was printed."""
        return self._log(LoggingSeverity.ERROR, message, once, throttle_duration_sec)

    def fatal(self, message: str, *, once: bool = False, throttle_duration_sec: float = 0.0) -> bool:
        """Log what ends the node; returns whether it was printed."""
        return self._log(LoggingSeverity.FATAL, message, once, throttle_duration_sec)

    def _log(self, severity: LoggingSeverity, message: str, once: bool, throttle_s: float) -> bool:
        if not self.is_enabled_for(severity):
            return False
        frame = inspect.currentframe()
        caller = frame.f_back.f_back if frame and frame.f_back else None
        file, line, function = ("", 0, "")
        if caller is not None:
            file, line, function = caller.f_code.co_filename, caller.f_lineno, caller.f_code.co_name
        if once or throttle_s:
            now, last = time.monotonic(), self._said.get((file, line))
            if last is not None and (once or now - last < throttle_s):
                return False
            self._said[(file, line)] = now
        _registry.write(LogRecord(severity, self.name, str(message), time.time_ns(), file, function, line))
        return True


def get_logger(name: str) -> RcutilsLogger:
    """Return the logger called ``name``."""
    return RcutilsLogger(name)


def get_logging_severity_from_string(text: str) -> LoggingSeverity:
    """Return the severity called ``text``, in any case; UnknownNameError."""
    known = {severity.name: severity for severity in LoggingSeverity} | {"WARNING": LoggingSeverity.WARN}
    if text.upper() not in known:
        raise UnknownNameError("log level", text, [name.lower() for name in known])
    return known[text.upper()]


def set_logger_level(name: str, level: LoggingSeverity | int) -> None:
    """Print only ``level`` and above from the logger ``name``; "" is the default of all."""
    if name:
        _registry.levels[name] = LoggingSeverity(level)
    else:
        _registry.default = LoggingSeverity(level)


def set_console_output(enabled: bool) -> None:
    """Switch the terminal output of all loggers. Not in rclpy."""
    _registry.console = enabled


def add_sink(name: str, sink: Sink) -> None:
    """Give the records of the logger ``name`` and its children to ``sink`` too. Not in rclpy."""
    _registry.sinks[name] = sink


def remove_sink(name: str) -> None:
    """Undo `add_sink`. Not in rclpy."""
    _registry.sinks.pop(name, None)
