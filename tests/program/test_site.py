"""The site: what it is told, and what its pages may call."""

import json
import re

from components.access.user_auth import command_line_callbacks
from tests.engine import REGION, Engine

CLIENT = "aws:cognito/userPoolClient:UserPoolClient"
OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2"
HOST = f"https://abcdef1234.execute-api.{REGION}.amazonaws.com"


def test_the_site_may_be_signed_in_from_and_out_to(engine: Engine) -> None:
    site = engine.exports["siteUrl"]
    client = engine.inputs(CLIENT, "users")

    assert site == "https://d1example.cloudfront.net"
    assert client["callbackUrls"] == [
        "http://localhost:8080/",
        f"{site}/signed-in",
        *command_line_callbacks(),
    ]
    assert client["logoutUrls"] == ["http://localhost:8080/", f"{site}/"]


def test_the_site_is_told_the_stack_s_own_values(engine: Engine) -> None:
    told = json.loads(engine.inputs(OBJECT, "site/config.json")["content"])

    assert told == {
        name: engine.exports[name]
        for name in (
            *("apiUrl", "issuerUrl", "userPoolId", "userPoolClientId"),
            *("signInUrl", "siteUrl", "region", "release"),
        )
    }


def test_a_page_calls_this_stack_s_api_and_sign_in_and_the_headers_allow_them(
    engine: Engine,
) -> None:
    html = engine.inputs(OBJECT, "site/index.html")["content"]
    headers = engine.inputs("aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy", "site")
    policy = headers["securityHeadersConfig"]["contentSecurityPolicy"]["contentSecurityPolicy"]

    in_page, in_headers = (
        str(re.findall(r"connect-src 'self' ([^\";]+)", text)[0]).split() for text in (html, policy)
    )
    assert in_page == [
        HOST,
        engine.exports["signInUrl"],
    ]
    allowed = "|".join(re.escape(one).replace(r"\*", "[a-z0-9-]+") for one in in_headers)
    assert [one for one in in_page if not re.fullmatch(allowed, one)] == []
