"""The parameters' half of `Node`: declare, get, set, watch."""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from rclpy.exceptions import (
    InvalidParameterException,
    InvalidParameterTypeException,
    InvalidParameterValueException,
    ParameterAlreadyDeclaredException,
    ParameterImmutableException,
    ParameterNotDeclaredException,
    ParameterUninitializedException,
)
from rclpy.impl.parameter_checks import problem
from rclpy.parameter import Parameter

Check = Callable[[list[Parameter]], Any]


class ParameterHolder:
    """Keeps parameters by name; values from the command line or a file win over declared defaults. Thread-safe."""

    def __init__(self, overrides: dict[str, Parameter], *, allow_undeclared: bool) -> None:
        self._overrides = overrides
        self._allow_undeclared = allow_undeclared
        self._values: dict[str, Parameter] = {}
        self._descriptors: dict[str, Any] = {}
        self._checks: list[Check] = []
        self._watchers: list[Callable[[list[Parameter]], Any]] = []
        self._lock = threading.RLock()

    def declare_parameter(
        self, name: str, value: Any = None, descriptor: Any = None, ignore_override: bool = False
    ) -> Parameter:
        """Declare a parameter; ``value`` is its default, or a Parameter.Type when it must be given from outside.

        Raises ParameterAlreadyDeclaredException, InvalidParameterTypeException, InvalidParameterValueException.
        """
        from rcl_interfaces.msg import ParameterDescriptor

        if not name or not isinstance(name, str):
            raise InvalidParameterException(f"expected a parameter name, got {name!r}")
        descriptor = copy.deepcopy(descriptor) if descriptor is not None else ParameterDescriptor()
        descriptor.name = name
        with self._lock:
            if name in self._values:
                raise ParameterAlreadyDeclaredException(f"parameter {name} is declared already")
            wanted = value if isinstance(value, Parameter.Type) else None
            default = None if wanted is not None else value
            if not descriptor.dynamic_typing and not descriptor.type:
                descriptor.type = int(wanted if wanted is not None else Parameter.Type.from_parameter_value(default))
            given = None if ignore_override else self._overrides.get(name)
            parameter = given if given is not None else Parameter(name, value=default)
            if parameter.type_ != Parameter.Type.NOT_SET:
                self._check_declared(parameter, descriptor)
            self._values[name] = parameter
            self._descriptors[name] = descriptor
        self._tell([parameter], new=True)
        return parameter

    def declare_parameters(
        self, namespace: str, parameters: Sequence[tuple[Any, ...]], ignore_override: bool = False
    ) -> list[Parameter]:
        """Declare several ``(name[, value[, descriptor]])``, each under ``namespace.`` if there is one."""
        prefix = f"{namespace}." if namespace else ""
        return [
            self.declare_parameter(
                f"{prefix}{given[0]}",
                given[1] if len(given) > 1 else None,
                given[2] if len(given) > 2 else None,
                ignore_override,
            )
            for given in parameters
        ]

    def undeclare_parameter(self, name: str) -> None:
        """Forget a parameter; ParameterNotDeclaredException, ParameterImmutableException."""
        with self._lock:
            self._require(name)
            if self._descriptors[name].read_only:
                raise ParameterImmutableException(f"parameter {name} is read-only")
            del self._values[name], self._descriptors[name]

    def has_parameter(self, name: str) -> bool:
        """Say whether the parameter is declared."""
        return name in self._values

    def get_parameter(self, name: str) -> Parameter:
        """Return a parameter; ParameterNotDeclaredException, ParameterUninitializedException."""
        with self._lock:
            if name not in self._values and self._allow_undeclared:
                return Parameter(name)
            self._require(name)
            parameter = self._values[name]
            if parameter.type_ == Parameter.Type.NOT_SET and not self._descriptors[name].dynamic_typing:
                kind = self._descriptors[name].type
                if kind:
                    raise ParameterUninitializedException(
                        f"parameter {name} has no value yet; give it as -p {name}:=<{Parameter.Type(kind).name}>"
                    )
            return parameter

    def get_parameters(self, names: Iterable[str]) -> list[Parameter]:
        """Return several parameters."""
        return [self.get_parameter(name) for name in names]

    def get_parameter_or(self, name: str, alternative: Parameter | None = None) -> Parameter:
        """Return a parameter, or ``alternative`` when it is not declared or has no value."""
        found = self._values.get(name)
        if found is not None and found.type_ != Parameter.Type.NOT_SET:
            return found
        return alternative if alternative is not None else Parameter(name)

    def get_parameters_by_prefix(self, prefix: str) -> dict[str, Parameter]:
        """Return the parameters under ``prefix.``, without it."""
        start = f"{prefix}." if prefix else ""
        with self._lock:
            return {name[len(start) :]: parameter for name, parameter in self._values.items() if name.startswith(start)}

    def set_parameters(self, parameters: Sequence[Parameter]) -> list[Any]:
        """Set each on its own; returns an rcl_interfaces/SetParametersResult a parameter."""
        for parameter in parameters:
            if not self._allow_undeclared:
                self._require(parameter.name)
        return [self.set_parameters_atomically([parameter]) for parameter in parameters]

    def set_parameters_atomically(self, parameters: Sequence[Parameter]) -> Any:
        """Set all or none; returns one rcl_interfaces/SetParametersResult with the reason of a refusal."""
        from rcl_interfaces.msg import ParameterDescriptor, SetParametersResult

        wanted = list(parameters)
        with self._lock:
            for parameter in wanted:
                if parameter.name not in self._values and not self._allow_undeclared:
                    return SetParametersResult(successful=False, reason=f"parameter {parameter.name} is not declared")
                descriptor = self._descriptors.get(parameter.name, ParameterDescriptor())
                if reason := problem(parameter, descriptor):
                    return SetParametersResult(successful=False, reason=reason)
            for check in list(self._checks):
                result = check(wanted)
                if not result.successful:
                    return result
            for parameter in wanted:
                self._descriptors.setdefault(parameter.name, ParameterDescriptor(name=parameter.name))
                self._values[parameter.name] = parameter
        self._tell(wanted, new=False)
        return SetParametersResult(successful=True)

    def describe_parameter(self, name: str) -> Any:
        """Return the ParameterDescriptor; ParameterNotDeclaredException."""
        with self._lock:
            self._require(name)
            descriptor = copy.deepcopy(self._descriptors[name])
            descriptor.type = int(self._values[name].type_) or descriptor.type
            return descriptor

    def describe_parameters(self, names: Iterable[str]) -> list[Any]:
        """Return several ParameterDescriptors."""
        return [self.describe_parameter(name) for name in names]

    def list_parameters(self, prefixes: Sequence[str], depth: int) -> Any:
        """Return an rcl_interfaces/ListParametersResult; depth 0 means all levels."""
        from rcl_interfaces.msg import ListParametersResult

        with self._lock:
            names = sorted(self._values)
        found = [name for name in names if _is_listed(name, prefixes, depth)]
        groups = sorted({name.rpartition(".")[0] for name in found if "." in name})
        return ListParametersResult(names=found, prefixes=groups)

    def add_on_set_parameters_callback(self, callback: Check) -> None:
        """Ask ``callback(parameters)`` before each set for a SetParametersResult; the last added is asked first."""
        self._checks.insert(0, callback)

    def remove_on_set_parameters_callback(self, callback: Check) -> None:
        """Undo `add_on_set_parameters_callback`."""
        self._checks.remove(callback)

    def add_post_set_parameters_callback(self, callback: Callable[[list[Parameter]], Any]) -> None:
        """Call ``callback(parameters)`` after each set."""
        self._watchers.append(callback)

    def _check_declared(self, parameter: Parameter, descriptor: Any) -> None:
        if reason := problem(parameter, descriptor, declaring=True):
            if not descriptor.dynamic_typing and descriptor.type and parameter.type_ != descriptor.type:
                raise InvalidParameterTypeException(reason)
            raise InvalidParameterValueException(reason)
        for check in list(self._checks):
            result = check([parameter])
            if not result.successful:
                raise InvalidParameterValueException(f"parameter {parameter.name}: {result.reason}")

    def _require(self, name: str) -> None:
        if name not in self._values:
            raise ParameterNotDeclaredException(
                f"parameter {name} is not declared; declared: {', '.join(sorted(self._values)) or 'none'}"
            )

    def _tell(self, parameters: list[Parameter], *, new: bool) -> None:
        for watcher in list(self._watchers):
            watcher(parameters)


def _is_listed(name: str, prefixes: Sequence[str], depth: int) -> bool:
    if not prefixes:
        return not depth or name.count(".") < depth
    for prefix in prefixes:
        if name == prefix:
            return True
        if name.startswith(f"{prefix}."):
            rest = name[len(prefix) + 1 :]
            if not depth or rest.count(".") < depth:
                return True
    return False
