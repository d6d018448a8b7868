"""Authorization: Cognito ID tokens for users, AWS signatures for operators."""

import calendar
import hashlib
import re
import time
from collections.abc import Callable
from typing import Any

import httpx
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from sandbox.gateway.api import Document
from sandbox.gateway.errors import GatewayError
from sandbox.gateway.request import Request

_UNAUTHORIZED = "Unauthorized"

# A token of an unknown key makes the authorizer fetch the keys again, but no more often.
KEYS_AGE_S = 60.0


class CognitoAuthorizer:
    """Checks an ID token as a COGNITO_USER_POOLS authorizer without scopes does.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-enable-cognito-user-pool.html
    """

    def __init__(
        self,
        scheme: Document,
        cognito_url: str,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        authorizer = scheme["x-amazon-apigateway-authorizer"]
        self._pools = {
            arn.rsplit("/", 1)[1]: arn.split(":")[3] for arn in authorizer["providerARNs"]
        }
        self._audience = re.compile(authorizer["identityValidationExpression"])
        self._cognito_url = cognito_url
        self._monotonic = monotonic
        self._keys: dict[str, tuple[KeySet, float]] = {}

    def claims(self, authorization: str) -> dict[str, Any]:
        """Return the claims of the token in an Authorization header, with or without `Bearer`.

        Raises:
            GatewayError: UNAUTHORIZED for any invalid token; AUTHORIZER_FAILURE if the pool's keys
                cannot be fetched.
        """
        token = re.sub(r"^bearer\s+", "", authorization.strip(), flags=re.IGNORECASE)
        if not token:
            raise GatewayError("UNAUTHORIZED", _UNAUTHORIZED)
        for pool, region in self._pools.items():
            try:
                claims = self._decoded(token, pool)
            except (JoseError, ValueError):
                continue
            if claims.get("iss") != f"https://cognito-idp.{region}.amazonaws.com/{pool}":
                continue
            if claims.get("token_use") != "id" or not self._audience.search(
                str(claims.get("aud", ""))
            ):
                continue
            expires = claims.get("exp")
            if not isinstance(expires, int | float) or expires <= time.time():
                raise GatewayError("UNAUTHORIZED", "The incoming token has expired")
            begins = claims.get("nbf", 0)
            if not isinstance(begins, int | float) or begins > time.time():
                continue
            return claims
        raise GatewayError("UNAUTHORIZED", _UNAUTHORIZED)

    def _decoded(self, token: str, pool: str) -> dict[str, Any]:
        keys, fetched_at = self._keys.get(pool) or self._fetched(pool)
        try:
            return dict(jwt.decode(token, keys, algorithms=["RS256"]).claims)
        except InvalidKeyIdError:
            if self._monotonic() - fetched_at < KEYS_AGE_S:
                raise
        keys, _ = self._fetched(pool)
        return dict(jwt.decode(token, keys, algorithms=["RS256"]).claims)

    def _fetched(self, pool: str) -> tuple[KeySet, float]:
        try:
            answer = httpx.get(f"{self._cognito_url}/{pool}/.well-known/jwks.json", timeout=5)
            keys = KeySet.import_key_set(answer.raise_for_status().json())
        except (httpx.HTTPError, JoseError, ValueError, KeyError, TypeError) as error:
            raise GatewayError("AUTHORIZER_FAILURE", f"JWKS of {pool}: {error!r}") from error
        self._keys[pool] = keys, self._monotonic()
        return self._keys[pool]


def check_signature(request: Request, region: str, secrets: dict[str, str]) -> None:
    """Check that a request is signed for `execute-api` by an access key of `secrets`.

    Raises:
        GatewayError: MISSING_AUTHENTICATION_TOKEN without a signature, INVALID_SIGNATURE with a bad
            one, ACCESS_DENIED for an unknown key.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
    """
    header = request.header("authorization")
    parts = re.fullmatch(
        r"AWS4-HMAC-SHA256 Credential=([^/,\s]+)/(\d{8})/([^/,]+)/([^/,]+)/aws4_request, ?"
        r"SignedHeaders=([^,\s]+), ?Signature=([0-9a-f]{64})",
        header,
    )
    if not parts:
        raise GatewayError("MISSING_AUTHENTICATION_TOKEN", "Missing Authentication Token")
    key, day, signed_region, service, names, signature = parts.groups()
    if key not in secrets:
        raise GatewayError(
            "ACCESS_DENIED", "The security token included in the request is invalid."
        )
    when = request.header("x-amz-date")
    if (
        (signed_region, service) != (region, "execute-api")
        or "host" not in names.split(";")
        or not when.startswith(day)
        or not _within_minutes(when, 5)
    ):
        raise GatewayError("INVALID_SIGNATURE", "The request's credential scope or date is wrong.")
    body_hash = hashlib.sha256(request.body).hexdigest()
    # If this header is there, the signer uses it as the body's hash.
    if request.header("x-amz-content-sha256", body_hash) != body_hash:
        raise GatewayError(
            "INVALID_SIGNATURE", "The request's body is not the one that was signed."
        )
    signed = {name: request.header(name) for name in names.split(";")}
    query = f"?{request.raw_query}" if request.raw_query else ""
    copy = AWSRequest(
        method=request.method,
        url=f"http://signed-as-a-header{request.raw_path}{query}",
        data=request.body,
        headers=signed,
    )
    copy.context["timestamp"] = when
    signer = SigV4Auth(Credentials(key, secrets[key]), service, signed_region)
    expected = signer.signature(signer.string_to_sign(copy, signer.canonical_request(copy)), copy)
    if expected != signature:
        raise GatewayError("INVALID_SIGNATURE", "The request signature does not match.")


def _within_minutes(stamp: str, minutes: int) -> bool:
    try:
        sent = calendar.timegm(time.strptime(stamp, "%Y%m%dT%H%M%SZ"))
    except ValueError:
        return False
    return abs(time.time() - sent) <= minutes * 60
