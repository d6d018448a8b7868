"""Authentication: Cognito's ID tokens, and requests signed by an operator's key.

Sources:
https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-enable-cognito-user-pool.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

import base64
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import httpx
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jws, jwt
from joserfc.jwk import OctKey, RSAKey

from sandbox.gateway.authorizer import KEYS_AGE_S, CognitoAuthorizer, check_signature
from sandbox.gateway.errors import GatewayError
from sandbox.gateway.request import Request

REGION = "eu-west-1"
POOL = f"{REGION}_Users1234"
ISSUER = f"https://cognito-idp.{REGION}.amazonaws.com/{POOL}"
CLIENT = "1example23456789"
COGNITO = "http://cognito.test"
SCHEME: dict[str, Any] = {
    "x-amazon-apigateway-authorizer": {
        "providerARNs": [f"arn:aws:cognito-idp:{REGION}:123456789012:userpool/{POOL}"],
        "identityValidationExpression": f"^{CLIENT}$",
    }
}


def new_key(key_id: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": key_id, "use": "sig", "alg": "RS256"})


KEY = new_key("of the pool")
STRANGER = new_key("of the pool")
LATER = new_key("later")


def claims(**differing: object) -> dict[str, Any]:
    """Return the claims of Cognito's ID token of one hour; None removes a claim."""
    now = int(time.time())
    all_claims = {
        "sub": "a-user",
        "iss": ISSUER,
        "aud": CLIENT,
        "token_use": "id",
        "auth_time": now,
        "iat": now,
        "exp": now + 3600,
        "email": "ada@example.com",
        **differing,
    }
    return {name: value for name, value in all_claims.items() if value is not None}


def token(key: RSAKey = KEY, **differing: object) -> str:
    header = {"alg": "RS256", "kid": key.kid}
    return jwt.encode(header, claims(**differing), key)


def part(value: object) -> str:
    """Return a segment of a JWT."""
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Jwks:
    """The pool's JWKS, as HTTP gives it."""

    keys: list[RSAKey] = field(default_factory=lambda: [KEY])
    of_others: list[RSAKey] = field(default_factory=list[RSAKey])
    """A key of another pool."""
    says: Callable[[], httpx.Response] | None = None
    """The answer that replaces its keys."""
    asked: list[str] = field(default_factory=list[str])
    """URLs."""

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(str(request.url))
        if self.says:
            return self.says()
        keys = self.keys if POOL in str(request.url) else self.of_others
        return httpx.Response(200, json={"keys": [key.as_dict(private=False) for key in keys]})


@pytest.fixture
def jwks(monkeypatch: pytest.MonkeyPatch) -> Jwks:
    answer = Jwks()
    client = httpx.Client(transport=httpx.MockTransport(answer))
    monkeypatch.setattr(httpx, "get", client.get)
    return answer


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def authorizer(jwks: Jwks, clock: Clock) -> CognitoAuthorizer:
    return CognitoAuthorizer(SCHEME, COGNITO, monotonic=clock)


def refusal(authorizer: CognitoAuthorizer, authorization: str) -> tuple[str, str]:
    """Return type and message of the gateway's own answer."""
    with pytest.raises(GatewayError) as refused:
        authorizer.claims(authorization)
    return refused.value.response_type, refused.value.message


UNAUTHORIZED = ("UNAUTHORIZED", "Unauthorized")
EXPIRED = ("UNAUTHORIZED", "The incoming token has expired")

# -- ID tokens -------------------------------------------------------------------------------------


def test_a_valid_token_gives_its_claims(authorizer: CognitoAuthorizer, jwks: Jwks) -> None:
    expected = claims()

    assert authorizer.claims(
        f"Bearer {jwt.encode({'alg': 'RS256', 'kid': KEY.kid}, expected, KEY)}"
    ) == (expected)
    assert jwks.asked == [f"{COGNITO}/{POOL}/.well-known/jwks.json"]


@pytest.mark.parametrize(
    "before", ["Bearer ", "bearer ", "BEARER ", "Bearer   ", "  Bearer ", "", " "]
)
def test_the_scheme_is_optional_and_its_case_is_ignored(
    authorizer: CognitoAuthorizer, before: str
) -> None:
    assert authorizer.claims(f"{before}{token()}")["sub"] == "a-user"


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        " ",
        "Bearer",
        "Bearer ",
        "Basic {}",
        "Token {}",
        "Bearer Bearer {}",
        "Bearer{}",
        "Bearer {} x",
    ],
)
def test_another_scheme_or_a_missing_token_is_refused(
    authorizer: CognitoAuthorizer, authorization: str
) -> None:
    assert refusal(authorizer, authorization.format(token())) == UNAUTHORIZED


def test_an_expired_token_has_its_own_error(authorizer: CognitoAuthorizer) -> None:
    assert refusal(authorizer, token(exp=int(time.time()) - 1)) == EXPIRED


def test_a_token_expires_at_the_second_of_its_expiry(
    authorizer: CognitoAuthorizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = int(time.time()) + 100
    good = token(exp=ends)

    monkeypatch.setattr(time, "time", lambda: ends - 0.001)
    before = authorizer.claims(good)["exp"]
    monkeypatch.setattr(time, "time", lambda: float(ends))

    assert (before, refusal(authorizer, good)) == (ends, EXPIRED)


@pytest.mark.parametrize("exp", [None, "9999999999", [9999999999], {}, True])
def test_a_token_without_a_numeric_expiry_counts_as_expired(
    authorizer: CognitoAuthorizer, exp: object
) -> None:
    assert refusal(authorizer, token(exp=exp)) == EXPIRED


@pytest.mark.parametrize("ahead", [60, "tomorrow"])
def test_a_token_before_its_start_of_validity_is_refused(
    authorizer: CognitoAuthorizer, ahead: int | str
) -> None:
    nbf = int(time.time()) + ahead if isinstance(ahead, int) else ahead

    assert refusal(authorizer, token(nbf=nbf)) == UNAUTHORIZED


def test_a_token_after_its_start_of_validity_is_accepted(authorizer: CognitoAuthorizer) -> None:
    assert authorizer.claims(token(nbf=int(time.time()) - 60))["sub"] == "a-user"


@pytest.mark.parametrize(
    "differing",
    [
        pytest.param({"iss": f"{ISSUER}x"}, id="another pool's issuer"),
        pytest.param({"iss": ISSUER.replace("eu-west-1.", "us-east-1.")}, id="another Region's"),
        pytest.param({"iss": ISSUER.replace("https", "http")}, id="issuer without TLS"),
        pytest.param({"iss": f"{ISSUER}/"}, id="issuer with a slash"),
        pytest.param({"iss": [ISSUER]}, id="list of issuers"),
        pytest.param({"iss": None}, id="no issuer"),
        pytest.param({"aud": "other"}, id="another client"),
        pytest.param({"aud": f"x{CLIENT}"}, id="prefix before the client"),
        pytest.param({"aud": f"{CLIENT}x"}, id="suffix after the client"),
        pytest.param({"aud": [CLIENT, "other"]}, id="several clients"),
        pytest.param({"aud": [CLIENT]}, id="list of one client"),
        pytest.param({"aud": ""}, id="empty audience"),
        pytest.param({"aud": None}, id="no audience"),
        pytest.param({"token_use": "access"}, id="access use"),
        pytest.param({"token_use": None}, id="no use"),
        pytest.param({"token_use": "access", "aud": None, "client_id": CLIENT}, id="access token"),
    ],
)
def test_a_signed_token_with_a_wrong_claim_is_refused(
    authorizer: CognitoAuthorizer, differing: dict[str, Any]
) -> None:
    assert refusal(authorizer, f"Bearer {token(**differing)}") == UNAUTHORIZED


def test_a_signature_by_another_key_of_the_same_id_is_refused(
    authorizer: CognitoAuthorizer,
) -> None:
    assert refusal(authorizer, token(STRANGER)) == UNAUTHORIZED


def test_a_key_inside_a_token_is_not_trusted(authorizer: CognitoAuthorizer) -> None:
    header = {"alg": "RS256", "kid": KEY.kid, "jwk": STRANGER.as_dict(private=False)}

    assert refusal(authorizer, jwt.encode(header, claims(), STRANGER)) == UNAUTHORIZED


def test_altered_claims_are_refused(authorizer: CognitoAuthorizer) -> None:
    header, _, signature = token().split(".")

    altered = f"{header}.{part(claims(sub='somebody-else'))}.{signature}"

    assert refusal(authorizer, altered) == UNAUTHORIZED


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "", None, ["none"]])
def test_a_token_without_signature_is_refused(
    authorizer: CognitoAuthorizer, algorithm: object
) -> None:
    header = {"alg": algorithm, "kid": KEY.kid}

    assert refusal(authorizer, f"{part(header)}.{part(claims())}.") == UNAUTHORIZED


def test_the_public_key_is_not_accepted_as_an_hmac_secret(authorizer: CognitoAuthorizer) -> None:
    secret = OctKey.import_key(base64.urlsafe_b64encode(KEY.as_pem(private=False)).decode())
    header = {"alg": "HS256", "kid": KEY.kid}

    assert refusal(authorizer, jwt.encode(header, claims(), secret)) == UNAUTHORIZED


@pytest.mark.parametrize("algorithm", ["RS384", "RS512", "PS256"])
def test_only_the_algorithm_of_cognito_is_accepted(
    authorizer: CognitoAuthorizer, algorithm: str
) -> None:
    key = RSAKey.import_key({**KEY.as_dict(private=True), "alg": algorithm})
    header = {"alg": algorithm, "kid": KEY.kid}

    other = jwt.encode(header, claims(), key, algorithms=[algorithm])

    assert refusal(authorizer, other) == UNAUTHORIZED


def test_a_token_of_a_megabyte_is_refused(authorizer: CognitoAuthorizer) -> None:
    assert refusal(authorizer, f"Bearer {token(note='x' * 2**20)}") == UNAUTHORIZED
    assert refusal(authorizer, "Bearer " + "a" * 2**20) == UNAUTHORIZED
    assert refusal(authorizer, "Bearer " + "." * 2**20) == UNAUTHORIZED


GARBAGE = [
    "garbage",
    ".",
    "..",
    "....",
    "a.b.c",
    "e30.e30.e30",
    f"{part({'alg': 'RS256'})}..",
    f"{part([])}.{part({})}.AAAA",
    f"{part(7)}.{part({})}.AAAA",
    f"{part(None)}.{part({})}.AAAA",
    f"{part({'alg': 'RS256', 'kid': 7})}.{part({})}.AAAA",
    f"{part({'alg': 'RS256', 'kid': {}})}.{part({})}.AAAA",
    f"{part({'alg': 'RS256', 'kid': KEY.kid, 'crit': ['exp']})}.{part({})}.AAAA",
    f"{part({'alg': 'RS256', 'kid': KEY.kid, 'b64': False})}.{part({})}.AAAA",
    f"{part({'alg': 7, 'kid': KEY.kid})}.{part({})}.AAAA",
    f"{part({'alg': {}, 'kid': KEY.kid})}.{part({})}.AAAA",
    f"{part({'alg': 'RSA-OAEP', 'enc': 'A128GCM'})}.A.A.A.A",
    f"{part(b'[' * 5000)}.{part({})}.AAAA",
    f"{part(bytes([0xFF, 0xFE]))}.{part({})}.AAAA",
    "\x00.\x00.\x00",
    "é.ü.ñ",
    "💥.💥.💥",
    "\ud800.a.b",
    "A" * 5000,
]


@pytest.mark.parametrize("garbage", GARBAGE, ids=ascii)
def test_a_malformed_token_is_refused(authorizer: CognitoAuthorizer, garbage: str) -> None:
    assert refusal(authorizer, f"Bearer {garbage}") == UNAUTHORIZED


@pytest.mark.parametrize("payload", [b"[]", b"7", b"null", b"", b'"text"', b"{", b"\xff"])
def test_signed_claims_that_are_no_object_are_refused(
    authorizer: CognitoAuthorizer, payload: bytes
) -> None:
    signed = jws.serialize_compact({"alg": "RS256", "kid": KEY.kid}, payload, KEY)

    assert refusal(authorizer, signed) == UNAUTHORIZED


# -- the pool's keys -------------------------------------------------------------------------------


def test_keys_are_fetched_once_for_many_tokens(authorizer: CognitoAuthorizer, jwks: Jwks) -> None:
    subjects = {authorizer.claims(token())["sub"] for _ in range(5)}

    assert (subjects, len(jwks.asked)) == ({"a-user"}, 1)


def test_a_request_without_a_token_fetches_no_keys(
    authorizer: CognitoAuthorizer, jwks: Jwks
) -> None:
    assert (refusal(authorizer, ""), jwks.asked) == (UNAUTHORIZED, [])


def test_bad_tokens_do_not_fetch_the_keys_again(
    authorizer: CognitoAuthorizer, jwks: Jwks, clock: Clock
) -> None:
    authorizer.claims(token())
    clock.now += 10 * KEYS_AGE_S

    answers = {refusal(authorizer, bad) for bad in [*GARBAGE, token(STRANGER), token(aud="other")]}

    assert (answers, len(jwks.asked)) == ({UNAUTHORIZED}, 1)


def test_a_new_key_of_the_pool_is_fetched(
    authorizer: CognitoAuthorizer, jwks: Jwks, clock: Clock
) -> None:
    authorizer.claims(token())
    jwks.keys.append(LATER)
    clock.now += KEYS_AGE_S

    subject = authorizer.claims(token(LATER))["sub"]

    assert (subject, len(jwks.asked)) == ("a-user", 2)


def test_many_tokens_of_unknown_keys_fetch_the_keys_once(
    authorizer: CognitoAuthorizer, jwks: Jwks, clock: Clock
) -> None:
    authorizer.claims(token())
    clock.now += KEYS_AGE_S

    answers = {refusal(authorizer, token(LATER)) for _ in range(5)}

    assert (answers, len(jwks.asked)) == ({UNAUTHORIZED}, 2)
    assert authorizer.claims(token())["sub"] == "a-user"


def unreachable() -> httpx.Response:
    raise httpx.ConnectError("nobody listens")


def slow() -> httpx.Response:
    raise httpx.ReadTimeout("no answer")


@pytest.mark.parametrize(
    "says",
    [
        unreachable,
        slow,
        lambda: httpx.Response(404, json={"message": "no such pool"}),
        lambda: httpx.Response(500),
        lambda: httpx.Response(503, json={"keys": [KEY.as_dict(private=False)]}),
        lambda: httpx.Response(200, text="<html>"),
        lambda: httpx.Response(200, json={}),
        lambda: httpx.Response(200, json=[]),
        lambda: httpx.Response(200, json={"keys": [{"kty": "RSA"}]}),
    ],
    ids=["unreachable", "slow", "404", "500", "503", "HTML", "no keys", "a list", "half a key"],
)
def test_unavailable_pool_keys_are_a_temporary_server_error(
    authorizer: CognitoAuthorizer, jwks: Jwks, says: Callable[[], httpx.Response]
) -> None:
    jwks.says = says
    type_, message = refusal(authorizer, token())
    jwks.says = None

    assert (type_, POOL in message) == ("AUTHORIZER_FAILURE", True)
    assert authorizer.claims(token())["sub"] == "a-user"


def test_tokens_of_two_pools_are_accepted(jwks: Jwks) -> None:
    jwks.of_others.append(LATER)
    other = "us-east-1_Other5678"
    providers = [
        f"arn:aws:cognito-idp:us-east-1:123456789012:userpool/{other}",
        *SCHEME["x-amazon-apigateway-authorizer"]["providerARNs"],
    ]
    authorizer = CognitoAuthorizer(
        {
            "x-amazon-apigateway-authorizer": {
                **SCHEME["x-amazon-apigateway-authorizer"],
                "providerARNs": providers,
            }
        },
        COGNITO,
    )
    of_other = f"https://cognito-idp.us-east-1.amazonaws.com/{other}"

    assert authorizer.claims(token())["iss"] == ISSUER
    assert authorizer.claims(token(LATER, iss=of_other))["iss"] == of_other


# -- signatures ------------------------------------------------------------------------------------

HOST = "api.example:8080"
KEY_ID = "AKIDEXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
SECRETS = {KEY_ID: SECRET, "AKIDOTHER": "another"}


def signed(
    *,
    method: str = "GET",
    path: str = "/v1/operator/recordings",
    query: str = "limit=10&cursor=a%2Bb",
    body: bytes = b"",
    headers: dict[str, str] | None = None,
    region: str = REGION,
    service: str = "execute-api",
    secret: str = SECRET,
    age: timedelta = timedelta(),
) -> Request:
    """Return a request signed by an AWS SDK."""
    url = f"http://{HOST}{path}" + (f"?{query}" if query else "")
    prepared = AWSRequest(method, url, data=body, headers=headers or {})
    at = datetime.fromtimestamp(time.time(), UTC) - age
    with patch("botocore.auth.get_current_datetime", lambda: at):
        SigV4Auth(Credentials(KEY_ID, secret), service, region).add_auth(prepared)
    sent = {name.lower(): value for name, value in prepared.headers.items()}
    return Request(
        method=method,
        raw_path=path,
        raw_query=query,
        headers=(("host", HOST), *sent.items()),
        body=body,
    )


def check(request: Request) -> None:
    check_signature(request, REGION, SECRETS)


def refused(request: Request) -> str:
    """Return the type of the gateway's own answer."""
    with pytest.raises(GatewayError) as failure:
        check(request)
    return failure.value.response_type


def with_header(request: Request, name: str, value: str | None) -> Request:
    """Return the request with another value of a header; None removes it."""
    others = tuple(one for one in request.headers if one[0] != name)
    return replace(request, headers=others if value is None else (*others, (name, value)))


def with_authorization(old: str, new: str) -> Request:
    """Return a signed request with a changed Authorization header."""
    request = signed()
    header = request.header("authorization")
    assert old in header
    return with_header(request, "authorization", header.replace(old, new))


@pytest.mark.parametrize(
    "request_",
    [
        pytest.param(signed, id="a query"),
        pytest.param(lambda: signed(query=""), id="no query"),
        pytest.param(lambda: signed(query="b=2&a=1&b=1&c="), id="unsorted, twice, empty"),
        pytest.param(lambda: signed(query="q=a%20b%2Fc&%C3%A9=%F0%9F%92%A5"), id="encoded"),
        pytest.param(lambda: signed(path="/"), id="root"),
        pytest.param(lambda: signed(path="/v1/a%20b/%C3%A9/c"), id="encoded path"),
        pytest.param(lambda: signed(method="POST", body=b'{"a": 1}'), id="a body"),
        pytest.param(lambda: signed(method="PUT", body=bytes(range(256))), id="bytes"),
        pytest.param(
            lambda: signed(headers={"X-Amz-Note": "a  b ", "Accept": "*/*"}), id="headers"
        ),
        pytest.param(
            lambda: with_header(signed(), "x-unsigned", "new"), id="a header that is not signed"
        ),
        pytest.param(lambda: signed(age=timedelta(minutes=4, seconds=50)), id="not quite too old"),
        pytest.param(
            lambda: signed(age=-timedelta(minutes=4, seconds=50)), id="not quite too early"
        ),
    ],
)
def test_a_request_signed_by_an_sdk_passes(request_: Callable[[], Request]) -> None:
    check(request_())


ALTERED: dict[str, Callable[[Request], Request]] = {
    "method": lambda one: replace(one, method="DELETE"),
    "path": lambda one: replace(one, raw_path="/v1/operator/recording"),
    "path's case": lambda one: replace(one, raw_path="/V1/operator/recordings"),
    "query": lambda one: replace(one, raw_query="limit=100&cursor=a%2Bb"),
    "query's name": lambda one: replace(one, raw_query="limits=10&cursor=a%2Bb"),
    "more query": lambda one: replace(one, raw_query=f"{one.raw_query}&x=1"),
    "no query": lambda one: replace(one, raw_query=""),
    "body": lambda one: replace(one, body=b"x"),
    "signed header": lambda one: with_header(one, "x-amz-note", "other"),
    "no signed header": lambda one: with_header(one, "x-amz-note", None),
    "host": lambda one: with_header(one, "host", "other.example"),
    "seconds": lambda one: with_header(
        one,
        "x-amz-date",
        one.header("x-amz-date")[:-3]
        + ("00Z" if one.header("x-amz-date")[-3:] != "00Z" else "01Z"),
    ),
}


@pytest.mark.parametrize("altered", ALTERED)
def test_a_request_altered_after_signing_is_refused(altered: str) -> None:
    request = signed(headers={"X-Amz-Note": "mine"})
    check(request)

    assert refused(ALTERED[altered](request)) == "INVALID_SIGNATURE"


@pytest.mark.parametrize("hash_", ["signed", "UNSIGNED-PAYLOAD"])
def test_the_hash_of_the_body_is_computed_and_not_taken_from_a_header(hash_: str) -> None:
    value = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"  # of nothing
    named = {"X-Amz-Content-SHA256": value if hash_ == "signed" else hash_}

    request = signed(method="POST", headers=named)

    assert refused(replace(request, body=b"other")) == "INVALID_SIGNATURE"


def test_a_request_may_have_a_content_hash_header() -> None:
    value = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    check(signed(headers={"X-Amz-Content-SHA256": value}))


@pytest.mark.parametrize(
    ("request_", "type_"),
    [
        pytest.param(lambda: signed(secret="another"), "INVALID_SIGNATURE", id="wrong secret"),
        pytest.param(
            lambda: with_authorization(KEY_ID, "AKIDOTHER"),
            "INVALID_SIGNATURE",
            id="key of another user",
        ),
        pytest.param(
            lambda: with_authorization(KEY_ID, "AKIDNOBODY"), "ACCESS_DENIED", id="unknown key"
        ),
        pytest.param(lambda: signed(region="us-east-1"), "INVALID_SIGNATURE", id="another Region"),
        pytest.param(lambda: signed(service="s3"), "INVALID_SIGNATURE", id="another service"),
        pytest.param(lambda: signed(age=timedelta(minutes=6)), "INVALID_SIGNATURE", id="too old"),
        pytest.param(lambda: signed(age=timedelta(days=365)), "INVALID_SIGNATURE", id="a year old"),
        pytest.param(
            lambda: signed(age=-timedelta(minutes=6)), "INVALID_SIGNATURE", id="too early"
        ),
        pytest.param(
            lambda: with_header(signed(), "x-amz-date", None),
            "INVALID_SIGNATURE",
            id="no X-Amz-Date",
        ),
        pytest.param(
            lambda: with_header(signed(), "x-amz-date", "yesterday"),
            "INVALID_SIGNATURE",
            id="no date",
        ),
        pytest.param(
            lambda: with_header(signed(), "x-amz-date", f"{datetime.now(UTC):%Y%m%d}Tnoon"),
            "INVALID_SIGNATURE",
            id="no time of day",
        ),
        pytest.param(
            lambda: with_header(signed(), "authorization", None),
            "MISSING_AUTHENTICATION_TOKEN",
            id="no authorization",
        ),
        pytest.param(
            lambda: with_header(signed(), "authorization", "Bearer e30.e30.e30"),
            "MISSING_AUTHENTICATION_TOKEN",
            id="a token",
        ),
        pytest.param(
            lambda: with_authorization("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1"),
            "MISSING_AUTHENTICATION_TOKEN",
            id="another algorithm",
        ),
        pytest.param(
            lambda: with_authorization("SignedHeaders=host;", "SignedHeaders="),
            "INVALID_SIGNATURE",
            id="host is not signed",
        ),
        pytest.param(
            lambda: with_authorization("Signature=", "Signature=0"),
            "MISSING_AUTHENTICATION_TOKEN",
            id="65 digits",
        ),
    ],
)
def test_an_invalid_signature_is_refused(request_: Callable[[], Request], type_: str) -> None:
    assert refused(request_()) == type_


def test_the_scope_has_the_day_of_the_date_header() -> None:
    today, tomorrow = (f"{datetime.now(UTC) + timedelta(days=days):%Y%m%d}" for days in (0, 1))

    assert refused(with_authorization(f"/{today}/", f"/{tomorrow}/")) == "INVALID_SIGNATURE"


@pytest.mark.parametrize("month", [1, 7])
def test_the_time_zone_of_the_machine_is_ignored(
    monkeypatch: pytest.MonkeyPatch, month: int
) -> None:
    now = datetime(2026, month, 15, 12, tzinfo=UTC).timestamp()
    monkeypatch.setattr(time, "time", lambda: now)
    with monkeypatch.context() as berlin:
        berlin.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
        time.tzset()
        try:
            check(signed())
        finally:
            berlin.undo()
            time.tzset()


TEXT = st.text(st.characters(codec="latin-1"), max_size=40)
SCOPE = st.builds(
    "AWS4-HMAC-SHA256 Credential={}/{}/{}/{}/aws4_request, SignedHeaders={}, Signature={}".format,
    st.sampled_from([KEY_ID, "AKIDNOBODY"]),
    st.sampled_from(["00010101", "20260101", "99999999"]),
    st.sampled_from([REGION, "x"]),
    st.sampled_from(["execute-api", "s3"]),
    st.sampled_from(["host", "host;x-amz-date", ";host;", "host;host;authorization"]),
    st.just("0" * 64),
)


@settings(max_examples=300)
@given(
    authorization=TEXT | SCOPE,
    date=TEXT | st.sampled_from(["00010101T000000Z", "20260101T000000Z", "99999999T999999Z"]),
    host=TEXT | st.sampled_from(["[", "[::", "]:x", "a@b#c?d"]),
    path=TEXT.map("/{}".format),
    query=TEXT,
    body=st.binary(max_size=40),
)
def test_a_malformed_signature_is_refused_without_a_crash(
    authorization: str, date: str, host: str, path: str, query: str, body: bytes
) -> None:
    headers = (("host", host), ("authorization", authorization), ("x-amz-date", date))

    assert refused(
        Request(method="GET", raw_path=path, raw_query=query, headers=headers, body=body)
    ) in {"ACCESS_DENIED", "INVALID_SIGNATURE", "MISSING_AUTHENTICATION_TOKEN"}


@settings(max_examples=100)
@given(host=TEXT | st.sampled_from(["[", "[::", "]:x"]), path=TEXT.map("/{}".format), query=TEXT)
def test_a_malformed_request_with_a_fresh_date_is_refused(host: str, path: str, query: str) -> None:
    request = replace(signed(), raw_path=path, raw_query=query)

    assert refused(with_header(request, "host", host)) == "INVALID_SIGNATURE"
