"""RestApi."""

import json
from pathlib import Path

import pulumi
import pytest

from components.api import mapping_template as templates
from components.api.contract import Document
from components.api.finished_body import BodyArgs, digest, finished_body
from components.api.integration import Integration
from components.api.mapping_template import template_text
from components.api.operation_limit import OperationLimit
from components.api.rest_api import RestApi, RestApiArgs
from tests.engine import REGION, SUFFIX, Engine, arn, deploy

POOL_ARN = arn("cognito-idp", "userpool/eu-west-1_Users")
CONTRACT: Document = {
    "openapi": "3.0.1",
    "info": {"title": "t", "version": "1"},
    "paths": {
        "/boxes": {
            "get": {
                "operationId": "getBoxes",
                "responses": {"200": {"description": "All.", "content": {"image/png": {}}}},
            }
        }
    },
    "components": {"schemas": {}, "parameters": {}, "responses": {}},
}
INTEGRATION: Integration = {"type": "aws_proxy", "uri": "arn:boxes"}


def deployed(
    *,
    rate: int = 5,
    burst: int = 10,
    limits: dict[str, OperationLimit] | None = None,
    per_token: int = 0,
    per_address: int = 0,
    access_log: bool = False,
    integration: Integration = INTEGRATION,
) -> Engine:
    def build() -> None:
        args = RestApiArgs(
            contract=CONTRACT,
            integrations={"getBoxes": pulumi.Output.from_input(integration)},
            user_pool_arn=POOL_ARN,
            user_pool_client_id=pulumi.Output.from_input("client1"),
            stage_variables={"tableName": pulumi.Output.from_input("recordings-1")},
            throttle_rate=rate,
            throttle_burst=burst,
            operation_limits=limits or {},
            calls_per_minute_per_token=per_token,
            calls_per_minute_per_address=per_address,
            access_log=access_log,
            log_retention_days=7,
        )
        pulumi.export("url", RestApi("api", args).url)

    return deploy(build)


def body(integration: Integration = INTEGRATION) -> Document:
    return finished_body(
        CONTRACT,
        BodyArgs(
            integrations={"getBoxes": integration},
            user_pool_arn=POOL_ARN,
            user_pool_client_id="client1",
            stage_name="v1",
            allow_origin="*",
        ),
    )


def trigger(engine: Engine) -> str:
    return engine.inputs("aws:apigateway/deployment:Deployment", "api")["triggers"]["body"]


def test_the_api_is_the_finished_body_imported_whole() -> None:
    engine = deployed()

    inputs = engine.inputs("aws:apigateway/restApi:RestApi", "api")
    assert {**inputs, "body": json.loads(inputs["body"])} == {
        "body": body(),
        "endpointConfiguration": {"types": "REGIONAL"},
        "putRestApiMode": "overwrite",
        "binaryMediaTypes": ["image/png"],
        "minimumCompressionSize": "0",
        "failOnWarnings": True,
    }


def test_its_stage_knows_the_variables_of_the_templates_and_keeps_no_access_log_unasked() -> None:
    engine = deployed()

    assert engine.of_type("aws:apigateway/stage:Stage") == {
        "api": {
            "restApi": "abcdef1234",
            "deployment": f"api{SUFFIX}",
            "stageName": "v1",
            "variables": {"tableName": "recordings-1"},
        }
    }
    assert engine.of_type("aws:cloudwatch/logGroup:LogGroup") == {}


def test_every_route_is_throttled() -> None:
    engine = deployed(rate=7, burst=9)

    assert engine.of_type("aws:apigateway/methodSettings:MethodSettings") == {
        "api": {
            "restApi": "abcdef1234",
            "stageName": "v1",
            "methodPath": "*/*",
            "settings": {
                "throttlingRateLimit": 7,
                "throttlingBurstLimit": 9,
                "metricsEnabled": True,
            },
        }
    }


SETTINGS = "aws:apigateway/methodSettings:MethodSettings"


def test_an_operation_may_have_a_limit_of_its_own_set_after_the_stage_s() -> None:
    engine = deployed(limits={"getBoxes": OperationLimit(1, 2)})

    assert engine.inputs(SETTINGS, "api-getBoxes") == {
        "restApi": "abcdef1234",
        "stageName": "v1",
        "methodPath": "boxes/GET",
        "settings": {
            "throttlingRateLimit": 1,
            "throttlingBurstLimit": 2,
            "metricsEnabled": True,
        },
    }
    assert (SETTINGS, "api") in engine.resource(SETTINGS, "api-getBoxes").depends_on


def test_a_limit_of_no_operation_is_refused() -> None:
    with pytest.raises(ValueError, match=r"openapi.yaml does not: getBottles$"):
        deployed(limits={"getBottles": OperationLimit(1, 2)})


def test_callers_are_counted_only_when_asked() -> None:
    acl = "aws:wafv2/webAcl:WebAcl"

    assert deployed().of_type(acl) == {}
    assert len(deployed(per_address=20).inputs(acl, "api")["rules"]) == 1
    assert len(deployed(per_token=10, per_address=20).inputs(acl, "api")["rules"]) == 3


def test_the_access_log_holds_no_query_no_header_no_claim_and_no_path_that_a_client_chose() -> None:
    engine = deployed(access_log=True)

    settings = engine.inputs("aws:apigateway/stage:Stage", "api")["accessLogSettings"]
    assert settings["destinationArn"] == arn("logs", f"log-group:api-access-log{SUFFIX}")
    assert json.loads(settings["format"]) == {
        "requestId": "$context.extendedRequestId",
        "requestTimeEpoch": "$context.requestTimeEpoch",
        "method": "$context.httpMethod",
        "resourcePath": "$context.resourcePath",
        "status": "$context.status",
        "responseLength": "$context.responseLength",
        "responseLatency": "$context.responseLatency",
        "integrationStatus": "$context.integration.status",
        "integrationLatency": "$context.integration.latency",
        "error": "$context.error.responseType",
    }
    assert engine.of_type("aws:cloudwatch/logGroup:LogGroup") == {
        "api-access-log": {"retentionInDays": 7}
    }


def test_the_url_has_no_slash_at_its_end() -> None:
    engine = deployed()

    assert engine.exports == {"url": f"https://abcdef1234.execute-api.{REGION}.amazonaws.com/v1"}


def test_the_stage_gets_a_deployment_when_an_integration_changes_and_only_then() -> None:
    changed: Integration = {"type": "aws_proxy", "uri": "arn:others"}

    assert trigger(deployed(rate=1)) == trigger(deployed(rate=2)) == digest(body())
    assert trigger(deployed(integration=changed)) == digest(body(changed)) != digest(body())


def test_the_stage_gets_a_deployment_when_a_template_changes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = trigger(deployed())

    def changed(file: Path) -> str:
        return f"{template_text(file)} "

    monkeypatch.setattr(templates, "template_text", changed)

    assert trigger(deployed()) != before


@pytest.mark.parametrize(("rate", "burst"), [(0, 1), (1, 0)])
def test_an_api_that_takes_nothing_is_refused(rate: int, burst: int) -> None:
    with pytest.raises(ValueError, match=f"must be at least 1, got {rate} and {burst}$"):
        deployed(rate=rate, burst=burst)


def test_waf_comes_to_the_stage_when_every_limit_of_it_is_set() -> None:
    engine = deployed(per_token=100, limits={"getBoxes": OperationLimit(1, 1)})

    association = engine.resource("aws:wafv2/webAclAssociation:WebAclAssociation", "api")
    last = ("aws:apigateway/methodSettings:MethodSettings", "api-getBoxes")
    assert last in association.depends_on


@pytest.mark.parametrize(
    ("scheme", "said"),
    [
        ("userToken", "GET /boxes asks for userToken: give user_pool_arn and user_pool"),
        (
            "bearer",
            "security of GET /boxes must be userToken or operatorSignature, got bea",
        ),
    ],
)
def test_an_operation_that_asks_for_what_the_api_cannot_check_is_refused(
    scheme: str, said: str
) -> None:
    contract: Document = {**CONTRACT, "security": [{scheme: []}]}

    with pytest.raises(ValueError, match=f"^{said}"):
        RestApiArgs(contract=contract, integrations={}, throttle_rate=1, throttle_burst=1)


def test_an_api_that_is_open_to_all_has_no_authorizer() -> None:
    contract = {name: one for name, one in CONTRACT.items() if name != "components"}
    args = RestApiArgs(
        contract=contract,
        integrations={"getBoxes": INTEGRATION},
        throttle_rate=1,
        throttle_burst=1,
    )
    engine = deploy(lambda: RestApi("api", args))

    made = json.loads(engine.inputs("aws:apigateway/restApi:RestApi", "api")["body"])
    assert set(made["components"]["securitySchemes"]) == {"operatorSignature"}
