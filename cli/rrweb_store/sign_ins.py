"""The stores that this user is signed in to, in one file that only this user may read."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rrweb_store.errors import NotSignedInError
from rrweb_store.json_values import object_of
from rrweb_store.private_file import whole_file
from rrweb_store.store_config import StoreConfig

FILE = "sign-ins.json"


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """Tokens for one store."""

    config: StoreConfig
    id_token: str
    refresh_token: str
    expires_at: float
    """Of the ID token, in seconds since the epoch."""
    email: str

    def to_json(self) -> dict[str, Any]:
        return {**vars(self), "config": self.config.to_json()}


class SignIns:
    """The file, by the addresses of replay sites. The newest sign-in is the one that is used."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE

    def get(self, site_url: str | None = None) -> SignIn:
        """Return the sign-in at a replay site, or the newest one.

        Raises:
            NotSignedInError: There is none.
        """
        everything = self._read()
        wanted = site_url or everything["current"]
        kept = everything["stores"].get(wanted)
        if kept is None:
            at = f" at {site_url}" if site_url else ""
            example = site_url or "https://…"
            raise NotSignedInError(f"you are not signed in{at}: rrweb-store login --site {example}")
        try:
            members: dict[str, Any] = {**kept, "config": StoreConfig(**kept["config"])}
            return SignIn(**members)
        except (KeyError, TypeError) as error:
            raise NotSignedInError(f"{self._path} is of another release: sign in again") from error

    def put(self, sign_in: SignIn, *, is_current: bool = False) -> None:
        """Keep a sign-in in place of the one before at its replay site."""
        everything = self._read()
        site_url = sign_in.config.site_url
        everything["stores"][site_url] = sign_in.to_json()
        if is_current or not everything["current"]:
            everything["current"] = site_url
        self._write(everything)

    def remove(self, site_url: str) -> None:
        everything = self._read()
        everything["stores"].pop(site_url, None)
        if everything["current"] == site_url:
            everything["current"] = next(iter(everything["stores"]), "")
        self._write(everything)

    def _read(self) -> dict[str, Any]:
        empty: dict[str, Any] = {"current": "", "stores": {}}
        try:
            found: object = json.loads(self._path.read_bytes())
        except FileNotFoundError:
            return empty
        except ValueError:
            return empty  # it is written whole, so nobody's sign-in is lost by this
        known = object_of(found)
        stores = known.get("stores")
        return {**empty, **known} if isinstance(stores, dict) else empty

    def _write(self, everything: dict[str, Any]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with whole_file(self._path, mode=0o600, replace=True) as file:
            file.write(json.dumps(everything, indent=2).encode())
