"""Reads one block of Pulumi inputs by type, and records which arguments were read.

In: a plain dict as Pulumi's mocks see it. Out: typed values, or a ValueError with the argument's
path. `refuse_others` then names every argument that was not read.
"""

import re
from collections.abc import Callable, Mapping
from typing import cast


class Inputs:
    """One block of inputs; `path` is its name in errors. An argument that is None is absent."""

    def __init__(self, path: str, values: Mapping[str, object]) -> None:
        self.path = path
        self._values = {name: value for name, value in values.items() if value is not None}
        self._read: set[str] = set()

    def text(
        self, name: str, default: str | None = None, *, pattern: re.Pattern[str] | None = None
    ) -> str:
        """Return a string that is not empty; without a default the argument is required."""
        value = self._take(name, default)
        if not isinstance(value, str) or (not value and default is None):
            raise _wrong(self._at(name), "a string", value)
        if pattern is not None and not pattern.fullmatch(value):
            raise ValueError(f"{self._at(name)} must match {pattern.pattern}, got {value!r}")
        return value

    def flag(self, name: str) -> bool:
        value = self._take(name, default=False)
        if not isinstance(value, bool):
            raise _wrong(self._at(name), "true or false", value)
        return value

    def whole(self, name: str, limits: tuple[int, int], unit: str, default: int) -> int:
        """Return a whole number within `limits`, both inclusive; 60.0 is 60, as mocks give it."""
        value = self._take(name, default)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise _wrong(self._at(name), f"a number of {unit}", value)
        if not float(value).is_integer():
            raise _wrong(self._at(name), f"a whole number of {unit}", value)
        low, high = limits
        if not low <= value <= high:
            raise ValueError(f"{self._at(name)} must be {low}..{high} {unit}, got {int(value)}")
        return int(value)

    def block(self, name: str) -> "Inputs":
        return self._as_block(self._at(name), self._take(name, None))

    def blocks(self, name: str, *, required: bool = True) -> list["Inputs"]:
        value = self._take(name, None if required else [])
        if not isinstance(value, list):
            raise _wrong(self._at(name), "a list", value)
        items = cast("list[object]", value)
        return [self._as_block(f"{self._at(name)}[{i}]", item) for i, item in enumerate(items)]

    def only_when(self, name: str, allowed: Callable[[object], bool], reason: str) -> None:
        """Raise if the argument has a value that the sandbox does not support."""
        if name in self._values and not allowed(self._take(name, None)):
            raise ValueError(f"{self._at(name)} is not supported by the sandbox: {reason}")

    def refuse_others(self, without_effect: frozenset[str]) -> None:
        """Raise for arguments that were not read, except those in `without_effect`."""
        others = sorted(set(self._values) - self._read - without_effect)
        if others:
            named = ", ".join(self._at(name) for name in others)
            raise ValueError(f"not supported by the sandbox's Firehose: {named}")

    def _take(self, name: str, default: object) -> object:
        self._read.add(name)
        return self._values.get(name, default)

    def _at(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    @staticmethod
    def _as_block(path: str, value: object) -> "Inputs":
        if not isinstance(value, Mapping):
            raise _wrong(path, "a block", value)
        return Inputs(path, cast("Mapping[str, object]", value))


def _wrong(at: str, wanted: str, value: object) -> ValueError:
    """Return a ValueError, the only error of `parse_config`, also for a wrong type."""
    return ValueError(f"{at} must be {wanted}, got {value!r}")
