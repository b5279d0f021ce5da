"""The services by which others read and set a node's parameters: ``ros2 param`` uses them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rclpy.exceptions import ParameterException
from rclpy.parameter import Parameter
from rclpy.qos import qos_profile_parameters

if TYPE_CHECKING:
    from rclpy.node import Node


class ParameterServices:
    """``~/get_parameters``, ``~/set_parameters`` and their four siblings."""

    def __init__(self, node: Node) -> None:
        from rcl_interfaces import srv

        self._node = node
        for name, kind, answer in (
            ("get_parameters", srv.GetParameters, self._get),
            ("get_parameter_types", srv.GetParameterTypes, self._types),
            ("set_parameters", srv.SetParameters, self._set),
            ("set_parameters_atomically", srv.SetParametersAtomically, self._set_all),
            ("list_parameters", srv.ListParameters, self._list),
            ("describe_parameters", srv.DescribeParameters, self._describe),
        ):
            node.create_service(kind, f"~/{name}", answer, qos_profile=qos_profile_parameters)

    def _get(self, request: Any, response: Any) -> Any:
        response.values = [self._node.get_parameter_or(name).get_parameter_value() for name in request.names]
        return response

    def _types(self, request: Any, response: Any) -> Any:
        response.types = [int(self._node.get_parameter_or(name).type_) for name in request.names]
        return response

    def _set(self, request: Any, response: Any) -> Any:
        response.results = [self._try_set([message]) for message in request.parameters]
        return response

    def _set_all(self, request: Any, response: Any) -> Any:
        response.result = self._try_set(request.parameters)
        return response

    def _list(self, request: Any, response: Any) -> Any:
        response.result = self._node.list_parameters(request.prefixes, request.depth)
        return response

    def _describe(self, request: Any, response: Any) -> Any:
        from rcl_interfaces.msg import ParameterDescriptor

        response.descriptors = [
            self._node.describe_parameter(name) if self._node.has_parameter(name) else ParameterDescriptor(name=name)
            for name in request.names
        ]
        return response

    def _try_set(self, messages: list[Any]) -> Any:
        from rcl_interfaces.msg import SetParametersResult

        try:
            wanted = [Parameter.from_parameter_msg(message) for message in messages]
            return self._node.set_parameters_atomically(wanted)
        except (ParameterException, ValueError, TypeError) as error:
            return SetParametersResult(successful=False, reason=str(error))
