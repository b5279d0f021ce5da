"""The hidden services and topics an action is made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ActionNames:
    """Names of the parts of the action ``name``."""

    name: str

    @property
    def send_goal(self) -> str:
        """Service: may I?"""
        return f"{self.name}/_action/send_goal"

    @property
    def cancel_goal(self) -> str:
        """Service: stop it."""
        return f"{self.name}/_action/cancel_goal"

    @property
    def get_result(self) -> str:
        """Service: answers when the goal has ended."""
        return f"{self.name}/_action/get_result"

    @property
    def feedback(self) -> str:
        """Topic: how far the goals are."""
        return f"{self.name}/_action/feedback"

    @property
    def status(self) -> str:
        """Topic, latched: the states of all goals."""
        return f"{self.name}/_action/status"
