"""Limits as the configuration writes them."""

import pytest

from components.api.operation_limit import OperationLimit, operation_limits


def test_each_is_read_by_its_operation() -> None:
    assert operation_limits(["appendEvents=50/100", "getEvents=1/2"]) == {
        "appendEvents": OperationLimit(50, 100),
        "getEvents": OperationLimit(1, 2),
    }


@pytest.mark.parametrize(
    "written",
    ["", "appendEvents", "appendEvents=5", "appendEvents=0/1", "a=1/0", "a=1/2/3", "a=-1/2"],
)
def test_what_is_no_limit_is_refused_with_an_example(written: str) -> None:
    with pytest.raises(ValueError, match="such as listBoxes=5/10, got"):
        operation_limits([written])


def test_an_operation_has_one_limit() -> None:
    with pytest.raises(ValueError, match="has two of getEvents"):
        operation_limits(["getEvents=1/2", "getEvents=1/2"])
