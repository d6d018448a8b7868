"""A contract as an export that `pulumi up` shows as one short line.

At every deployment, Pulumi prints JSON with a line for each member: a thousand lines, after which
the site's address is hard to find. It truncates any other long text.
"""

import base64
import gzip
import json

from components.api.contract import Document


def packed_contract(contract: Document) -> str:
    """Return the contract as base64 of gzipped JSON; the same for the same contract."""
    text = json.dumps(contract, separators=(",", ":"))
    return base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()


def unpacked_contract(packed: str) -> Document:
    """Return the contract.

    >>> unpacked_contract(packed_contract({"openapi": "3.0.1"}))
    {'openapi': '3.0.1'}
    """
    return json.loads(gzip.decompress(base64.b64decode(packed)))
