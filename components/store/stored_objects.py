"""Where objects lie in the bucket, and for how long they may be kept.

A change after which older recordings cannot be read must raise `STORAGE_LAYOUT` in `__main__.py`:
docs/adr/0016-what-was-proven-is-an-export.md.
"""

from components.api.user_key import UserKey

RECORDINGS = "rrweb/recordings"
FAILED = "rrweb/failed"
LARGE_BATCH = UserKey(prefix=RECORDINGS, name="sessionId={recordingId}/large/{sequence}")
SCREENSHOT = UserKey(prefix=RECORDINGS, name="sessionId={recordingId}/screenshot")
ASSET = UserKey(prefix="rrweb/assets", name="{sha256}")

# S3 refuses to write such an object again.
ONCE = {"If-None-Match": "*"}
# A recording may refer to an asset that is seven days old (openapi.yaml, headAsset); one day more
# is for requests under way.
ASSET_REUSE_DAYS = 8
