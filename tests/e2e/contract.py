"""The operations of openapi.yaml, each with a request that it would take from the right user."""

import base64
import gzip
import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from components.api.contract import Document, resolved

CONTRACT = Path(__file__).parents[2] / "openapi.yaml"
VERBS = ("get", "head", "put", "post", "delete", "patch")

NDJSON = "application/x-ndjson"
GZIP = "application/gzip"
JSON = "application/json"
PROBLEM = "application/problem+json"

EVENT = b'{"type":4,"data":{"href":"https://example.com/"},"timestamp":1}\n'
# The first bytes of a JPEG stand for what no operation looks into.
_BODIES = {NDJSON: EVENT, GZIP: gzip.compress(EVENT)}
_BYTES = b"\xff\xd8\xff\xe0"
# Where the schema, which requires no member, takes less than the operation.
_LEAST: Document = {"putFacts": {"clicks": 0}}


@dataclass(frozen=True, kw_only=True)
class Operation:
    operation_id: str
    method: str
    path: str
    """As the contract writes it, such as `/recordings/{recordingId}`."""
    scheme: str
    """The one security scheme that it asks for."""
    content_type: str | None
    """The first that it takes; None without a body."""
    least_json: bytes
    """The smallest JSON body that it takes; `{}` without a schema."""

    def body(self, recording_id: str) -> bytes | None:
        """Return what it takes; the asset of each recording is another one."""
        if self.content_type is None:
            return None
        if self.is_of_an_asset:
            return asset_of(recording_id)
        if self.content_type == JSON:
            return self.least_json
        return _BODIES.get(self.content_type, _BYTES)

    def headers(self, recording_id: str) -> dict[str, str]:
        body = self.body(recording_id)
        if self.content_type is None or body is None:
            return {}
        checksum = {"x-amz-checksum-sha256": checksum_of(body)} if self.is_of_an_asset else {}
        return {"Content-Type": self.content_type, **checksum}

    @property
    def is_read(self) -> bool:
        return self.method in {"GET", "HEAD"}

    @property
    def is_of_one_recording(self) -> bool:
        return "{recordingId}" in self.path

    @property
    def is_of_an_asset(self) -> bool:
        return "{sha256}" in self.path

    @property
    def is_of_what_is_there(self) -> bool:
        """Whether it changes a recording, and makes nothing."""
        return self.operation_id == "putFacts"

    @property
    def starts_a_machine(self) -> bool:
        """Whether it is accepted in any case, and does nothing where there is nothing."""
        return self.method == "DELETE" or self.path.endswith("/kept")

    @property
    def goes_to_s3(self) -> bool:
        """Whether no template sees its path: then the API's resource policy does, with a 403."""
        is_read_by_function = "/kept/" in self.path
        of_s3 = self.is_of_an_asset or self.path.endswith(("/screenshot", "/{sequence}"))
        return of_s3 and not is_read_by_function

    @property
    def is_for_users(self) -> bool:
        return self.scheme == "userToken" and not self.is_for_watchers

    @property
    def is_for_watchers(self) -> bool:
        """Whether it is about a site, which takes a member of the site's group."""
        return self.path.startswith("/sites")

    @property
    def is_served(self) -> bool:
        """Whether a service answers, and no template alone."""
        return self.operation_id != "listSites"

    def target(self, recording_id: str) -> str:
        """Return the path of a request, with the id as it is given."""
        values = {
            "siteId": "demo",
            "recordingId": recording_id,
            "visitorId": recording_id,
            "sequence": "0",
            "sha256": hashlib.sha256(asset_of(recording_id)).hexdigest(),
        }
        return re.sub(r"\{(\w+)\}", lambda found: values[found[1]], self.path)


def asset_of(recording_id: str) -> bytes:
    """Return bytes that no other recording refers to."""
    return _BYTES + recording_id.encode()


def checksum_of(body: bytes) -> str:
    """Return what `x-amz-checksum-sha256` says of a body."""
    return base64.b64encode(hashlib.sha256(body).digest()).decode()


def least(contract: Document, schema: Document) -> Any:
    """Return the smallest value that a schema takes; an object for one that says no type.

    >>> text = {"type": "string", "minLength": 1}
    >>> least({}, {"required": ["text"], "properties": {"text": text, "size": {}}})
    {'text': 'a'}
    """
    schema = resolved(contract, schema)
    if "enum" in schema:
        return schema["enum"][0]
    smallest: Document = {
        "array": [],
        "boolean": False,
        "integer": schema.get("minimum", 0),
        "number": schema.get("minimum", 0),
        "string": "a" * schema.get("minLength", 0),
        "object": {
            name: least(contract, schema["properties"][name]) for name in schema.get("required", [])
        },
    }
    return smallest[schema.get("type", "object")]


def operations() -> list[Operation]:
    """Return every operation of the contract."""
    contract: Document = yaml.safe_load(CONTRACT.read_text(encoding="utf-8"))
    return [
        _operation(contract, path, verb, item[verb])
        for path, item in contract["paths"].items()
        for verb in VERBS
        # getHealth and the routes of visitors have tests of their own.
        if verb in item and item[verb]["security"]
    ]


def _operation(contract: Document, path: str, verb: str, described: Document) -> Operation:
    accepted: Document = described.get("requestBody", {}).get("content", {})
    json_body = least(contract, accepted.get(JSON, {}).get("schema", {}))
    json_body = _LEAST.get(described["operationId"], json_body)
    return Operation(
        operation_id=described["operationId"],
        method=verb.upper(),
        path=path,
        scheme=next(iter(described["security"][0])),
        content_type=next(iter(accepted), None),
        least_json=json.dumps(json_body).encode(),
    )


OPERATIONS = operations()
BY_ID = {one.operation_id: one for one in OPERATIONS}
OF_USERS = [one for one in OPERATIONS if one.is_for_users]
OF_ONE_RECORDING = [one for one in OF_USERS if one.is_of_one_recording]
"""Those that a recordingId leads to."""


def name_of(operation: object) -> str | None:
    """Return how pytest shows an operation; None leaves any other value to it."""
    return operation.operation_id if isinstance(operation, Operation) else None
