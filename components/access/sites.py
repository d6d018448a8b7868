"""The sites of the stack's configuration: their write keys, and the groups that watch them."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast, get_args
from urllib.parse import urlsplit

Privacy = Literal["inputs", "text", "private"]

# The key lists of a role's inline policy (10,240 characters, about 160 for each key) and of the
# function's environment (4 kB) hold no more:
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
MAX_KEYS = 50
# One in use, and the next one while they are exchanged.
MAX_ACTIVE_KEYS = 2
# Start of the paths that visitors call.
WRITE_PREFIX = "/w/"

_ID = re.compile(r"[a-z][a-z0-9-]{0,30}")
_KEY = re.compile(r"wk_[a-z0-9]{24}")
_HOST = re.compile(r"[a-z0-9.-]+|[0-9a-f:]+")
_MEMBERS = ("id", "keys", "retiredKeys", "origins", "privacy")


@dataclass(frozen=True, kw_only=True)
class Site:
    """A site whose visitors are recorded without an account."""

    id: str
    keys: tuple[str, ...]
    """Write keys in use, one or two."""
    retired_keys: tuple[str, ...] = ()
    """Keys that are refused; recordings made with them can still be read."""
    origins: tuple[str, ...] = ()
    """Origins whose pages may create recordings; empty for any."""
    privacy: Privacy = "text"
    """What the script tag of the set-up page masks."""

    @property
    def group(self) -> str:
        """The Cognito group whose members watch the site."""
        return f"site-{self.id}"

    @property
    def admin_group(self) -> str:
        """The Cognito group whose members may also change and delete its recordings."""
        return f"{self.group}-admin"

    @property
    def owner(self) -> str:
        """The owner of the site's recordings, as the table has it."""
        return f"site#{self.id}"

    @property
    def all_keys(self) -> tuple[str, ...]:
        """Every key that recordings were made with."""
        return (*self.keys, *self.retired_keys)


def sites_from(given: Any) -> tuple[Site, ...]:
    """Return the sites of the setting `sites`, in its order.

    Raises:
        ValueError: The setting cannot be used; the message has the value and the way out.
    """
    if not isinstance(given, (list, tuple)):
        raise ValueError(f"sites must be a list, got {given!r}")  # noqa: TRY004 - a setting's value
    sites = tuple(_site(one) for one in cast("Sequence[Any]", given))
    _refuse_twice("id", [site.id for site in sites])
    keys = [key for site in sites for key in site.all_keys]
    _refuse_twice("key", keys)
    if len(keys) > MAX_KEYS:
        raise ValueError(
            f"sites may have {MAX_KEYS} keys in all, retired ones included, since a role's inline "
            f"policy holds no more; got {len(keys)}"
        )
    return sites


def site_keys(sites: Sequence[Site]) -> str:
    """Return the keys of each site as one text, for the environment of a function.

    >>> site_keys([Site(id="a", keys=("wk_1",), retired_keys=("wk_0",)), Site(id="b", keys=("k",))])
    'a=wk_1,wk_0;b=k'
    """
    return ";".join(f"{site.id}={','.join(site.all_keys)}" for site in sites)


def active_keys(sites: Sequence[Site]) -> list[str]:
    """Return the keys of all sites that are in use."""
    return [key for site in sites for key in site.keys]


def retired_keys(sites: Sequence[Site]) -> list[str]:
    """Return the keys of all sites that are refused."""
    return [key for site in sites for key in site.retired_keys]


def shown_sites(sites: Sequence[Site], api_url: str) -> dict[str, dict[str, str]]:
    """Return where each site writes, and who watches it, by its id.

    >>> shown_sites([Site(id="a", keys=("wk_1", "wk_2"))], "https://api.example/v1")
    {'a': {'writeUrl': 'https://api.example/v1/w/wk_1', 'group': 'site-a'}}
    """
    return {
        site.id: {"writeUrl": f"{api_url}/w/{site.keys[0]}", "group": site.group} for site in sites
    }


def write_prefixes(sites: Sequence[Site]) -> dict[str, list[str]]:
    """Return the starts of the paths with a key in use, by the id of the site.

    >>> write_prefixes([Site(id="a", keys=("wk_1", "wk_2"), retired_keys=("wk_0",))])
    {'a': ['/w/wk_1/', '/w/wk_2/']}
    """
    return {site.id: [f"{WRITE_PREFIX}{key}/" for key in site.keys] for site in sites}


def _site(given: Any) -> Site:
    if not isinstance(given, dict):
        raise ValueError(f"sites must hold objects, got {given!r}")  # noqa: TRY004
    members = cast("Mapping[str, Any]", given)
    site_id = members.get("id")
    if not isinstance(site_id, str) or not _ID.fullmatch(site_id):
        raise ValueError(
            f"sites: an id must be a lower-case letter and up to 30 of a-z 0-9 -, got {site_id!r}"
        )
    where = f"sites: {site_id}"
    if unknown := sorted(set(members) - set(_MEMBERS)):
        raise ValueError(f"{where} may have {', '.join(_MEMBERS)}, got {unknown[0]!r}")
    keys = _texts(where, "keys", members.get("keys"))
    retired = _texts(where, "retiredKeys", members.get("retiredKeys", []))
    for key in (*keys, *retired):
        if not _KEY.fullmatch(key):
            raise ValueError(f"{where}: a key must be one that make site-key prints, got {key!r}")
    if not 1 <= len(keys) <= MAX_ACTIVE_KEYS:
        raise ValueError(
            f"{where} must have one key, or {MAX_ACTIVE_KEYS} while they are exchanged (move the "
            f"old one to retiredKeys), got {len(keys)}"
        )
    privacy = members.get("privacy", "text")
    if privacy not in get_args(Privacy):
        raise ValueError(
            f"{where}: privacy must be one of {', '.join(get_args(Privacy))}, got {privacy!r}"
        )
    return Site(
        id=site_id,
        keys=keys,
        retired_keys=retired,
        origins=tuple(
            _origin(where, one) for one in _texts(where, "origins", members.get("origins", []))
        ),
        privacy=privacy,
    )


def _texts(where: str, name: str, given: Any) -> tuple[str, ...]:
    if not isinstance(given, (list, tuple)) or not all(
        isinstance(one, str) for one in cast("Sequence[Any]", given)
    ):
        raise ValueError(f"{where}: {name} must be a list of texts, got {given!r}")
    return tuple(cast("Sequence[str]", given))


def _origin(where: str, given: str) -> str:
    """Return the origin as a browser sends it. Raises ValueError."""
    try:
        url = urlsplit(given)
        host, port = url.hostname or "", url.port
    except ValueError:
        host, port, url = "", None, urlsplit("")
    if url.scheme in ("http", "https") and _HOST.fullmatch(host):
        netloc = f"[{host}]" if ":" in host else host
        default = {"http": 80, "https": 443}[url.scheme]
        origin = f"{url.scheme}://{netloc}{'' if port in (None, default) else f':{port}'}"
        if given == origin:
            return origin
        if url.path or url.query or url.fragment:
            raise ValueError(f"{where}: an origin has no path: write {origin}, got {given!r}")
    raise ValueError(
        f"{where}: an origin must be a scheme and a host in lower case, and a port if it is not "
        f"the scheme's own, such as https://shop.example, got {given!r}"
    )


def _refuse_twice(what: str, values: Sequence[str]) -> None:
    for value, times in Counter(values).items():
        if times > 1:
            raise ValueError(f"sites: no {what} may be there twice, got {value!r} {times} times")
