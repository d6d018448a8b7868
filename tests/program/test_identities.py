"""What cannot be made again keeps its URN: Pulumi replaces a resource that has another."""

from tests.engine import Engine, deploy_program

STACK = "pulumi:pulumi:Stack"
# What holds data, users or addresses that others know, as every release since sites has named it.
KEPT = {
    "rrweb:index:RecordingsBucket$aws:s3/bucket:Bucket::recordings",
    "rrweb:index:RecordingsTable$aws:dynamodb/table:Table::recordings-by-owner",
    "rrweb:index:EventPipeline$aws:kinesis/stream:Stream::events",
    "rrweb:index:EventPipeline$aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream::events",
    "rrweb:index:UserAuth$aws:cognito/userPool:UserPool::users",
    "rrweb:index:UserAuth$aws:cognito/userPoolClient:UserPoolClient::users",
    "rrweb:index:UserAuth$aws:cognito/userPoolDomain:UserPoolDomain::users",
    "rrweb:index:SiteGroups$aws:cognito/userGroup:UserGroup::site-shop",
    "rrweb:index:SiteGroups$aws:cognito/userGroup:UserGroup::site-shop-admin",
    "rrweb:index:RestApi$aws:apigateway/restApi:RestApi::api",
    "rrweb:index:RestApi$aws:apigateway/stage:Stage::api",
    "rrweb:index:Website$aws:cloudfront/distribution:Distribution::site",
    "rrweb:index:Website$aws:s3/bucket:Bucket::site",
    "rrweb:index:Erasure$aws:sfn/stateMachine:StateMachine::erasure",
    "rrweb:index:PythonFunction$aws:lambda/function:Function::read-events",
    "rrweb:index:PythonFunction$aws:cloudwatch/logGroup:LogGroup::read-events",
}


def urns(engine: Engine) -> set[str]:
    """Return the types of each resource and its parents, and its name."""
    parents = {(one.type, one.name): one.parent for one in engine.resources}

    def types(key: tuple[str, str]) -> str:
        parent = parents[key]
        return key[0] if parent[0] in (STACK, "") else f"{types(parent)}${key[0]}"

    return {f"{types(key)}::{key[1]}" for key in parents}


def test_no_resource_that_holds_something_gets_another_urn() -> None:
    assert KEPT - urns(deploy_program("prod")) == set()
