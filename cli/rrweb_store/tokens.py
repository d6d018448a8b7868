"""ID tokens: by an authorization code with PKCE, and renewed by the refresh token."""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx

from rrweb_store.errors import BadInputError, NotSignedInError, StoreError, UnavailableError
from rrweb_store.json_values import object_of, text_of
from rrweb_store.safe_text import printable
from rrweb_store.sign_ins import SignIn, SignIns
from rrweb_store.store_config import StoreConfig

# A token this close to its expiry is renewed before it is used.
RENEW_BEFORE_S = 60
# Answers of a token endpoint that no retry can mend: https://www.rfc-editor.org/rfc/rfc6749#section-5.2
_FINAL_ERRORS = {
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
}


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One attempt to sign in: what the browser is sent to, and what must come back."""

    config: StoreConfig
    redirect_uri: str
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    state: str = field(default_factory=lambda: secrets.token_urlsafe(24))

    @property
    def address(self) -> str:
        """Where a browser signs in."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        query = {
            "response_type": "code",
            "client_id": self.config.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": "openid email",
            "state": self.state,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        return f"{self.config.sign_in_url}/oauth2/authorize?{urlencode(query)}"

    def code_in(self, url: str) -> str:
        """Return the code in the address that the sign-in has led to.

        Raises:
            BadInputError: It is of another attempt, or has no code.
            StoreError: The sign-in was refused; its message says why.
        """
        query = parse_qs(urlsplit(url).query)
        if not secrets.compare_digest(query.get("state", [""])[0].encode(), self.state.encode()):
            raise BadInputError("that address is not of this attempt to sign in: start again")
        if "error" in query:
            reason = query.get("error_description", query["error"])[0]
            raise StoreError(f"the sign-in was refused: {printable(reason, 200)}")
        if not query.get("code"):
            raise BadInputError("that address has no code: copy all of it")
        return query["code"][0]

    def exchange(self, http: httpx.Client, code: str) -> SignIn:
        """Return the sign-in that the code stands for."""
        answer = _ask(
            http,
            self.config,
            grant_type="authorization_code",
            redirect_uri=self.redirect_uri,
            code=code,
            code_verifier=self.verifier,
        )
        return _sign_in(self.config, answer, refresh_token="")


class Tokens:
    """The token of one store.

    Two processes may renew it at once: the pool takes a refresh token again for a minute after its
    rotation, and each of the new ones is good.
    """

    def __init__(
        self,
        http: httpx.Client,
        kept: SignIns,
        sign_in: SignIn,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._http = http
        self._kept = kept
        self._sign_in = sign_in
        self._now = now

    @property
    def config(self) -> StoreConfig:
        return self._sign_in.config

    def get(self, *, renew: bool = False) -> str:
        """Return an ID token that is good for a minute at least; with `renew`, a new one.

        Raises:
            NotSignedInError: The session has ended.
            UnavailableError: The token cannot be renewed now.
        """
        left_s = self._sign_in.expires_at - self._now()
        if renew or left_s <= RENEW_BEFORE_S:
            try:
                self._renew()
            except UnavailableError:
                if renew or left_s <= 0:
                    raise
        return self._sign_in.id_token

    def _renew(self) -> None:
        before = self._sign_in
        if not before.refresh_token:
            raise _ended(before.config)
        answer = _ask(
            self._http,
            before.config,
            grant_type="refresh_token",
            refresh_token=before.refresh_token,
        )
        # Without a new refresh token the old one goes on.
        self._sign_in = _sign_in(before.config, answer, refresh_token=before.refresh_token)
        self._kept.put(self._sign_in)

    def revoke(self) -> None:
        """End the session in the pool, as far as it can be reached."""
        body = {"token": self._sign_in.refresh_token, "client_id": self.config.client_id}
        try:
            self._http.post(f"{self.config.sign_in_url}/oauth2/revoke", data=body)
        except httpx.HTTPError:
            return  # it expires later anyway


def _ended(config: StoreConfig) -> NotSignedInError:
    return NotSignedInError(f"your session has ended: rrweb-store login --site {config.site_url}")


def _ask(http: httpx.Client, config: StoreConfig, **form: str) -> dict[str, Any]:
    """Return the token endpoint's answer."""
    try:
        answer = http.post(
            f"{config.sign_in_url}/oauth2/token", data={**form, "client_id": config.client_id}
        )
    except httpx.HTTPError as error:
        raise UnavailableError(f"the sign-in did not answer: {printable(error)}") from error
    try:
        found: object = answer.json()
    except ValueError:
        found = None
    body = object_of(found)
    if answer.status_code == 200 and isinstance(body.get("id_token"), str):
        return body
    if text_of(body.get("error")) in _FINAL_ERRORS:
        raise _ended(config)
    raise UnavailableError(f"the sign-in answered with status {answer.status_code}: try again")


def _sign_in(config: StoreConfig, answer: dict[str, Any], refresh_token: str) -> SignIn:
    id_token = str(answer["id_token"])
    claims = claims_of(id_token)
    # It came from the token endpoint itself, so its signature need not be checked:
    # https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation
    if claims.get("aud") != config.client_id or claims.get("iss") != config.issuer_url:
        raise StoreError("the sign-in answered with a token for another store")
    new = answer.get("refresh_token")
    expires_at = claims.get("exp")
    return SignIn(
        config=config,
        id_token=id_token,
        refresh_token=new if isinstance(new, str) else refresh_token,
        expires_at=float(expires_at) if isinstance(expires_at, int | float) else 0.0,
        email=str(claims.get("email", "")),
    )


def claims_of(id_token: str) -> dict[str, Any]:
    """Return what a token says.

    Raises:
        StoreError: It is no token.
    """
    try:
        payload = id_token.split(".")[1]
        found: object = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, ValueError) as error:
        raise StoreError("the sign-in answered with something that is no token") from error
    return object_of(found)
