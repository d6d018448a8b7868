"""What breaks a client of the contract, and what does not."""

import copy
from typing import Any

import pytest
import yaml

from components.contract_breaks import Document, contract_breaks
from sandbox.program import PROJECT

CONTRACT: Document = yaml.safe_load((PROJECT / "openapi.yaml").read_text(encoding="utf-8"))
APPEND = ("paths", "/recordings/{recordingId}/events", "post")
NEW = ("components", "schemas", "NewRecording")


def changed(path: tuple[Any, ...], value: Any) -> Document:
    """Return the contract with what lies at the path set, or removed for None."""
    contract = copy.deepcopy(CONTRACT)
    place: Any = contract
    for key in path[:-1]:
        place = place[key]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return contract


def test_the_same_breaks_nobody() -> None:
    assert contract_breaks(CONTRACT, CONTRACT) == []


def test_more_than_before_breaks_nobody() -> None:
    assert contract_breaks(changed(("paths", "/health"), None), CONTRACT) == []
    assert contract_breaks(CONTRACT, changed((*NEW, "properties", "x"), {"type": "string"})) == []
    assert (
        contract_breaks(CONTRACT, changed((*NEW, "properties", "pageUrl", "maxLength"), 9000)) == []
    )


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (APPEND, None, "POST /recordings/{recordingId}/events is gone"),
        (
            (*APPEND, "requestBody", "content", "application/gzip"),
            None,
            "POST /recordings/{recordingId}/events no longer takes application/gzip",
        ),
        (
            (*NEW, "properties", "pageUrl"),
            None,
            "the body of PUT /recordings/{recordingId} no longer takes pageUrl",
        ),
        (
            (*NEW, "properties", "pageUrl", "maxLength"),
            10,
            "pageUrl in the body of PUT /recordings/{recordingId} has a narrower maxLength",
        ),
        (
            (*NEW, "properties", "pageUrl", "type"),
            "integer",
            "pageUrl in the body of PUT /recordings/{recordingId} must now be of type integer",
        ),
        (
            (*NEW, "required"),
            ["pageUrl"],
            "the body of PUT /recordings/{recordingId} now needs pageUrl",
        ),
        (
            (*NEW, "properties", "startedAtMs", "minimum"),
            5,
            "startedAtMs in the body of PUT /recordings/{recordingId} has a narrower minimum",
        ),
    ],
)
def test_less_than_before_is_said(path: tuple[Any, ...], value: Any, said: str) -> None:
    assert said in contract_breaks(CONTRACT, changed(path, value))


def test_a_new_parameter_that_is_needed_is_said() -> None:
    needed = [{"name": "X-New", "in": "header", "required": True, "schema": {"type": "string"}}]

    found = contract_breaks(
        CONTRACT, changed(("paths", "/recordings", "get", "parameters"), needed)
    )

    assert found == ["GET /recordings now needs the header x-new"]
