"""`openapi.yaml`, parsed once for the tests."""

import json

import yaml

from components.api.contract import Document
from sandbox.program import PROJECT

# Without the aliases of YAML, by which a test would change several parts at once.
CONTRACT: Document = json.loads(
    json.dumps(yaml.safe_load((PROJECT / "openapi.yaml").read_text(encoding="utf-8")))
)
