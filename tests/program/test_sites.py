"""The program with two sites of near names: what exists for each, and what each role may do."""

import json
from functools import cache

import pytest

from components.access.sites import MAX_KEYS
from components.release.own_settings import SettingError
from sandbox.program import main_program, stack_config
from tests.engine import ACCOUNT, REGION, SUFFIX, WITH_SITE, Engine, deploy
from tests.program.given import Statement, body_of, integrations, listed, policies, statements_of

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
MAX_INLINE_POLICY_CHARACTERS = 10_240
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
MAX_ENVIRONMENT_BYTES = 4096

KEY, NEXT, OLD, OTHER = (f"wk_{letter * 24}" for letter in "abcd")
SITES: list[dict[str, object]] = [
    {"id": "shop", "keys": [KEY, NEXT], "retiredKeys": [OLD], "origins": ["https://shop.example"]},
    {"id": "shop2", "keys": [OTHER]},
]
BUCKET = f"arn:aws:s3:::recordings{SUFFIX}"
TABLE = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/recordings-by-owner{SUFFIX}"
OF_VISITORS = "/w/{key}/"
BATCHES = [f"recordings/siteKey={key}/sessionId=*/batch/{'?' * 9}" for key in (KEY, NEXT, OTHER)]
ASSETS = [f"assets/siteKey={key}/{'?' * 64}" for key in (KEY, NEXT, OTHER)]


@cache
def engine_with(sites: str) -> Engine:
    return deploy(main_program(), {**stack_config("dev"), **WITH_SITE, "rrweb-store:sites": sites})


def with_sites(sites: list[dict[str, object]]) -> Engine:
    """Return what the program registers with these sites; it runs once, so change nothing."""
    return engine_with(json.dumps(sites))


def role_of(engine: Engine, route: str) -> str:
    """Return the logical name of the role that an operation's integration assumes."""
    arn: str = integrations(body_of(engine))[route]["credentials"]
    return arn.rpartition("/")[2].removesuffix(SUFFIX)


def granted(engine: Engine, route: str) -> list[Statement]:
    """Return the statements of an operation's role but for the one by which S3 says 404."""
    statements = statements_of(policies(engine)[f"role {role_of(engine, route)}"])
    return [one for one in statements if one["Action"] != "s3:ListBucket"]


ACTIONS: dict[str, tuple[str, str | list[str]]] = {
    "POST /w/{key}/recordings/{recordingId}": ("dynamodb:PutItem", TABLE),
    "POST /w/{key}/recordings/{recordingId}/facts": ("dynamodb:UpdateItem", TABLE),
    "POST /w/{key}/recordings/{recordingId}/events/{sequence}": (
        "s3:PutObject",
        [f"{BUCKET}/rrweb/{one}" for one in BATCHES],
    ),
    "HEAD /w/{key}/assets/{sha256}": ("s3:GetObject", [f"{BUCKET}/rrweb/{one}" for one in ASSETS]),
    "POST /w/{key}/assets/{sha256}": ("s3:PutObject", [f"{BUCKET}/rrweb/{one}" for one in ASSETS]),
    "GET /sites/{siteId}/recordings": (
        "dynamodb:Query",
        [f"{TABLE}/index/{name}" for name in ("newestFirst", "byVisitor", "troubled")],
    ),
    "GET /sites/{siteId}/recordings/{recordingId}": ("dynamodb:GetItem", TABLE),
}


@pytest.mark.parametrize(("route", "grant"), ACTIONS.items())
def test_the_role_of_an_operation_may_do_one_action_on_its_own(
    route: str, grant: tuple[str, str | list[str]]
) -> None:
    action, resource = grant

    statements = granted(with_sites(SITES), route)
    assert [(one["Effect"], one["Action"]) for one in statements] == [
        ("Allow", action) for _ in statements
    ]
    assert [arn for one in statements for arn in listed(one["Resource"])] == listed(resource)


def test_the_operations_of_visitors_are_all_that_need_no_token_but_health_and_preflights() -> None:
    operations = {
        f"{verb.upper()} {path}": operation.get("security")
        for path, item in body_of(with_sites(SITES))["paths"].items()
        for verb, operation in item.items()
        if verb in {"get", "head", "put", "post", "delete", "patch"}
    }

    open_to_all = {route for route, security in operations.items() if not security}
    of_visitors = {route for route in operations if OF_VISITORS in route}
    assert open_to_all == {"GET /health", *of_visitors}
    assert of_visitors == {route for route in ACTIONS if OF_VISITORS in route}


def test_no_two_operations_of_sites_share_a_role() -> None:
    engine = with_sites(SITES)

    roles = [role_of(engine, route) for route in ACTIONS]

    assert len(set(roles)) == len(ACTIONS)


def test_each_site_has_two_groups_in_the_pool_of_the_users() -> None:
    groups = with_sites(SITES).of_type("aws:cognito/userGroup:UserGroup")

    assert {(one["name"], one["userPoolId"]) for one in groups.values()} == {
        (name, f"{REGION}_Users")
        for name in ("site-shop", "site-shop-admin", "site-shop2", "site-shop2-admin")
    }


def test_the_exports_have_the_address_with_the_first_key_and_the_group() -> None:
    exports = with_sites(SITES).exports

    assert exports["sites"] == {
        "shop": {"writeUrl": f"{exports['apiUrl']}/w/{KEY}", "group": "site-shop"},
        "shop2": {"writeUrl": f"{exports['apiUrl']}/w/{OTHER}", "group": "site-shop2"},
    }


def test_a_retired_key_is_in_no_role_and_is_known_to_the_function_that_reads() -> None:
    engine = with_sites(SITES)

    assert [where for where, policy in policies(engine).items() if OLD in policy] == []
    function = engine.inputs("aws:lambda/function:Function", "read-events")
    keys = function["environment"]["variables"]["SITE_KEYS"]
    assert keys == f"shop={KEY},{NEXT},{OLD};shop2={OTHER}"


def test_a_browser_may_send_bytes_without_a_preflight() -> None:
    """It sends none for `text/plain`, which a template would otherwise get as altered text."""
    assert "text/plain" in body_of(with_sites(SITES))["x-amazon-apigateway-binary-media-types"]


def test_without_a_site_there_is_no_group_and_no_key_that_a_role_lets_through() -> None:
    engine = with_sites([])

    assert engine.of_type("aws:cognito/userGroup:UserGroup") == {}
    assert engine.exports["sites"] == {}
    resources = {
        one
        for route in ACTIONS
        for statement in granted(engine, route)
        for one in listed(statement["Resource"])
        if one.startswith(BUCKET)
    }
    assert resources == {
        f"{BUCKET}/rrweb/recordings/siteKey=",
        f"{BUCKET}/rrweb/assets/siteKey=",
    }


def test_as_many_keys_as_may_be_fit_into_each_policy_and_the_environment() -> None:
    keys = [f"wk_{number:024d}" for number in range(MAX_KEYS)]
    # The longest ids there are.
    sites: list[dict[str, object]] = [
        {"id": f"{'x' * 29}{number:02d}", "keys": keys[2 * number : 2 * number + 2]}
        for number in range(MAX_KEYS // 2)
    ]
    engine = with_sites(sites)

    sizes = {where: len(policy) for where, policy in policies(engine).items()}
    assert max(sizes.values()) <= MAX_INLINE_POLICY_CHARACTERS
    function = engine.inputs("aws:lambda/function:Function", "read-events")
    variables: dict[str, str] = function["environment"]["variables"]
    size = sum(len(name) + len(value) for name, value in variables.items())
    assert size <= MAX_ENVIRONMENT_BYTES


WRONG = {
    "an id in capitals": ([{"id": "Shop", "keys": [KEY]}], "got 'Shop'"),
    "an origin with a path": (
        [{"id": "shop", "keys": [KEY], "origins": ["https://shop.example/"]}],
        "write https://shop.example, got",
    ),
    "a key twice": ([{"id": "a", "keys": [KEY]}, {"id": "b", "keys": [KEY]}], f"got '{KEY}' 2"),
    "a third key": ([{"id": "shop", "keys": [KEY, NEXT, OLD]}], "move the old one to retiredKeys"),
    "an id twice": ([{"id": "shop", "keys": [KEY]}, {"id": "shop", "keys": [NEXT]}], "got 'shop'"),
}


@pytest.mark.parametrize(("sites", "said"), WRONG.values(), ids=WRONG)
def test_sites_that_cannot_be_are_refused_with_the_value(
    sites: list[dict[str, object]], said: str
) -> None:
    with pytest.raises(SettingError, match=r"^sites: ") as refused:
        with_sites(sites)

    assert said in str(refused.value)
