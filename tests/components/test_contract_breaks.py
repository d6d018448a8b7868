"""What breaks a client of the contract, and what does not."""

import copy
from typing import Any

import pytest
import yaml

from components.contract_breaks import Document, contract_breaks
from sandbox.program import PROJECT

CONTRACT: Document = yaml.safe_load((PROJECT / "openapi.yaml").read_text(encoding="utf-8"))
EVENTS = ("paths", "/recordings/{recordingId}/events")
APPEND, READ = (*EVENTS, "post"), (*EVENTS, "get")
CREATE = ("paths", "/recordings/{recordingId}", "put")
LIST = ("paths", "/recordings", "get")
ASSET = ("paths", "/assets/{sha256}", "put")
HEALTH = ("paths", "/health", "get")
SCHEMAS = ("components", "schemas")
NEW, RECORDING = (*SCHEMAS, "NewRecording"), (*SCHEMAS, "Recording")
CURSOR = {"$ref": "#/components/parameters/cursor"}
LIMIT = {"$ref": "#/components/parameters/limit"}
QUERY = {"name": "X", "in": "query", "schema": {"type": "string"}}
NEEDED = {"name": "X-New", "in": "header", "required": True, "schema": {"type": "string"}}


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


# Where, what stands there afterwards (None: nothing), and what is said of it. Undone, none of them
# takes or gives less than before.
BREAKS: dict[str, tuple[tuple[Any, ...], Any, str]] = {
    "a path is gone": (("paths", "/health"), None, "GET /health is gone"),
    "an operation is gone": (APPEND, None, "POST /recordings/{recordingId}/events is gone"),
    "a parameter is needed": (
        (*LIST, "parameters"),
        [LIMIT, CURSOR, NEEDED],
        "GET /recordings now needs the header x-new",
    ),
    "a parameter that there was is needed": (
        ("components", "parameters", "checksum", "required"),
        True,
        "PUT /recordings/{recordingId}/screenshot now needs the header x-amz-checksum-sha256",
    ),
    "a parameter is gone": (
        (*LIST, "parameters"),
        [CURSOR],
        "GET /recordings no longer takes the query limit",
    ),
    "a header is gone": (
        (*APPEND, "parameters"),
        [],
        "POST /recordings/{recordingId}/events no longer takes the header batch-sequence",
    ),
    "a parameter in a path is narrower": (
        (*EVENTS, "parameters"),
        [{"name": "recordingId", "in": "path", "required": True, "schema": {"type": "integer"}}],
        "path recordingId of POST /recordings/{recordingId}/events must now be of type integer",
    ),
    "a parameter is narrower": (
        ("components", "parameters", "cursor", "schema"),
        {"type": "string", "maxLength": 100},
        "query cursor of GET /recordings has a narrower maxLength",
    ),
    "a parameter is written in another way": (
        ("components", "parameters", "cursor", "explode"),
        False,
        "query cursor of GET /recordings is written in another way",
    ),
    "a media type is gone": (
        (*APPEND, "requestBody", "content", "application/gzip"),
        None,
        "POST /recordings/{recordingId}/events no longer takes application/gzip",
    ),
    "a body is gone": (
        (*CREATE, "requestBody"),
        None,
        "PUT /recordings/{recordingId} no longer takes application/json",
    ),
    "a property is not taken": (
        (*NEW, "properties", "pageUrl"),
        None,
        "the body of PUT /recordings/{recordingId} no longer takes pageUrl",
    ),
    "a property is needed": (
        (*NEW, "required"),
        ["pageUrl"],
        "the body of PUT /recordings/{recordingId} now needs pageUrl",
    ),
    "a property of a property is needed": (
        (*NEW, "properties", "viewport", "required"),
        ["width", "height", "scale"],
        "viewport in the body of PUT /recordings/{recordingId} now needs scale",
    ),
    "a property is narrower": (
        (*NEW, "properties", "pageUrl", "maxLength"),
        10,
        "pageUrl in the body of PUT /recordings/{recordingId} has a narrower maxLength",
    ),
    "a success is gone": (
        (*CREATE, "responses", "201"),
        None,
        "PUT /recordings/{recordingId} no longer answers 201",
    ),
    "an answer has another media type": (
        (*READ, "responses", "200", "content"),
        {"application/json": {}},
        "the 200 of GET /recordings/{recordingId}/events is no longer application/x-ndjson",
    ),
    "an answer's header is gone": (
        (*READ, "responses", "200", "headers", "Next-Cursor"),
        None,
        "the 200 of GET /recordings/{recordingId}/events no longer has the header next-cursor",
    ),
    "an answer's header says more": (
        (*READ, "responses", "200", "headers", "Tail", "schema", "enum"),
        ["complete", "partial", "unavailable", "unknown"],
        "header tail of the 200 of GET /recordings/{recordingId}/events may hold other values",
    ),
    "an answer's property is gone": (
        (*RECORDING, "properties", "pageUrl"),
        None,
        "each of recordings in the 200 of GET /recordings no longer holds pageUrl",
    ),
    "an answer may lack a property": (
        (*RECORDING, "required"),
        ["recordingId"],
        "the 200 of GET /recordings/{recordingId} may now lack createdAtMs",
    ),
    "an answer's property is of another type": (
        (*RECORDING, "properties", "createdAtMs", "type"),
        "string",
        "createdAtMs in the 200 of GET /recordings/{recordingId} may now be of type string",
    ),
    "an error has another shape": (
        (*SCHEMAS, "Problem", "required"),
        ["type"],
        "the 429 of GET /health may now lack title",
    ),
    "who is let in must say so": (
        (*HEALTH, "security"),
        [{"userToken": []}],
        "GET /health no longer lets in with nothing: it asks for userToken",
    ),
    "another token is asked for": (
        (*LIST, "security"),
        [{"operatorSignature": []}],
        "GET /recordings no longer lets in with userToken: it asks for operatorSignature",
    ),
    "a second token is asked for": (
        (*LIST, "security"),
        [{"userToken": [], "operatorSignature": []}],
        (
            "GET /recordings no longer lets in with userToken: "
            "it asks for userToken and operatorSignature"
        ),
    ),
    "a scope is asked for": (
        (*LIST, "security"),
        [{"userToken": ["read"]}],
        "GET /recordings no longer lets in with userToken: it asks for userToken",
    ),
    "the token goes elsewhere": (
        ("components", "securitySchemes", "operatorSignature", "name"),
        "X-Signature",
        (
            "GET /operator/recordings no longer lets in with operatorSignature: "
            "it asks for operatorSignature"
        ),
    ),
}
each_break = pytest.mark.parametrize(("path", "value", "said"), BREAKS.values(), ids=BREAKS)
EITHER_WAY = {
    "a body is gone",  # and is needed when it comes back
    "a parameter in a path is narrower",
    "a parameter is written in another way",
    "an answer has another media type",
    "an answer's property is of another type",
    "another token is asked for",
    "the token goes elsewhere",
    "a parameter is needed",  # and no longer does what it did when it goes
}


@each_break
def test_less_than_before_is_said(path: tuple[Any, ...], value: Any, said: str) -> None:
    assert said in contract_breaks(CONTRACT, changed(path, value))


@pytest.mark.parametrize("name", sorted(set(BREAKS) - EITHER_WAY))
def test_more_than_before_breaks_nobody(name: str) -> None:
    path, value, _ = BREAKS[name]

    assert contract_breaks(changed(path, value), CONTRACT) == []


@pytest.mark.parametrize("name", sorted(EITHER_WAY))
def test_what_is_only_different_breaks_somebody_either_way(name: str) -> None:
    path, value, _ = BREAKS[name]

    assert contract_breaks(changed(path, value), CONTRACT) != []


KEPT: list[tuple[tuple[Any, ...], Any]] = [
    ((*NEW, "properties", "x"), {"type": "string"}),
    ((*RECORDING, "properties", "x"), {"type": "string"}),
    ((*NEW, "properties", "pageUrl", "maxLength"), 9000),
    ((*LIST, "parameters"), [LIMIT, CURSOR, QUERY]),
    ((*APPEND, "requestBody", "content", "text/plain"), {}),
    ((*APPEND, "requestBody", "required"), False),
    ((*APPEND, "responses", "503"), {"description": "Later."}),
    ((*APPEND, "responses", "401"), None),
    ((*APPEND, "operationId"), "append"),
    ((*APPEND, "description"), "Another."),
    ((*APPEND, "deprecated"), True),
    (("components", "securitySchemes", "userToken", "description"), "Another."),
    ((*LIST, "security"), [{"userToken": []}, {"operatorSignature": []}]),
    ((*LIST, "security"), []),
]


@pytest.mark.parametrize(("path", "value"), KEPT)
def test_what_no_client_relies_on_may_change(path: tuple[Any, ...], value: Any) -> None:
    assert contract_breaks(CONTRACT, changed(path, value)) == []


def test_a_parameter_in_a_path_may_have_another_name() -> None:
    text = (PROJECT / "openapi.yaml").read_text(encoding="utf-8")
    other = text.replace("{sha256}", "{digest}").replace("- name: sha256", "- name: digest")
    renamed = yaml.safe_load(other)

    assert "/assets/{digest}" in renamed["paths"]
    assert contract_breaks(CONTRACT, renamed) == []


OF_NUMBERS = {"application/json": {"schema": {"type": "number"}}}
OF_TEXT = {"application/json": {"schema": {"type": "string"}}}


def serving(**operation: Any) -> Document:
    """Return a contract of one operation."""
    return {"paths": {"/a": {"put": operation}}}


@pytest.mark.parametrize(
    ("old", "new", "breaks"),
    [
        # A range or the default may stand for a status, a range for a media type.
        ({"responses": {"200": {}}}, {"responses": {"2XX": {}}}, []),
        ({"responses": {"200": {}}}, {"responses": {"default": {}}}, []),
        (
            {"responses": {"200": {"content": OF_NUMBERS}}},
            {"responses": {"2XX": {"content": OF_TEXT}}},
            ["the 200 of PUT /a may now be of type string"],
        ),
        (
            {"requestBody": {"content": {"image/png": {}}}},
            {"requestBody": {"content": {"image/*": {}}}},
            [],
        ),
        (
            {"requestBody": {"content": {"image/*": {}}}},
            {"requestBody": {"content": {"image/png": {}}}},
            ["PUT /a no longer takes image/*"],
        ),
        # HTTP knows no case in a header's name or in a media type.
        (
            {"parameters": [{"name": "X-A", "in": "header"}]},
            {"parameters": [{"name": "x-a", "in": "header"}]},
            [],
        ),
        (
            {"requestBody": {"content": {"text/plain; charset=UTF-8": {}}}},
            {"requestBody": {"content": {"text/plain;charset=utf-8": {}}}},
            [],
        ),
        (
            {"responses": {"200": {"headers": {"ETag": {"required": True}}}}},
            {"responses": {"200": {"headers": {"etag": {}}}}},
            ["the 200 of PUT /a may now lack the header etag"],
        ),
        # The same of two media types is one thing to say.
        (
            {"requestBody": {"content": {"a/b": {}, "a/c": {}}}},
            {
                "requestBody": {
                    "content": {
                        "a/b": {"schema": {"maxLength": 1}},
                        "a/*": {"schema": {"maxLength": 1}},
                    }
                }
            },
            ["the body of PUT /a has a narrower maxLength"],
        ),
    ],
)
def test_what_stands_for_the_same_is_the_same(
    old: Document, new: Document, breaks: list[str]
) -> None:
    assert contract_breaks(serving(**old), serving(**new)) == breaks
