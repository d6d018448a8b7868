"""The plugin, as Pulumi's engine runs it: its schema, and stores that programs ask it for."""

from collections.abc import Iterator

import grpc
import pytest

from sandbox.program import PROJECT
from tests.components.whole.given import Plugin, golden_schema, running_plugin
from tests.engine import SUFFIX, WRITE_KEY


@pytest.fixture(scope="module")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plugin]:
    """Return the plugin, in the folder of a program that is not this one."""
    with running_plugin(tmp_path_factory.mktemp("foreign")) as running:
        yield running


def test_the_schema_is_the_one_that_sdks_were_generated_from(plugin: Plugin) -> None:
    # After a change that is meant: python -m tests.components.whole.given
    assert plugin.schema() == golden_schema()


def test_a_program_in_another_folder_gets_two_stores(plugin: Plugin) -> None:
    shop = plugin.construct(
        "shop",
        region="eu-west-1",
        siteFolder="tests/data/site",
        retentionDays=30,
        sites=[{"id": "shop", "keys": [WRITE_KEY], "retiredKeys": [], "privacy": "private"}],
    )
    blog = plugin.construct("blog", region="us-east-1", website=False)

    assert shop["bucketName"] == f"shop-recordings{SUFFIX}"
    assert shop["writeUrls"] == {"shop": f"{shop['apiUrl']}/w/{WRITE_KEY}"}
    assert ".us-east-1." in blog["signInUrl"]
    assert set(shop) - set(blog) == {"siteUrl", "siteDnsName"}
    assert plugin.monitor.twice == []
    lifecycle = (
        "rrweb-store:index:RrwebStore$rrweb:index:RecordingsBucket$"
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration::shop-recordings"
    )
    rules = plugin.monitor.registered[f"urn:pulumi:prod::foreign::{lifecycle}"]["rules"]
    assert [rule["expiration"]["days"] for rule in rules if "expiration" in rule] == [30, 30, 38]


@pytest.mark.parametrize(
    ("days", "said"),
    [(0, "retentionDays must be 1..3650, got 0"), (1.5, "retentionDays must be a whole number")],
)
def test_a_wrong_input_comes_back_by_its_name(plugin: Plugin, days: float, said: str) -> None:
    with pytest.raises(grpc.RpcError) as refusal:
        plugin.construct("shop", region="eu-west-1", website=False, retentionDays=days)

    assert f"shop: {said}" in str(refusal.value)


def test_without_a_built_site_it_says_how_to_build_one(plugin: Plugin) -> None:
    with pytest.raises(grpc.RpcError) as refusal:
        plugin.construct("shop", region="eu-west-1", siteFolder="tests/data/nowhere")

    said = f"there is no built site in {PROJECT}/tests/data/nowhere: build it by `make site`"
    assert said in str(refusal.value)
