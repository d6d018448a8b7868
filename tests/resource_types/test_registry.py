"""Every resource type of the program has one row, and the rows fit together."""

import importlib

import pytest

from resource_types.registry import RESOURCE_TYPES, UnknownResourceTypeError, resource_type
from tests.engine import deploy_program, program_types


def test_every_type_of_the_program_has_a_row() -> None:
    missing = sorted(program_types() - set(RESOURCE_TYPES))

    assert missing == [], "add a row for each to resource_types/services/"


def test_every_row_is_of_a_type_that_the_program_creates() -> None:
    assert sorted(set(RESOURCE_TYPES) - program_types()) == []


def test_a_type_without_a_row_is_an_error_that_names_it_and_its_file() -> None:
    with pytest.raises(UnknownResourceTypeError) as failure:
        resource_type("aws:ec2/vpc:Vpc")

    assert str(failure.value) == (
        "aws:ec2/vpc:Vpc has no row: add one to resource_types/services/ec2.py"
    )


# -- how a forgotten resource is found -------------------------------------------------------------


def found_by(*ways: str) -> set[str]:
    return {row.type for row in RESOURCE_TYPES.values() if row.found_by in ways}


def test_a_type_is_inside_of_another_with_a_row_exactly_if_its_container_takes_it_along() -> None:
    inside = {row.type: row.inside for row in RESOURCE_TYPES.values() if row.inside}

    assert set(inside) == found_by("container")
    assert set(inside.values()) <= set(RESOURCE_TYPES)
    assert [type_ for type_, container in inside.items() if type_ == container] == []


def takes_tags(type_: str) -> bool:
    """Return whether Pulumi's provider knows tags of a resource type."""
    module, _, name = type_.removeprefix("aws:").partition("/")
    package = importlib.import_module(f"pulumi_aws.{module.replace('lambda', 'lambda_')}")
    return hasattr(getattr(package, name.split(":")[1]), "tags_all")


@pytest.mark.parametrize("type_", sorted(found_by("tags", "tags in us-east-1", "tags of roles")))
def test_a_type_that_is_found_by_its_tags_takes_tags(type_: str) -> None:
    assert takes_tags(type_)


# An object is deleted with its bucket; no page says that GetResources knows CloudFront's functions.
WITH_TAGS_ALL_THE_SAME = {
    "aws:s3/bucketObjectv2:BucketObjectv2",
    "aws:cloudfront/function:Function",
}


def test_a_type_that_is_found_in_another_way_takes_no_tags() -> None:
    tagged = {type_ for type_ in found_by("label", "container") if takes_tags(type_)}

    assert tagged == WITH_TAGS_ALL_THE_SAME


def test_every_stack_writes_its_name_on_the_types_that_are_found_by_a_label() -> None:
    prod = deploy_program("prod")
    written = {
        "aws:cloudfront/originAccessControl:OriginAccessControl": ("site", "description"),
        "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": ("site", "comment"),
        "aws:cloudfront/function:Function": ("site", "comment"),
        "aws:cloudwatch/dashboard:Dashboard": ("watch", "dashboardName"),
    }

    texts = {type_: prod.inputs(type_, name)[key] for type_, (name, key) in written.items()}

    assert texts == {
        **dict.fromkeys(found_by("label"), "rrweb-store prod"),
        "aws:cloudwatch/dashboard:Dashboard": "rrweb-store-prod-watch-board",
    }
