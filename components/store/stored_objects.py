"""Where what is stored lies in the bucket, of which types it is, and for how long it may be kept.

Whoever changes it so that recordings which are there can no longer be read raises `STORAGE_LAYOUT`
in `__main__.py`: docs/adr/0016-what-was-proven-is-an-export.md.
"""

from components.api.user_key import UserKey

RECORDINGS = "rrweb/recordings"
FAILED = "rrweb/failed"
LARGE_BATCH = UserKey(prefix=RECORDINGS, name="sessionId={recordingId}/large/{sequence}")
SCREENSHOT = UserKey(prefix=RECORDINGS, name="sessionId={recordingId}/screenshot")
ASSET = UserKey(prefix="rrweb/assets", name="{sha256}")

SCREENSHOT_TYPES = ("image/webp", "image/jpeg", "image/png")
ASSET_TYPES = (
    *SCREENSHOT_TYPES,
    "application/octet-stream",
    *("image/avif", "image/gif"),
    *("font/otf", "font/ttf", "font/woff", "font/woff2"),
)
# Text types must not be here: the templates would see base64.
BINARY_TYPES = ("application/gzip", *ASSET_TYPES)

# What is written once, S3 refuses to write again.
ONCE = {"If-None-Match": "*"}
# A recording may refer to an asset that is seven days old (openapi.yaml, headAsset); a day is for
# what is on its way.
ASSET_REUSE_DAYS = 8
