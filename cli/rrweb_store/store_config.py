"""StoreConfig: where a store's API and its sign-in are, as its replay site says."""

import re
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

import httpx

from rrweb_store.errors import BadInputError, UnavailableError
from rrweb_store.json_values import object_of
from rrweb_store.safe_text import printable

_VISIBLE = re.compile(r"[!-~]+")
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, kw_only=True)
class StoreConfig:
    """What `/config.json` of a replay site holds and the command line needs."""

    # None has a trailing slash.

    site_url: str
    api_url: str
    sign_in_url: str
    issuer_url: str
    client_id: str

    def to_json(self) -> dict[str, str]:
        return asdict(self)


_NAMES = {
    "siteUrl": "site_url",
    "apiUrl": "api_url",
    "signInUrl": "sign_in_url",
    "issuerUrl": "issuer_url",
    "userPoolClientId": "client_id",
}


def fetch_config(http: httpx.Client, site: str) -> StoreConfig:
    """Return what a replay site says of its store.

    Raises:
        BadInputError: The address is none of a replay site.
        UnavailableError: It did not answer.
    """
    origin = origin_of(site)
    try:
        answer = http.get(f"{origin}/config.json", headers={"Cache-Control": "no-store"})
    except httpx.HTTPError as error:
        raise UnavailableError(f"{origin} did not answer: {printable(error)}") from error
    if answer.status_code != 200:
        raise BadInputError(
            f"{origin}/config.json has status {answer.status_code}: is it the address of a replay "
            "site? `pulumi stack output siteUrl` prints it"
        )
    try:
        value: object = answer.json()
    except ValueError as error:
        raise BadInputError(f"{origin}/config.json is not JSON: is it a replay site?") from error
    return config_of(value, origin)


def config_of(value: object, origin: str) -> StoreConfig:
    """Return the configuration in a JSON value.

    Raises:
        BadInputError: It lacks something, or an address would send tokens in the clear.
    """
    given = object_of(value)
    texts = {
        field: given[name].rstrip("/")
        for name, field in _NAMES.items()
        if isinstance(given.get(name), str) and given[name].strip("/")
    }
    missing = [name for name, field in _NAMES.items() if field not in texts]
    if missing:
        raise BadInputError(f"{origin}/config.json lacks {', '.join(missing)}")
    for field in ("site_url", "api_url", "sign_in_url"):
        checked_url(texts[field])
    return StoreConfig(**texts)


def checked_url(url: str) -> str:
    """Return an address that may be called: https, or http on this machine.

    Raises:
        BadInputError: It is neither.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port  # raises ValueError if it is no number
    except ValueError as error:
        raise BadInputError(f"not an address: {printable(url, 200)}") from error
    if not _VISIBLE.fullmatch(url):  # it is printed, too
        raise BadInputError(f"not an address: {printable(url, 200)}")
    is_local = parts.scheme == "http" and host in _LOOPBACK
    if not host or parts.username is not None or not (parts.scheme == "https" or is_local):
        raise BadInputError(
            f"an address must be https://…, or http on this machine, got {printable(url, 200)}"
        )
    return url


def origin_of(url: str) -> str:
    """Return scheme, host and port of an address that may be called.

    >>> origin_of("https://replay.example.com/sites/shop?errors=true")
    'https://replay.example.com'
    """
    whole = url if "://" in url else f"https://{url}"
    parts = urlsplit(checked_url(whole))
    return f"{parts.scheme}://{parts.netloc}".lower()
