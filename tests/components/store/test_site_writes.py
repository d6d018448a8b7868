"""SiteWrites: what a write key may touch, and what each refusal says."""

import json
from typing import Any

import pytest

from components.access.sites import MAX_KEYS, Site
from components.store.site_writes import SiteWrites, SiteWritesArgs
from tests.components.given import bucket, statements, table
from tests.contract import CONTRACT
from tests.engine import REGION, Engine, deploy
from tests.vtl import problem, rendered

KEY, NEXT, OLD = (f"wk_{letter * 24}" for letter in "abc")
SHOP = Site(id="shop", keys=(KEY, NEXT), retired_keys=(OLD,), origins=("https://shop.example",))
BUCKET = "arn:aws:s3:::recordings-1234567"


def deployed(*sites: Site) -> tuple[Engine, dict[str, Any]]:
    found: dict[str, Any] = {}

    def build() -> None:
        args = SiteWritesArgs(
            contract=CONTRACT,
            sites=sites,
            table=table(),
            bucket=bucket(),
            region=REGION,
            retention_seconds=60,
        )
        for name, integration in SiteWrites("site-writes", args).integrations.items():
            integration.apply(lambda known, name=name: found.__setitem__(name, known))

    return deploy(build), found


def keys_of(engine: Engine, role: str) -> list[str]:
    """Return the keys of the objects that a role may touch."""
    resources = statements(engine, role)[0]["Resource"]
    listed = [resources] if isinstance(resources, str) else resources
    return [one.split("/", 1)[1] for one in listed]


def test_the_keys_in_use_are_all_that_a_role_lets_through() -> None:
    engine, _ = deployed(SHOP, Site(id="blog", keys=(f"wk_{'d' * 24}",)))

    keys = (KEY, NEXT, f"wk_{'d' * 24}")
    assert keys_of(engine, "append-site-events") == [
        f"rrweb/recordings/siteKey={key}/sessionId=*/batch/?????????" for key in keys
    ]
    assets = [f"rrweb/assets/siteKey={key}/{'?' * 64}" for key in keys]
    assert keys_of(engine, "put-site-asset") == assets
    assert keys_of(engine, "head-site-asset") == assets


def test_without_a_site_nothing_can_be_written() -> None:
    engine, _ = deployed()

    assert keys_of(engine, "append-site-events") == ["rrweb/recordings/siteKey="]


def test_the_most_keys_fit_an_inline_policy() -> None:
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    sites = [Site(id=f"s{number}", keys=(f"wk_{number:024}",)) for number in range(MAX_KEYS)]

    engine, _ = deployed(*sites)

    longest_bucket = len("x" * 63) - len(BUCKET.rsplit(":", 1)[1])
    for role in ("append-site-events", "put-site-asset", "head-site-asset"):
        policy = json.dumps(statements(engine, role), separators=(",", ":"))
        assert len(policy) + MAX_KEYS * longest_bucket < 10_240 - 200


@pytest.mark.parametrize("operation", ["appendSiteEvents", "putSiteAsset"])
@pytest.mark.parametrize(
    ("key", "status", "title", "detail"),
    [
        ("wk_x", 403, "Forbidden", "The write key is unknown: take the script tag"),
        (OLD, 403, "Forbidden", "The write key is retired: take the script tag"),
        (NEXT, 400, "Bad Request", ""),
    ],
)
def test_what_s3_forbids_is_answered_with_what_is_wrong(
    operation: str, key: str, status: int, title: str, detail: str
) -> None:
    _, integrations = deployed(SHOP)
    rule = {
        "appendSiteEvents": "sequence must be nine digits, leading zeros included.",
        "putSiteAsset": "sha256 must be the SHA-256 of the bytes in lower-case hex.",
    }[operation]
    template = integrations[operation]["responses"]["403"]["responseTemplates"]["application/json"]

    answer = rendered(template, "<Error/>", path={"key": key})

    told = f"{detail} from the set-up page of the site again." if detail else rule
    assert (answer.status, answer.json) == (status, problem(status, title, told))


def test_a_batch_is_stored_as_bytes_once_and_an_asset_only_if_it_is_the_one_that_is_named() -> None:
    _, integrations = deployed(SHOP)

    append, asset = integrations["appendSiteEvents"], integrations["putSiteAsset"]
    assert append["requestParameters"] == {
        "integration.request.path.key": "method.request.path.key",
        "integration.request.path.recordingId": "method.request.path.recordingId",
        "integration.request.path.sequence": "method.request.path.sequence",
        "integration.request.header.If-None-Match": "'*'",
        "integration.request.header.Content-Type": "'application/octet-stream'",
    }
    checksum = "integration.request.header.x-amz-checksum-sha256"
    assert asset["requestParameters"][checksum] == "method.request.querystring.checksum"
    assert "text/plain" not in append["requestTemplates"] | asset["requestTemplates"]


@pytest.mark.parametrize("text", ['{"type":4}\n', "", "é😀", "#set($x = 1) $input.body"])
def test_text_that_the_gateway_took_for_text_is_stored_as_it_is(text: str) -> None:
    template = deployed(SHOP)[1]["appendSiteEvents"]["requestTemplates"]["text/plain;charset=UTF-8"]

    answer = rendered(template, text)

    assert (answer.text.removesuffix("\n"), answer.request["header"]) == (
        (text or "{}").removesuffix("\n"),
        {},
    )


@pytest.mark.parametrize("text", ["\x1f\ufffd\x08", "\ufffd", "a\x00b"])
def test_bytes_that_the_gateway_took_for_text_are_refused(text: str) -> None:
    template = deployed(SHOP)[1]["appendSiteEvents"]["requestTemplates"][
        "text/plain; charset=utf-8"
    ]

    answer = rendered(template, text)

    assert answer.text.strip() == ""
    assert answer.request["header"]["x-amz-storage-class"] == "REFUSED"
