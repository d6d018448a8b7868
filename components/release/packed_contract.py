"""A contract as an export that `pulumi up` shows as one short line.

Pulumi prints a text that is JSON over a line for each of its members, at every deployment: a
thousand lines of contract, behind which nobody finds the site's address. Any other long text it
cuts short.
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
