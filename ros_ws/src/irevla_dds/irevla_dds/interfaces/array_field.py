"""The attribute of a message that holds numbers: a numpy array, whatever was assigned."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


class ArrayField:
    """Descriptor over a slot: takes bytes, buffers, arrays and lists, without a Python loop over elements.

    The array is one-dimensional and C-contiguous; an array of the right type is kept, not copied.
    Raises TypeError for values that do not fit the element type, ValueError for a wrong length.
    """

    def __init__(self, label: str, dtype: str, length: int | None, limit: int) -> None:
        self.label = label
        self.dtype = np.dtype(dtype)
        self.length = length  # of a fixed array; None: a sequence
        self.limit = limit  # of a bounded sequence; 0: none
        self.slot: Any = None  # the slot's own descriptor; set once, when the class is made

    def __get__(self, message: Any, owner: type | None = None) -> Any:
        return self if message is None else self.slot.__get__(message, owner)

    def __set__(self, message: Any, value: Any) -> None:
        self.slot.__set__(message, self.convert(value))

    def convert(self, value: Any) -> NDArray[Any]:
        """Return ``value`` as this field's array."""
        if isinstance(value, np.ndarray):
            array = value
        elif isinstance(value, (bytes, bytearray, memoryview)):
            array = np.frombuffer(value, dtype=self.dtype)
        else:
            array = np.asarray(value)
        if array.dtype != self.dtype:
            array = self._cast(array)
        if array.ndim != 1 or not array.flags.c_contiguous:
            array = np.ascontiguousarray(array).reshape(-1)
        if self.length is not None and array.size != self.length:
            raise ValueError(f"{self.label} holds exactly {self.length} values, got {array.size}")
        if self.limit and array.size > self.limit:
            raise ValueError(f"{self.label} holds at most {self.limit} values, got {array.size}")
        return array

    def default(self) -> NDArray[Any]:
        """Return a new array of zeros (fixed length) or an empty one."""
        return np.zeros(self.length or 0, self.dtype)

    def _cast(self, array: NDArray[Any]) -> NDArray[Any]:
        if array.size == 0:
            return np.zeros(0, self.dtype)
        if np.can_cast(array.dtype, self.dtype, "same_kind"):
            return array.astype(self.dtype)
        if array.dtype.kind in "iu" and self.dtype.kind in "iu":
            bounds = np.iinfo(self.dtype)
            if int(array.min()) >= bounds.min and int(array.max()) <= bounds.max:
                return array.astype(self.dtype)
            raise TypeError(
                f"{self.label} holds {self.dtype} ({bounds.min} to {bounds.max}), "
                f"got values from {array.min()} to {array.max()}"
            )
        raise TypeError(f"{self.label} holds {self.dtype}, got {array.dtype}; convert it on purpose")
