"""One thread's wait for any of many readers and guards, by number."""

import ctypes

from cyclonedds.core import Entity, WaitSet
from cyclonedds.internal import c_call, dds_c_t

from irevla_dds.wire.participant import Participant

LONGEST_NS = 2**62


class NumberedWaitSet(WaitSet):  # type: ignore[misc]
    """A Cyclone wait set that says *which* of its members triggered."""

    def __init__(self, participant: Participant) -> None:
        super().__init__(participant.entity)
        self._members: dict[int, Entity] = {}
        self._triggered = (ctypes.c_void_p * 1)()

    def add(self, number: int, entity: Entity) -> None:
        """Wait for ``entity`` too; ``number`` (not zero, unique) comes back from `wait_any`."""
        if self._attach_number(self._ref, entity._ref, ctypes.c_void_p(number)) >= 0:
            self._members[number] = entity
            if len(self._members) > len(self._triggered):
                self._triggered = (ctypes.c_void_p * (2 * len(self._members)))()

    def remove(self, number: int) -> None:
        """Stop waiting for the member; does nothing for an unknown number or one that is closed."""
        entity = self._members.pop(number, None)
        if entity is not None:
            self._waitset_detach(self._ref, entity._ref)

    def wait_any(self, timeout_ns: int) -> list[int]:
        """Return the numbers that trigger within ``timeout_ns``; [] at the time-out or once this is closed."""
        found = self._wait_numbers(
            self._ref, ctypes.byref(self._triggered), len(self._triggered), min(timeout_ns, LONGEST_NS)
        )
        return [number for number in self._triggered[: min(found, len(self._triggered))] if number] if found > 0 else []

    @c_call("dds_waitset_attach")  # type: ignore[untyped-decorator]
    def _attach_number(self, waitset: dds_c_t.entity, entity: dds_c_t.entity, x: ctypes.c_void_p) -> dds_c_t.returnv:
        pass

    @c_call("dds_waitset_wait")  # type: ignore[untyped-decorator]
    def _wait_numbers(
        self, waitset: dds_c_t.entity, xs: ctypes.c_void_p, nxs: ctypes.c_size_t, timeout: dds_c_t.duration
    ) -> dds_c_t.returnv:
        pass
