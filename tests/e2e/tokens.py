"""Credentials that the API must not take, made of those that it takes."""

import base64
import json
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from sandbox.server import Sandbox
from tests.e2e.user import User

_FOREIGN_KEY = RSAKey.generate_key(2048)


def part(value: object) -> str:
    """Return a segment of a JWT."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def header_of(user: User) -> dict[str, Any]:
    """Return the header of the user's token, which names the pool's key."""
    first = (user.token or "").split(".")[0]
    return json.loads(base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)))


def signed_by_a_stranger(user: User, **claims: object) -> str:
    """Return a token of the user's claims and the pool's `kid`, signed by a key of our own."""
    return jwt.encode(header_of(user), {**user.claims, **claims}, _FOREIGN_KEY)


def unsigned(user: User) -> str:
    """Return the user's claims under `alg: none`."""
    return f"{part({**header_of(user), 'alg': 'none'})}.{part(user.claims)}."


def altered(user: User) -> str:
    """Return the user's own token with another subject under its signature."""
    header, _, signature = (user.token or "").split(".")
    return f"{header}.{part({**user.claims, 'sub': 'somebody-else'})}.{signature}"


ANYWHERE: dict[str, Callable[[User], dict[str, str]]] = {
    "no token": lambda _: {},
    "an empty token": lambda _: {"Authorization": "Bearer"},
    "garbage": lambda _: {"Authorization": "Bearer garbage"},
    "three parts of garbage": lambda _: {"Authorization": "Bearer e30.e30.e30"},
    "a password": lambda _: {"Authorization": "Basic b3duZXI6b3duZXI="},
    "an unknown AWS key": lambda _: {
        "Authorization": "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/eu-west-1/"
        f"execute-api/aws4_request, SignedHeaders=host;x-amz-date, Signature={'0' * 64}",
        "X-Amz-Date": "20260101T000000Z",
    },
    "alg none": lambda user: {"Authorization": f"Bearer {unsigned(user)}"},
    "another subject": lambda user: {"Authorization": f"Bearer {altered(user)}"},
    "a stranger's key": lambda user: {"Authorization": f"Bearer {signed_by_a_stranger(user)}"},
    "a stranger's pool": lambda user: {
        "Authorization": "Bearer "
        + signed_by_a_stranger(user, iss="https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_X")
    },
    "a stranger's expired token": lambda user: {
        "Authorization": f"Bearer {signed_by_a_stranger(user, exp=int(time.time()) - 60)}"
    },
}
"""Headers by what is wrong with them; a deployed stack can be asked these too."""


def signed_by_the_pool(sandbox: Sandbox, user: User, **claims: object) -> str:
    """Return a token that the pool itself could have signed: MiniStack keeps its key in a file."""
    pool = sandbox.exports["userPoolId"]
    pem = sandbox.folder / "state" / "cognito-pool-keys" / f"{pool}-id.pem"
    return jwt.encode(header_of(user), {**user.claims, **claims}, private_key(pem))


@cache
def private_key(pem: Path) -> RSAKey:
    """Return the key in the file; to check it takes a second."""
    return RSAKey.import_key(pem.read_bytes())


def signed_by_the_public_key(sandbox: Sandbox, user: User) -> str:
    """Return the classic confusion: HMAC, with the pool's public key as the secret."""
    pool = sandbox.exports["userPoolId"]
    keys = httpx.get(f"{sandbox.cloud.endpoint}/{pool}/.well-known/jwks.json").json()["keys"]
    secret = next(key for key in keys if key["kid"] == header_of(user)["kid"])
    public = RSAKey.import_key(secret).as_pem(private=False)
    return jwt.encode(
        {**header_of(user), "alg": "HS256"},
        user.claims,
        OctKey.import_key(base64.urlsafe_b64encode(public).decode()),
    )


IN_THE_SANDBOX: dict[str, Callable[[Sandbox, User], str]] = {
    "expired": lambda sandbox, user: signed_by_the_pool(sandbox, user, exp=int(time.time()) - 1),
    "without expiry": lambda sandbox, user: signed_by_the_pool(sandbox, user, exp=None),
    "of another app client": lambda sandbox, user: signed_by_the_pool(sandbox, user, aud="other"),
    "of an app client whose id ends alike": lambda sandbox, user: signed_by_the_pool(
        sandbox, user, aud=f"x{user.claims['aud']}"
    ),
    "of another issuer": lambda sandbox, user: signed_by_the_pool(
        sandbox, user, iss=f"{user.claims['iss']}x"
    ),
    "used as an access token": lambda sandbox, user: signed_by_the_pool(
        sandbox, user, token_use="access"
    ),
    "the access token": lambda _, user: user.tokens["AccessToken"],
    "the refresh token": lambda _, user: user.tokens["RefreshToken"],
    "signed by the public key": signed_by_the_public_key,
}
"""Tokens by what is wrong with them, though the pool's own key signed most."""
