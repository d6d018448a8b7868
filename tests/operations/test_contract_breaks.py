"""Changes of the contract that break clients, and the stacks that are refused for them."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.api.contract import Document
from components.release.packed_contract import packed_contract
from operations.contract_breaks import OasdiffError, contract_breaks, main, stack_setting
from sandbox.program import PROJECT
from tests.contract import CONTRACT
from tests.operations.command_line import CommandLine

EVENTS = ("paths", "/recordings/{recordingId}/events")
APPEND, READ = (*EVENTS, "post"), (*EVENTS, "get")
CREATE = ("paths", "/recordings/{recordingId}", "put")
LIST = ("paths", "/recordings", "get")
HEALTH = ("paths", "/health", "get")
SCHEMAS = ("components", "schemas")
NEW, RECORDING = (*SCHEMAS, "NewRecording"), (*SCHEMAS, "Recording")
CURSOR = {"$ref": "#/components/parameters/cursor"}
LIMIT = {"$ref": "#/components/parameters/limit"}
QUERY = {"name": "X", "in": "query", "schema": {"type": "string"}}
NEEDED = {"name": "X-New", "in": "header", "required": True, "schema": {"type": "string"}}
SCALE = {"type": "object", "required": ["scale"], "properties": {"scale": {"type": "integer"}}}


def changed(path: tuple[Any, ...], value: Any) -> Document:
    """Return the contract with the value at the path set, or removed for None."""
    contract = copy.deepcopy(CONTRACT)
    place: Any = contract
    for key in path[:-1]:
        place = place[key]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return contract


# Path, new value (None: removed), and a part of the message.
BREAKS: dict[str, tuple[tuple[Any, ...], Any, str]] = {
    "a path is removed": (("paths", "/health"), None, "GET /health: API path removed"),
    "an operation is removed": (APPEND, None, "POST /recordings/{recordingId}/events: API removed"),
    "a new parameter is required": ((*LIST, "parameters"), [LIMIT, CURSOR, NEEDED], "`x-new`"),
    "an existing parameter becomes required": (
        ("components", "parameters", "checksum", "required"),
        True,
        "`x-amz-checksum-sha256` became required",
    ),
    "a parameter is removed": ((*LIST, "parameters"), [CURSOR], "deleted the `query`"),
    "a header is removed": ((*APPEND, "parameters"), [], "parameter `batch-sequence`"),
    "a parameter in a path is narrower": (
        (*EVENTS, "parameters"),
        [{"name": "recordingId", "in": "path", "required": True, "schema": {"type": "integer"}}],
        "changed from `string` to `integer`",
    ),
    "a parameter is narrower": (
        ("components", "parameters", "cursor", "schema"),
        {"type": "string", "maxLength": 100},
        "`cursor`, the maxLength was set to `100`",
    ),
    "a parameter is serialized in another way": (
        ("components", "parameters", "cursor", "explode"),
        False,
        "GET /recordings: the query cursor parameter is serialized differently",
    ),
    "a pattern is changed": (
        ("components", "parameters", "recordingId", "schema", "pattern"),
        "^[a-z]+$",
        "pattern",
    ),
    "a media type is removed": (
        (*APPEND, "requestBody", "content", "application/gzip"),
        None,
        "removed the media type `application/gzip`",
    ),
    "a body is removed": ((*CREATE, "requestBody"), None, "removed the request body"),
    "a property is removed": ((*NEW, "properties", "pageUrl"), None, "property `pageUrl`"),
    "a property becomes required": ((*NEW, "required"), ["pageUrl"], "`pageUrl` became required"),
    "a nested property becomes required": (
        (*NEW, "properties", "viewport"),
        SCALE,
        "`viewport/scale`",
    ),
    "a property is narrower": (
        (*NEW, "properties", "pageUrl", "maxLength"),
        10,
        "maxLength was decreased to `10`",
    ),
    "a successful status is removed": (
        (*CREATE, "responses", "201"),
        None,
        "with the status `201`",
    ),
    "an answer has another media type": (
        (*READ, "responses", "200", "content"),
        {"application/json": {}},
        "removed the media type `application/x-ndjson`",
    ),
    "a header of an answer is removed": (
        (*READ, "responses", "200", "headers", "Next-Cursor"),
        None,
        "`next-cursor` removed",
    ),
    "a header of an answer has more values": (
        (*READ, "responses", "200", "headers", "Tail", "schema", "enum"),
        ["complete", "partial", "unavailable", "unknown"],
        "the schema of the header Tail of the 200 has changed",
    ),
    "a property of an answer is removed": (
        (*RECORDING, "properties", "pageUrl"),
        None,
        "removed the optional property `recordings/items/pageUrl`",
    ),
    "a property of an answer becomes optional": (
        (*RECORDING, "required"),
        ["recordingId"],
        "property `createdAtMs` became optional",
    ),
    "a property of an answer has another type": (
        (*RECORDING, "properties", "createdAtMs", "type"),
        "string",
        "changed from `integer` to `string`",
    ),
    "an error has another shape": (
        (*SCHEMAS, "Problem", "required"),
        ["type"],
        "property `detail` became optional",
    ),
    "an anonymous operation requires a token": (
        (*HEALTH, "security"),
        [{"userToken": []}],
        "no longer allows anonymous access",
    ),
    "another token is required": (
        (*LIST, "security"),
        [{"operatorSignature": []}],
        "security `userToken` was removed",
    ),
    "a second token is required": (
        (*LIST, "security"),
        [{"userToken": [], "operatorSignature": []}],
        "security `userToken` was removed",
    ),
    "a scope is required": ((*LIST, "security"), [{"userToken": ["read"]}], "scope `read`"),
    "the token is sent in another header": (
        ("components", "securitySchemes", "operatorSignature", "name"),
        "X-Signature",
        "`operatorSignature` API key name changed",
    ),
}


def test_the_same_contract_breaks_no_client() -> None:
    assert contract_breaks(CONTRACT, CONTRACT) == []


@pytest.mark.parametrize(("path", "value", "said"), BREAKS.values(), ids=BREAKS)
def test_a_breaking_change_is_reported(path: tuple[Any, ...], value: Any, said: str) -> None:
    assert said in "\n".join(contract_breaks(CONTRACT, changed(path, value)))


KEPT: list[tuple[tuple[Any, ...], Any]] = [
    ((*NEW, "properties", "x"), {"type": "string"}),
    ((*RECORDING, "properties", "x"), {"type": "string"}),
    ((*NEW, "properties", "pageUrl", "maxLength"), 9000),
    ((*RECORDING, "properties", "pageUrl", "maxLength"), 9000),
    ((*RECORDING, "properties", "startedAtMs", "maximum"), 2**60),
    ((*LIST, "parameters"), [*CONTRACT["paths"]["/recordings"]["get"]["parameters"], QUERY]),
    ((*APPEND, "requestBody", "content", "text/plain"), {}),
    ((*APPEND, "requestBody", "required"), False),
    ((*APPEND, "responses", "503"), {"description": "Later."}),
    ((*APPEND, "responses", "401"), None),
    ((*APPEND, "operationId"), "append"),
    ((*APPEND, "description"), "Another."),
    ((*APPEND, "deprecated"), True),
    ((*READ, "responses", "200", "headers", "X-New"), {"schema": {"type": "string"}}),
    (("components", "securitySchemes", "userToken", "description"), "Another."),
    ((*LIST, "security"), [{"userToken": []}, {"operatorSignature": []}]),
    ((*LIST, "security"), []),
]


@pytest.mark.parametrize(("path", "value"), KEPT)
def test_an_addition_breaks_no_client(path: tuple[Any, ...], value: Any) -> None:
    assert contract_breaks(CONTRACT, changed(path, value)) == []


def test_a_parameter_in_a_path_may_have_another_name() -> None:
    text = (PROJECT / "openapi.yaml").read_text(encoding="utf-8")
    other = text.replace("{sha256}", "{digest}").replace("name: sha256", "name: digest")

    assert contract_breaks(CONTRACT, yaml.safe_load(other)) == []


def test_every_required_property_is_declared() -> None:
    # oasdiff does not compare required properties without a declaration.
    schemas = json.dumps(CONTRACT["components"]["schemas"])
    found: list[dict[str, Any]] = []
    json.loads(schemas, object_hook=lambda one: found.append(one) or one)

    undeclared = [
        one for one in found if set(one.get("required", [])) - set(one.get("properties", {}))
    ]

    assert undeclared == []


def test_without_oasdiff_the_comparison_fails(tmp_path: Path) -> None:
    with pytest.raises(OasdiffError, match="is not installed: make"):
        contract_breaks(CONTRACT, CONTRACT, tmp_path / "oasdiff")


def test_a_contract_that_oasdiff_cannot_read_is_an_error() -> None:
    with pytest.raises(OasdiffError, match="oasdiff failed"):
        contract_breaks({"openapi": "3.0.1", "paths": {"/a": 1}}, CONTRACT)


NARROWER = changed((*NEW, "properties", "pageUrl", "maxLength"), 10)
BY_HAND = "rrweb-store:promoteFrom: organization/rrweb-store/dev"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a project with the narrower contract and a dev stack without promotion."""
    (tmp_path / "openapi.yaml").write_text(yaml.safe_dump(NARROWER), encoding="utf-8")
    (tmp_path / "Pulumi.dev.yaml").write_text("config: {}\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def pulumi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """Return a stand-in whose stacks serve the contract."""
    stand_in = CommandLine(tmp_path)
    exports = json.dumps({"contract": packed_contract(CONTRACT)})
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setenv("ASKED", str(stand_in.asked))
    monkeypatch.setenv("ANSWER", exports)
    return stand_in


@pytest.mark.usefixtures("pulumi")
@pytest.mark.parametrize(
    ("config", "code", "said"),
    [
        ("config: {}", 0, "clients of the deployed contract"),
        (f"config:\n  {BY_HAND}", 1, "promoteAnyway[0]=contract"),
        (
            f"config:\n  {BY_HAND}\n  rrweb-store:promoteAnyway: [layout]",
            1,
            "promoteAnyway[1]=contract",
        ),
        (f"config:\n  {BY_HAND}\n  rrweb-store:promoteAnyway: [contract]", 0, "allowed"),
        (f"config:\n  {BY_HAND}\n  rrweb-store:promoteAnyway: '[\"contract\"]'", 0, "allowed"),
        ("", 0, "changes that break clients"),
    ],
)
def test_only_a_stack_with_promotion_is_refused(
    checkout: Path, config: str, code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (checkout / "Pulumi.prod.yaml").write_text(config, encoding="utf-8")

    assert main(["--stack", "prod"], checkout) == code

    printed = capsys.readouterr()
    assert said in printed.out + printed.err
    assert "maxLength was decreased to `10`" in printed.out


@pytest.mark.parametrize(
    ("exports", "said"),
    [
        ({}, "nothing is deployed yet"),
        ({"contract": packed_contract(NARROWER)}, "no breaking change"),
    ],
)
def test_without_a_breaking_change_the_command_succeeds(
    checkout: Path, exports: dict[str, Any], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (checkout / "outputs.json").write_text(json.dumps(exports), encoding="utf-8")

    assert main(["--outputs", str(checkout / "outputs.json")], checkout) == 0
    assert said in capsys.readouterr().out


def test_unreadable_exports_are_a_failure(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--outputs", str(checkout / "none.json")], checkout) == 1
    assert "none.json holds no exports" in capsys.readouterr().err


def test_a_stack_is_found_by_the_last_part_of_its_name() -> None:
    assert stack_setting("organization/rrweb-store/prod", "promoteFrom") == (
        "organization/rrweb-store/dev"
    )
    assert stack_setting("unknown", "promoteFrom") is None
