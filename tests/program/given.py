"""What the tests of the whole program ask of it: its types, its API's body, its policies."""

import json
import warnings
from collections.abc import Callable
from typing import Any, cast

from components.api.contract import Document, operations
from tests.contract import CONTRACT
from tests.engine import Engine

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its own code warns when it is imported
    import parliament

API = "aws:apigateway/restApi:RestApi"
ROLE = "aws:iam/role:Role"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
BUCKET = "aws:s3/bucket:Bucket"
BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy"
STREAM = "aws:kinesis/stream:Stream"
TABLE = "aws:dynamodb/table:Table"
POOL = "aws:cognito/userPool:UserPool"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"

Statement = dict[str, Any]
"""A statement of a policy, as JSON."""


def body_of(engine: Engine) -> Document:
    """Return the OpenAPI document that the program's API is imported from."""
    return json.loads(engine.inputs(API, "api")["body"])


def routes(body: Document) -> dict[str, Document]:
    """Return each operation of the body by verb and path, such as `GET /recordings`."""
    return {f"{verb.upper()} {path}": one for path, verb, one in operations(body)}


def contract_routes() -> dict[str, Document]:
    """Return each operation of the contract by verb and path."""
    return routes(CONTRACT)


def integrations(body: Document) -> dict[str, Document]:
    """Return each integration of the body by verb and path."""
    return {
        route: operation["x-amazon-apigateway-integration"]
        for route, operation in routes(body).items()
    }


def service_integrations(body: Document) -> dict[str, Document]:
    """Return the integrations that call an action of an AWS service with a rendered template."""
    return {
        route: one for route, one in integrations(body).items() if ":action/" in one.get("uri", "")
    }


def object_integrations(body: Document) -> dict[str, Document]:
    """Return the integrations that hand a request on to S3."""
    return {
        route: one for route, one in integrations(body).items() if ":s3:path/" in one.get("uri", "")
    }


def user_object_integrations(body: Document) -> dict[str, Document]:
    """Return those of them whose objects belong to the token's user."""
    return {route: one for route, one in object_integrations(body).items() if " /w/" not in route}


def policies(engine: Engine) -> dict[str, str]:
    """Return every policy of the program, as JSON, by what it belongs to."""
    return {
        **{f"role {name}": one["policy"] for name, one in engine.of_type(ROLE_POLICY).items()},
        **{f"bucket {name}": one["policy"] for name, one in engine.of_type(BUCKET_POLICY).items()},
    }


def statements_of(policy: str) -> list[Statement]:
    """Return the statements of a policy."""
    return json.loads(policy)["Statement"]


def listed(value: object) -> list[str]:
    """Return what IAM takes as one string or as several."""
    return cast("list[str]", value) if isinstance(value, list) else [str(value)]


# parliament wants both kinds of execution where IAM takes either:
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html
EXPRESS = "'required_format': 'arn:*:states:*:*:express:*:*:*'"


def findings(policy: str) -> list[str]:
    """Return all that parliament says of a policy: even an unknown action is only `LOW` to it."""
    analyze = cast("Callable[[str], Any]", parliament.analyze_policy_string)
    found = [str(one) for one in analyze(policy).findings]
    return [one for one in found if EXPRESS not in one]
