"""Throttle limits of single operations, as the configuration writes them."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from components.api.contract import Document, operations

_WRITTEN = re.compile(r"(?P<operation>\w+)=(?P<rate>[1-9]\d*)/(?P<burst>[1-9]\d*)")


class OperationLimit(NamedTuple):
    """A bucket of `burst` tokens that gains `rate` a second; each request takes one."""

    rate: int
    burst: int


def operation_limits(written: Iterable[str]) -> dict[str, OperationLimit]:
    """Return the limits by operationId.

    >>> operation_limits(["listBoxes=5/10"])
    {'listBoxes': OperationLimit(rate=5, burst=10)}

    Raises:
        ValueError: One is not `operationId=rate/burst`, or an operation has two.
    """
    limits: dict[str, OperationLimit] = {}
    for one in written:
        found = _WRITTEN.fullmatch(one)
        if not found:
            raise ValueError(
                "operation_limits must hold operationId=rate/burst, such as listBoxes=5/10, "
                f"got {one!r}"
            )
        if found["operation"] in limits:
            raise ValueError(f"operation_limits has two of {found['operation']}: keep one")
        limits[found["operation"]] = OperationLimit(int(found["rate"]), int(found["burst"]))
    return limits


def operation_rates(limits: Mapping[str, OperationLimit]) -> dict[str, int]:
    """Return how many requests a second each operation takes that has a limit of its own."""
    return {operation: limit.rate for operation, limit in limits.items()}


def method_paths(contract: Document) -> dict[str, str]:
    """Return the path of each operation in a stage's settings, by operationId.

    Source: https://docs.aws.amazon.com/apigateway/latest/api/API_MethodSetting.html

    >>> method_paths({"paths": {"/a/{id}": {"get": {"operationId": "getA"}}}})
    {'getA': 'a/{id}/GET'}
    """
    return {
        operation["operationId"]: f"{path.lstrip('/')}/{verb.upper()}"
        for path, verb, operation in operations(contract)
    }
