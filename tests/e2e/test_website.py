"""The site as a browser gets it: headers, caching, pages, what is missing, and signing in to it."""

import gzip
import json
import re
from collections.abc import Iterator

import httpx
import pytest

from sandbox.server import Sandbox
from sandbox.users import PASSWORD, ready_user
from sandbox.website.distribution import Distribution
from tests.e2e.sign_in import SignIn
from tests.e2e.stack import Stack

pytestmark = pytest.mark.e2e
sandbox_only = pytest.mark.sandbox_only

SCRIPT = re.compile(r'<script[^>]* src="(/assets/[^"]+)"')
UNHASHED = ("/", "/index.html", "/config.json", "/recordings/abc")


@pytest.fixture(scope="module")
def site(stack: Stack) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=stack.exports["siteUrl"], timeout=20) as client:
        yield client


@pytest.fixture(scope="module")
def script(site: httpx.Client) -> str:
    """Return the path of the script that the site's page loads."""
    return SCRIPT.findall(site.get("/").text)[0]


# -- pages and files -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["/", "/recordings", "/recordings/a-b_c", "/sites/a/recordings/b", "/signed-in?code=x.y"],
)
def test_every_page_is_the_index(site: httpx.Client, path: str) -> None:
    index = site.get("/index.html")

    answer = site.get(path)

    assert (answer.status_code, answer.content) == (200, index.content)
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("path", ["/assets/x.js", "/x.txt", "/a/b/c.css", "/relay.htm", "/..%2f.x"])
def test_a_missing_file_is_missing(site: httpx.Client, path: str) -> None:
    answer = site.get(path)

    assert answer.status_code == 404
    assert "<html" not in answer.text


def test_the_script_of_the_page_is_there(site: httpx.Client, script: str) -> None:
    answer = site.get(script)

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"


def test_config_json_holds_the_stack_s_own_values(site: httpx.Client, stack: Stack) -> None:
    answer = site.get("/config.json")

    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json() == {
        name: stack.exports[name]
        for name in (
            *("apiUrl", "issuerUrl", "userPoolId", "userPoolClientId"),
            *("signInUrl", "siteUrl", "region", "release"),
        )
    }


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_nothing_can_be_sent_to_it(site: httpx.Client, method: str) -> None:
    assert site.request(method, "/index.html").status_code == 403


@pytest.mark.parametrize("query", ["?list-type=2", "?acl", "?location"])
def test_no_query_reaches_the_bucket(site: httpx.Client, query: str) -> None:
    assert site.get(f"/{query}").content == site.get("/").content


# -- headers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/config.json", "/assets/missing.js"])
def test_every_answer_is_guarded(site: httpx.Client, path: str) -> None:
    headers = site.get(path).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Strict-Transport-Security"] == "max-age=63072000"
    assert "camera=()" in headers["Permissions-Policy"]
    policy = dict(one.split(" ", 1) for one in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"


def test_a_page_may_call_the_stack_s_api_and_sign_in_and_no_other(
    site: httpx.Client, stack: Stack
) -> None:
    (sources,) = re.findall(r"content=\"connect-src 'self' ([^\"]+)\"", site.get("/").text)

    assert sources.split() == [
        "/".join(stack.exports[name].split("/")[:3]) for name in ("apiUrl", "signInUrl")
    ]


def test_the_page_for_other_hosts_has_a_wider_policy_without_scripts_and_credentials(
    site: httpx.Client,
) -> None:
    headers = site.get("/other-hosts.html").headers
    policy = dict(one.split(" ", 1) for one in headers["Content-Security-Policy"].split("; "))

    assert policy["default-src"] == "'none'"
    assert policy["img-src"] == policy["font-src"] == "data: blob: http: https:"
    assert {"script-src", "connect-src"} & policy.keys() == set()
    assert policy["frame-ancestors"] == "'self'"
    assert headers["Cross-Origin-Embedder-Policy"] == "credentialless"
    assert headers["Referrer-Policy"] == "no-referrer"


def test_a_page_that_opens_a_popup_keeps_hold_of_it(site: httpx.Client) -> None:
    assert "Cross-Origin-Opener-Policy" not in site.get("/relay.html").headers


@sandbox_only
def test_the_headers_let_a_page_reach_the_sandbox(site: httpx.Client, stack: Stack) -> None:
    policy = site.get("/").headers["Content-Security-Policy"]

    assert f"connect-src 'self' {stack.api_url.removesuffix('/v1')} " in policy
    assert stack.exports["signInUrl"] in policy


# -- caching ---------------------------------------------------------------------------------------


def test_a_hashed_file_is_kept_for_ever(site: httpx.Client, script: str) -> None:
    headers = site.get(script).headers

    assert headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("path", UNHASHED)
def test_a_file_that_may_change_is_asked_for_each_time(site: httpx.Client, path: str) -> None:
    assert site.get(path).headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_a_file_that_a_browser_has_is_not_sent_again(
    site: httpx.Client, script: str, encoding: str
) -> None:
    asks = {"Accept-Encoding": encoding}
    tag = site.get(script, headers=asks).headers["ETag"]

    again = site.get(script, headers={**asks, "If-None-Match": tag})
    other = site.get(script, headers={**asks, "If-None-Match": '"another"'})

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == tag
    assert other.status_code == 200


def test_head_says_what_get_would(site: httpx.Client, script: str) -> None:
    asks = {"Accept-Encoding": "identity"}
    got, head = site.get(script, headers=asks), site.head(script, headers=asks)

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Length"] == str(len(got.content))
    assert head.headers["ETag"] == got.headers["ETag"]


def raw(site: httpx.Client, path: str, encoding: str) -> tuple[str | None, bytes]:
    """Return the encoding of an answer, and its bytes as they were sent."""
    with site.stream("GET", path, headers={"Accept-Encoding": encoding}) as answer:
        return answer.headers.get("Content-Encoding"), b"".join(answer.iter_raw())


def test_a_script_is_compressed_for_a_client_that_accepts_it(
    site: httpx.Client, script: str
) -> None:
    plain = raw(site, script, "identity")

    encoding, body = raw(site, script, "gzip")

    assert plain[0] is None
    assert (encoding, gzip.decompress(body)) == ("gzip", plain[1])
    assert len(body) < len(plain[1])


@sandbox_only
def test_an_answer_under_a_thousand_bytes_is_not_compressed(site: httpx.Client) -> None:
    assert raw(site, "/icon.svg", "gzip")[0] is None


@sandbox_only
@pytest.mark.parametrize("asked", ["gzip;q=0", "br", ""])
def test_a_client_that_does_not_accept_gzip_gets_none(
    site: httpx.Client, script: str, asked: str
) -> None:
    assert raw(site, script, asked)[0] is None


# -- who may read the bucket -----------------------------------------------------------------------


def served_with(sandbox: Sandbox, old: str, new: str) -> int:
    """Return what the index's status would be with a resource that differs."""
    website = json.loads(json.dumps(sandbox.deployed.website).replace(old, new))
    distribution = Distribution(website, sandbox.cloud.client("s3"))
    try:
        return distribution.answer("GET", "/", {}).status
    finally:
        distribution.stop()


@sandbox_only
@pytest.mark.parametrize(
    ("old", "new", "status"),
    [
        ("", "", 200),
        ('\\"Action\\": \\"s3:GetObject\\"', '\\"Action\\": \\"s3:GetObjectAcl\\"', 403),
        ('\\"AWS:SourceArn\\": \\"arn', '\\"AWS:SourceArn\\": \\"another', 403),
        ('"signingBehavior": "always"', '"signingBehavior": "never"', 403),
        ("request.uri = ", "nothing.at.all = ", 503),
    ],
)
def test_the_distribution_reads_only_by_its_own_resources(
    sandbox: Sandbox, old: str, new: str, status: int
) -> None:
    assert served_with(sandbox, old, new) == status


# -- signing in ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def email(sandbox: Sandbox) -> str:
    return ready_user(sandbox.cloud.client("cognito-idp"), sandbox.exports["userPoolId"])


@sandbox_only
def test_a_sign_in_ends_with_a_token_that_the_api_takes(sandbox: Sandbox, email: str) -> None:
    attempt = SignIn(sandbox.exports)

    tokens = attempt.exchange(attempt.code(email, PASSWORD))

    assert tokens.headers["Access-Control-Allow-Origin"] in {"*", sandbox.site_url}
    id_token = tokens.json()["id_token"]
    answer = httpx.get(
        f"{sandbox.api_url}/recordings", headers={"Authorization": f"Bearer {id_token}"}
    )
    assert (answer.status_code, answer.json()) == (200, {"recordings": [], "lookedThrough": 0})


@sandbox_only
def test_a_session_can_be_prolonged(sandbox: Sandbox, email: str) -> None:
    attempt = SignIn(sandbox.exports)
    first = attempt.exchange(attempt.code(email, PASSWORD)).json()

    again = attempt.exchange(
        "", grant_type="refresh_token", refresh_token=first["refresh_token"]
    ).json()

    assert again["id_token"].count(".") == 2


@sandbox_only
def test_a_wrong_password_gives_no_code(sandbox: Sandbox, email: str) -> None:
    answer = SignIn(sandbox.exports).submit(email, "not-the-password")

    assert "Location" not in answer.headers
    assert "Incorrect username or password" in answer.text


@sandbox_only
@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/signed-in", "{site}/signed-in/", "{site}/", "{site}.evil.example/"],
)
def test_a_code_is_sent_to_no_other_url(sandbox: Sandbox, elsewhere: str) -> None:
    uri = elsewhere.format(site=sandbox.site_url)

    answer = SignIn(sandbox.exports, redirect_uri=uri).authorize()

    assert answer.status_code == 400
    assert "Location" not in answer.headers


@sandbox_only
def test_only_the_stack_s_client_may_ask(sandbox: Sandbox) -> None:
    assert SignIn(sandbox.exports).authorize(client_id="another").status_code == 400


@sandbox_only
def test_only_a_challenge_that_hides_the_verifier_is_taken(sandbox: Sandbox) -> None:
    answer = SignIn(sandbox.exports).authorize(code_challenge_method="plain")

    assert "error=invalid_request" in answer.headers["Location"]


@sandbox_only
@pytest.mark.parametrize("verifier", ["", "another-verifier-that-is-long-enough-to-be-one-000000"])
def test_a_code_is_worth_nothing_without_its_verifier(
    sandbox: Sandbox, email: str, verifier: str
) -> None:
    attempt = SignIn(sandbox.exports)
    code = attempt.code(email, PASSWORD)

    answer = attempt.exchange(code, code_verifier=verifier)

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


@sandbox_only
def test_a_code_is_good_once(sandbox: Sandbox, email: str) -> None:
    attempt = SignIn(sandbox.exports)
    code = attempt.code(email, PASSWORD)
    assert attempt.exchange(code).status_code == 200

    again = attempt.exchange(code)

    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


@sandbox_only
def test_signing_out_leads_back_to_the_site_and_nowhere_else(sandbox: Sandbox) -> None:
    attempt = SignIn(sandbox.exports)

    home = attempt.sign_out(f"{sandbox.site_url}/")
    elsewhere = attempt.sign_out("https://evil.example/")

    assert (home.status_code, home.headers["Location"]) == (302, f"{sandbox.site_url}/")
    assert elsewhere.status_code == 400
    assert "Location" not in elsewhere.headers
