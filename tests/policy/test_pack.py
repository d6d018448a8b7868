"""The pack under the plugin protocol of Pulumi's engine."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import grpc
import pytest
import yaml
from google.protobuf import json_format
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc

from policy.data_rules import BUCKET
from policy.resource import Resource
from policy.rules import RULES, STACK_RULES
from sandbox.program import PROJECT
from tests.engine import deploy_program
from tests.policy.given import made_up, program

# The engine sends this for a text that is not known yet.
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
pb: Any = analyzer_pb2  # generated, and untyped
ANALYZER: Any = analyzer_pb2_grpc


@pytest.fixture(scope="module")
def pack() -> Iterator[Any]:
    """Return a client of the pack, which runs as a process of its own."""
    # As pulumi-analyzer-policy-python does: with the folder, from anywhere.
    command = [sys.executable, "-u", "-m", "pulumi.policy", "127.0.0.1:1", str(PROJECT / "policy")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd="/")
    assert process.stdout
    port = process.stdout.readline().strip()
    channel = grpc.insecure_channel(f"127.0.0.1:{port}")
    yield ANALYZER.AnalyzerStub(channel)
    channel.close()
    process.terminate()
    process.wait(timeout=20)


def properties(one: Resource) -> Any:
    return json_format.ParseDict(dict(one.props), pb.AnalyzeRequest().properties)


def analyze_request(one: Resource) -> Any:
    return pb.AnalyzeRequest(
        type=one.type,
        urn=one.urn,
        name=one.name,
        properties=properties(one),
        options=pb.AnalyzerResourceOptions(protect=one.protect),
    )


def refused(answer: Any) -> list[tuple[str, int]]:
    return [(one.policyName, one.enforcementLevel) for one in answer.diagnostics]


def alone(pack: Any, one: Resource) -> list[tuple[str, int]]:
    return refused(pack.Analyze(analyze_request(one), timeout=20))


def together(pack: Any, resources: list[Resource]) -> list[tuple[str, int]]:
    request = pb.AnalyzeStackRequest(
        resources=[
            pb.AnalyzerResource(
                type=one.type,
                urn=one.urn,
                name=one.name,
                properties=properties(one),
                options=pb.AnalyzerResourceOptions(protect=one.protect),
                dependencies=sorted(one.depends_on),
            )
            for one in resources
        ]
    )
    return refused(pack.AnalyzeStack(request, timeout=20))


def test_every_rule_is_mandatory(pack: Any) -> None:
    info = pack.GetAnalyzerInfo(pb.google_dot_protobuf_dot_empty__pb2.Empty(), timeout=20)

    assert info.name == "rrweb-store"
    assert {(one.name, one.enforcementLevel) for one in info.policies} == {
        (rule.name, pb.MANDATORY) for rule in (*RULES, *STACK_RULES)
    }


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_it_accepts_the_program(pack: Any, stack: str) -> None:
    resources = program(deploy_program(stack), stack)

    assert {one.name: alone(pack, one) for one in resources if alone(pack, one)} == {}
    assert together(pack, resources) == []


def test_it_refuses_a_bucket_in_prod_that_is_not_protected(pack: Any) -> None:
    bucket = made_up(BUCKET, stack="prod")

    assert alone(pack, bucket) == [("data-is-protected", pb.MANDATORY)]
    assert together(pack, [bucket]) == [("bucket-is-complete", pb.MANDATORY)] * 3


def test_the_engine_s_configuration_names_another_stack(pack: Any) -> None:
    config = json_format.ParseDict({"stacks": ["eu"]}, pb.PolicyConfig().properties)
    level = pb.MANDATORY
    try:
        pack.Configure(
            pb.ConfigureAnalyzerRequest(
                policyConfig={
                    "data-is-protected": pb.PolicyConfig(enforcementLevel=level, properties=config)
                }
            )
        )
        assert alone(pack, made_up(BUCKET, stack="eu")) == [("data-is-protected", pb.MANDATORY)]
        assert alone(pack, made_up(BUCKET, stack="prod")) == []
    finally:
        pack.Configure(pb.ConfigureAnalyzerRequest())


def test_a_value_that_a_preview_does_not_know_is_advisory(pack: Any) -> None:
    unknown = made_up("aws:iam/rolePolicy:RolePolicy", policy=UNKNOWN)

    assert alone(pack, unknown) == [("no-wildcard-permission", pb.ADVISORY)]


def test_its_project_file_uses_the_project_s_virtual_environment() -> None:
    described = yaml.safe_load((PROJECT / "policy" / "PulumiPolicy.yaml").read_text("utf-8"))

    assert described["runtime"]["options"] == {"toolchain": "pip", "virtualenv": "../.venv"}
    assert json.dumps(described["version"]) == '"1.0.0"'
