"""Where objects lie in the bucket, and for how long they may be kept.

A change after which older recordings cannot be read must raise `STORAGE_LAYOUT` in `__main__.py`:
docs/adr/0016-what-was-proven-is-an-export.md.
"""

from collections.abc import Sequence

from components.access.sites import Site, active_keys
from components.api.object_key import ListedKey, UserKey

RECORDINGS = "rrweb/recordings"
ASSETS = "rrweb/assets"
FAILED = "rrweb/failed"
CERTIFICATES = "rrweb/erasures"
# Copies, which never expire: docs/adr/0054-kept-recordings-are-copied.md
KEPT = "rrweb/kept"
LARGE_BATCH = UserKey(prefix=RECORDINGS, name="sessionId={recordingId}/large/{sequence}")
SCREENSHOT = UserKey(prefix=RECORDINGS, name="sessionId={recordingId}/screenshot")
ASSET = UserKey(prefix=ASSETS, name="{sha256}")

# S3 refuses to write such an object again.
ONCE = {"If-None-Match": "*"}
# A recording may refer to an asset that is seven days old (openapi.yaml, headAsset); one day more
# is for requests under way.
ASSET_REUSE_DAYS = 8


def site_batch(sites: Sequence[Site]) -> ListedKey:
    """Return the key of a site's batch, for the write keys in use."""
    name = "sessionId={recordingId}/batch/{sequence}"
    return _site_key(RECORDINGS, name, sites, lengths={"sequence": 9})


def site_asset(sites: Sequence[Site]) -> ListedKey:
    """Return the key of a site's asset, for the write keys in use."""
    return _site_key(ASSETS, "{sha256}", sites, lengths={"sha256": 64})


def _site_key(prefix: str, name: str, sites: Sequence[Site], lengths: dict[str, int]) -> ListedKey:
    return ListedKey(
        prefix=prefix,
        parameter="key",
        named="siteKey",
        values=tuple(active_keys(sites)),
        name=name,
        lengths=lengths,
    )
