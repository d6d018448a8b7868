"""The Region of a stack."""

from pathlib import Path

import pytest

from operations.stack_region import stack_region
from sandbox.program import PROJECT


@pytest.mark.parametrize(
    ("stack", "region"),
    [
        ("dev", "eu-west-1"),  # from Pulumi.yaml
        ("prod", "us-east-2"),
        ("pr-12", "eu-north-1"),
        ("pr-13", "ap-south-1"),
        ("none", "eu-west-1"),
    ],
)
def test_a_stack_s_region_is_the_one_in_its_file(stack: str, region: str, tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text((PROJECT / "Pulumi.yaml").read_text("utf-8"))
    (tmp_path / "Pulumi.dev.yaml").write_text("config:\n  rrweb-store:protect: true\n")
    for name, own in (("prod", "us-east-2"), ("pr", "eu-north-1"), ("pr-13", "ap-south-1")):
        (tmp_path / f"Pulumi.{name}.yaml").write_text(f"config:\n  aws:region: {own}\n")

    assert stack_region(stack, tmp_path) == region
