"""A recording as one page that plays by itself: the site's template, and the data in it."""

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import httpx

from rrweb_store.api import Api
from rrweb_store.cut import RESOURCES_TAG, Cut
from rrweb_store.errors import BadInputError, NotFoundError, StoreError, UnavailableError
from rrweb_store.events import Page, event_of
from rrweb_store.json_values import list_of, object_of
from rrweb_store.recording_ref import RecordingRef
from rrweb_store.safe_text import printable

# The format: web/site/src/one-file/format.ts. A test compares all of them.
TEMPLATE_FILE = "one-file.txt"
PLACE = b"<!--recording 1-->"
MAX_FILE_BYTES = 50_000_000
TOLD = (
    *("recordingId", "createdAtMs", "startedAtMs", "pageUrl", "pageTitle", "userAgent"),
    *("viewport", "visitorId", "durationMs", "clicks", "rageClicks", "deadClicks", "errors"),
    *("failedRequests", "slowRequests", "lcpMs", "inpMs", "clsThousandths", "user", "browser"),
    *("device", "language", "connection", "leftAfterMs", "pages", "tags", "events"),
)

_SHA256 = re.compile(r"[0-9a-f]{64}")
_REFERENCES = re.compile(rb"rrweb-asset:([0-9a-f]{64})")


def fetch_template(http: httpx.Client, site_url: str) -> tuple[bytes, bytes]:
    """Return what stands before and after the data.

    Raises:
        UnavailableError: The site did not answer.
        StoreError: It has no template of this format.
    """
    url = f"{site_url}/{TEMPLATE_FILE}"
    try:
        answer = http.get(url, headers={"Cache-Control": "no-cache"})
    except httpx.HTTPError as error:
        raise UnavailableError(f"{site_url} did not answer: {printable(error, 200)}") from error
    before, _, after = answer.content.partition(PLACE) if answer.is_success else (b"", b"", b"")
    if not after:
        raise StoreError(
            f"{url} is no page that this rrweb-store can fill in (status {answer.status_code}): "
            "install the version of rrweb-store that belongs to the release of this store"
        )
    return before, after


@dataclass
class OneFile:
    """Writes the page part by part. Beyond its limit it only counts.

    The data is base64 of gzip, so nothing that was recorded can end an element of the page.
    """

    file: BinaryIO
    api: Api
    ref: RecordingRef
    written: int = 0
    missing_assets: list[str] = field(default_factory=list[str])
    fitted_ms: float = 0.0
    """The moment up to which all was within the limit."""
    _seen: set[str] = field(default_factory=set[str])
    _pages: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    @property
    def is_too_large(self) -> bool:
        return self.written > MAX_FILE_BYTES

    def write(self, data: bytes) -> None:
        self.written += len(data)
        if not self.is_too_large:
            self.file.write(data)

    def add(self, name: str, content: bytes) -> None:
        """Write a part: `about`, `events`, or an asset by its SHA-256."""
        # Without the time, so that the same recording is the same file.
        packed = base64.b64encode(gzip.compress(content, compresslevel=6, mtime=0))
        opened = f'<script type="application/octet-stream" data-part="{name}">'.encode()
        self.write(opened + packed + b"</script>\n")

    def add_page(self, lines: list[bytes], page: Page, missing: str) -> None:
        """Write events, after the assets that they refer to."""
        for line in lines:
            for sha256 in asset_names(line):
                self._add_asset(sha256)
        self._pages.append({"missing": missing, "skipped": page.skipped})
        self.add("events", b"".join(line + b"\n" for line in lines))

    def add_about(self, recording: dict[str, Any], at_ms: float | None) -> None:
        """Write what is known of the recording, and nothing of the store or of the user."""
        told = {name: recording[name] for name in TOLD if name in recording}
        moment = {} if at_ms is None else {"atMs": at_ms}
        about = {"recording": told, **moment, "pages": self._pages}
        self.add("about", json.dumps({**about, "missingAssets": len(self.missing_assets)}).encode())

    def _add_asset(self, sha256: str) -> None:
        if sha256 in self._seen:
            return
        self._seen.add(sha256)
        found = self._asset(sha256)
        # Anybody who has a site's write key could have stored other bytes under the name.
        if found is not None and hashlib.sha256(found).hexdigest() == sha256:
            self.add(sha256, found)
        else:
            self.missing_assets.append(sha256)

    def _asset(self, sha256: str) -> bytes | None:
        """Return the owner's asset, or the copy that is kept with the recording."""
        owner = {name: value for name, value in self.ref.path.items() if name != "recordingId"}
        for operation, path in (("getAsset", owner), ("getKeptAsset", self.ref.path)):
            with suppress(NotFoundError):
                answer = self.api.call(
                    self.ref.operation(operation),
                    {**path, "sha256": sha256},
                    headers={"Accept": "application/octet-stream"},
                    known=frozenset({413}),
                )
                return answer.content if answer.is_success else None
        return None


def asset_names(line: bytes) -> Iterator[str]:
    """Yield the SHA-256 of each asset that an event refers to."""
    for found in _REFERENCES.findall(line):
        yield found.decode()
    if RESOURCES_TAG.encode() not in line:
        return
    data = object_of((event_of(line) or {}).get("data"))
    if data.get("tag") != RESOURCES_TAG:
        return
    for named in object_of(object_of(data.get("payload")).get("stored")).values():
        first = next(iter(list_of(named)), None)
        if isinstance(first, str) and _SHA256.fullmatch(first):
            yield first


def write_one_file(  # noqa: PLR0913 - what a page is made of
    one: OneFile,
    template: tuple[bytes, bytes],
    pages: Iterable[Page],
    *,
    recording: dict[str, Any],
    cut: Cut | None,
    advance: Callable[[float, str], None],
) -> None:
    """Write the page.

    Raises:
        BadInputError: It would be too large; the message says by how much, and what would fit.
    """
    before, after = template
    one.write(before)
    clock = cut or Cut()  # which tells the time, if nothing is cut
    missing_before, page = "", None
    count = 0
    for page in pages:
        seen = [clock.add(line) for line in page.lines]
        lines = [line for some in seen for line in some] if cut else page.lines
        if lines:
            one.add_page(lines, page, _fresh(page.missing, missing_before))
            count += 1
        elif not count:
            missing_before = page.missing
        if not one.is_too_large:
            one.fitted_ms = clock.last_ms
        advance(clock.last_ms, f"{one.written / 1e6:,.1f} MB")
        if cut and cut.is_over:
            break
    rest = cut.end() if cut else []
    if page is not None and (rest or not count):
        one.add_page(rest, page, "")
    one.add_about(recording, cut.at_ms if cut else None)
    one.write(after)
    if one.is_too_large:
        raise BadInputError(_too_large(one, cut))


def _fresh(missing: str, before: str) -> str:
    """Return the gaps that were not there before, of two lists such as `3-5` and `3-5,9`."""
    return missing[len(before) :].lstrip(",") if missing.startswith(before) else missing


def _too_large(one: OneFile, cut: Cut | None) -> str:
    start = cut.from_ms if cut else 0.0
    # Less what else the page has.
    fits = start + 0.9 * (one.fitted_ms - start)
    example = f", such as --from {start / 1000:g} --to {fits / 1000:.0f}" if fits > start else ""
    return (
        f"the page would have {one.written / 1e6:,.1f} MB, more than {MAX_FILE_BYTES // 10**6} MB: "
        f"export a part of it by --from and --to{example}"
    )
