"""Where each type of resource of the program is found when it was left behind."""

import importlib
from pathlib import Path

import pytest

from operations.stack_region import stack_region
from operations.stack_resources import INSIDE, LABELLED, ROLES, TAGGED, TAGGED_GLOBALLY
from sandbox.program import PROJECT, main_program, stack_config
from tests.bootstrap.test_calls import EVERYTHING
from tests.engine import WITH_SITE, deploy, deploy_program

FOUND = [TAGGED, TAGGED_GLOBALLY, ROLES, LABELLED, frozenset(INSIDE)]


def test_every_type_of_the_program_is_found_in_one_way() -> None:
    config = {**stack_config("dev"), **WITH_SITE, **EVERYTHING}
    every = (*deploy(main_program(), config).resources, *deploy_program("prod").resources)
    types = {one.type for one in every if one.custom and not one.type.startswith("pulumi:")}

    assert sorted(type_ for way in FOUND for type_ in way) == sorted(types)


def test_what_goes_with_another_goes_with_what_is_found() -> None:
    found = {type_ for way in FOUND for type_ in way}

    assert set(INSIDE.values()) <= found
    assert [type_ for type_, holder in INSIDE.items() if holder == type_] == []


def takes_tags(type_: str) -> bool:
    """Return whether Pulumi's provider knows tags of a resource type."""
    module, _, name = type_.removeprefix("aws:").partition("/")
    package = importlib.import_module(f"pulumi_aws.{module.replace('lambda', 'lambda_')}")
    return hasattr(getattr(package, name.split(":")[1]), "tags_all")


@pytest.mark.parametrize("type_", sorted(TAGGED | TAGGED_GLOBALLY | ROLES))
def test_what_is_found_by_its_tags_takes_some(type_: str) -> None:
    assert takes_tags(type_)


# An object goes with its bucket; of a function nobody says that GetResources knows it.
WITH_TAGS_ALL_THE_SAME = {
    "aws:s3/bucketObjectv2:BucketObjectv2",
    "aws:cloudfront/function:Function",
}


def test_what_is_not_takes_none() -> None:
    assert {type_ for type_ in (*LABELLED, *INSIDE) if takes_tags(type_)} == WITH_TAGS_ALL_THE_SAME


def test_every_stack_writes_its_name_on_what_takes_no_tags() -> None:
    prod = deploy_program("prod")
    written = {
        "aws:cloudfront/originAccessControl:OriginAccessControl": ("site", "description"),
        "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": ("site", "comment"),
        "aws:cloudfront/function:Function": ("site", "comment"),
        "aws:cloudwatch/dashboard:Dashboard": ("watch", "dashboardName"),
    }

    texts = {type_: prod.inputs(type_, name)[key] for type_, (name, key) in written.items()}
    board = texts.pop("aws:cloudwatch/dashboard:Dashboard")
    assert board == "rrweb-store-prod-watch-board"
    assert {*texts, "aws:cloudwatch/dashboard:Dashboard"} == LABELLED
    assert set(texts.values()) == {"rrweb-store prod"}


@pytest.mark.parametrize(
    ("stack", "region"),
    [
        ("dev", "eu-west-1"),  # of Pulumi.yaml
        ("prod", "us-east-2"),
        ("pr-12", "eu-north-1"),
        ("pr-13", "ap-south-1"),
        ("none", "eu-west-1"),
    ],
)
def test_a_stack_is_looked_for_where_its_file_says_that_it_is(
    stack: str, region: str, tmp_path: Path
) -> None:
    (tmp_path / "Pulumi.yaml").write_text((PROJECT / "Pulumi.yaml").read_text("utf-8"))
    (tmp_path / "Pulumi.dev.yaml").write_text("config:\n  rrweb-store:protect: true\n")
    for name, own in (("prod", "us-east-2"), ("pr", "eu-north-1"), ("pr-13", "ap-south-1")):
        (tmp_path / f"Pulumi.{name}.yaml").write_text(f"config:\n  aws:region: {own}\n")

    assert stack_region(stack, tmp_path) == region
