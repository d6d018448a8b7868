"""A browser's part of a sign-in: authorization code with PKCE, through the stack's own login."""

import base64
import hashlib
import html
import re
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

_FORM_FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


@dataclass
class SignIn:
    """One attempt."""

    exports: dict[str, Any]
    redirect_uri: str = ""
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    state: str = field(default_factory=lambda: secrets.token_urlsafe(8))

    def __post_init__(self) -> None:
        self.redirect_uri = self.redirect_uri or f"{self.exports['siteUrl']}/signed-in"
        self._http = httpx.Client(base_url=self.exports["signInUrl"], timeout=20)

    def authorize(self, **different: str) -> httpx.Response:
        """Return what is shown to who wants to sign in."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return self._http.get(
            "/oauth2/authorize",
            params={
                "response_type": "code",
                "client_id": self.exports["userPoolClientId"],
                "redirect_uri": self.redirect_uri,
                "scope": "openid email",
                "state": self.state,
                "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
                "code_challenge_method": "S256",
                **different,
            },
        )

    def submit(self, email: str, password: str) -> httpx.Response:
        """Return the answer to the filled form."""
        page = self.authorize()
        assert page.status_code == 200, page.text
        hidden = {name: html.unescape(value) for name, value in _FORM_FIELD.findall(page.text)}
        return self._http.post("/login", data={**hidden, "username": email, "password": password})

    def code(self, email: str, password: str) -> str:
        """Return the code that comes back to the site."""
        answer = self.submit(email, password)
        assert answer.status_code == 302, answer.text
        back = answer.headers["Location"]
        assert back.startswith(f"{self.redirect_uri}?"), back
        query = parse_qs(urlsplit(back).query)
        assert query["state"] == [self.state]
        return query["code"][0]

    def exchange(self, code: str, **different: str) -> httpx.Response:
        """Return the answer of the token endpoint."""
        return self._http.post(
            "/oauth2/token",
            data={
                "grant_type": "authorization_code",
                "client_id": self.exports["userPoolClientId"],
                "redirect_uri": self.redirect_uri,
                "code": code,
                "code_verifier": self.verifier,
                **different,
            },
            headers={"Origin": self.exports["siteUrl"]},
        )

    def sign_out(self, logout_uri: str) -> httpx.Response:
        params = {"client_id": self.exports["userPoolClientId"], "logout_uri": logout_uri}
        return self._http.get("/logout", params=params)
