"""What a validated body may hold, in words."""

from typing import Any

import yaml

from components.api.body_rule import body_rule
from sandbox.program import PROJECT


def test_every_field_of_a_new_recording_is_named_with_what_it_may_be() -> None:
    contract = yaml.safe_load((PROJECT / "openapi.yaml").read_text(encoding="utf-8"))

    assert body_rule(contract) == (
        "createRecording takes an object of startedAtMs (integer from 0 to 9007199254740991), "
        "pageUrl (string of at most 8192 characters), pageTitle (string of at most 1024 "
        "characters), userAgent (string of at most 1024 characters), viewport (object of width "
        "(integer from 0 to 1000000), height (integer from 0 to 1000000)), hasScreenshot (boolean)."
    )


def test_a_contract_without_models_has_no_rule() -> None:
    body: dict[str, Any] = {"content": {"application/gzip": {}}}
    paths: dict[str, Any] = {
        "/a": {"parameters": [], "put": {"operationId": "put", "requestBody": body}}
    }

    assert body_rule({"paths": paths}) == ""
