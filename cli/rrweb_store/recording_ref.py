"""Which recording an argument names: an id, `site/id`, or the link of a replay."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from rrweb_store.errors import BadInputError
from rrweb_store.safe_text import printable

# The contract's patterns.
RECORDING_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
SITE_ID = re.compile(r"[a-z][a-z0-9-]{0,30}")
_PATH = re.compile(rf"(?:/sites/({SITE_ID.pattern}))?/recordings/({RECORDING_ID.pattern})/*")


@dataclass(frozen=True, kw_only=True)
class RecordingRef:
    """A recording of a site, or without one of the user who is signed in."""

    site_id: str | None
    recording_id: str

    def operation(self, name: str) -> str:
        """Return the operation for this owner: `getEvents` or `getSiteEvents`.

        >>> RecordingRef(site_id="shop", recording_id="a").operation("getEvents")
        'getSiteEvents'
        >>> RecordingRef(site_id="shop", recording_id="a").operation("endKeeping")
        'endSiteKeeping'
        """
        return name if self.site_id is None else re.sub("(?=[A-Z])", "Site", name, count=1)

    @property
    def path(self) -> dict[str, str]:
        """Values of the operation's path."""
        own = {"recordingId": self.recording_id}
        return own if self.site_id is None else {"siteId": self.site_id, **own}

    def link(self, site_url: str, at_s: float | None = None) -> str:
        """Return where it is watched.

        >>> RecordingRef(site_id=None, recording_id="a").link("https://replay.example", 1.25)
        'https://replay.example/recordings/a?t=1.2'
        """
        owner = "" if self.site_id is None else f"/sites/{self.site_id}"
        moment = "" if at_s is None else f"?t={int(at_s * 10) / 10}"
        return f"{site_url}{owner}/recordings/{self.recording_id}{moment}"


def recording_ref(text: str, site_url: str) -> RecordingRef:
    """Return what an argument names.

    >>> recording_ref("shop/a-1", "https://replay.example")
    RecordingRef(site_id='shop', recording_id='a-1')
    >>> recording_ref("https://replay.example/recordings/a-1?t=2", "https://replay.example")
    RecordingRef(site_id=None, recording_id='a-1')

    Raises:
        BadInputError: It names none, or one of another store.
    """
    if "://" in text:
        parts = urlsplit(text)
        if f"{parts.scheme}://{parts.netloc}".lower() != site_url.lower():
            raise BadInputError(
                f"that link is of another store than {site_url}: choose its store by --site"
            )
        found = _PATH.fullmatch(parts.path)
        if found:
            return RecordingRef(site_id=found[1], recording_id=found[2])
    else:
        site_id, slash, recording_id = text.rpartition("/")
        if RECORDING_ID.fullmatch(recording_id) and (not slash or SITE_ID.fullmatch(site_id)):
            return RecordingRef(site_id=site_id or None, recording_id=recording_id)
    raise BadInputError(
        f"{printable(text, 120)} names no recording: give an id (1 to 64 of A-Z a-z 0-9 - _), "
        "site/id, or the link of a replay"
    )
