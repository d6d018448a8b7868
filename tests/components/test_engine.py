"""The tests' own engine: a fault anywhere in a program must reach the test."""

import pulumi
import pytest
from pulumi_aws import s3

from tests.engine import SUFFIX, deploy


class ProgramError(Exception):
    """What a program raises here."""


def fail(_: object) -> str:
    raise ProgramError


def test_it_gives_back_what_was_asked_for_and_exported() -> None:
    engine = deploy(lambda: pulumi.export("name", s3.Bucket("box", force_destroy=True).bucket))

    assert engine.of_type("aws:s3/bucket:Bucket") == {"box": {"forceDestroy": True}}
    assert engine.exports == {"name": f"box{SUFFIX}"}


def test_it_waits_for_resources_that_are_made_of_outputs() -> None:
    def build() -> None:
        s3.BucketPolicy("late", bucket=s3.Bucket("box").id, policy="{}")

    engine = deploy(build)

    assert engine.inputs("aws:s3/bucketPolicy:BucketPolicy", "late") == {
        "bucket": f"box{SUFFIX}",
        "policy": "{}",
    }


def test_it_knows_what_depends_on_what_and_what_is_protected() -> None:
    def build() -> None:
        first = s3.Bucket("first", opts=pulumi.ResourceOptions(protect=True))
        s3.Bucket("second", opts=pulumi.ResourceOptions(depends_on=[first]))

    engine = deploy(build)

    second = engine.resource("aws:s3/bucket:Bucket", "second")
    assert second.depends_on == {("aws:s3/bucket:Bucket", "first")}
    assert [one.name for one in engine.resources if one.protect] == ["first"]


def test_an_error_in_the_program_reaches_the_test() -> None:
    with pytest.raises(ProgramError):
        deploy(lambda: fail(None))


def test_an_error_in_an_apply_that_nobody_uses_reaches_the_test() -> None:
    with pytest.raises(ProgramError):
        deploy(lambda: s3.Bucket("box").arn.apply(fail))


def test_an_error_in_the_inputs_of_a_resource_reaches_the_test() -> None:
    def build() -> None:
        box = s3.Bucket("box")
        s3.BucketPolicy("late", bucket=box.id, policy=box.arn.apply(fail))

    with pytest.raises(ProgramError):
        deploy(build)


def test_a_resource_that_is_not_there_is_an_error_that_lists_those_that_are() -> None:
    engine = deploy(lambda: s3.Bucket("box"))

    with pytest.raises(LookupError, match=r"0 resources .* named 'bag'; .* there are: box"):
        engine.inputs("aws:s3/bucket:Bucket", "bag")
