"""API Gateway: the sandbox's own gateway serves it."""

import json

from resource_types.create_call import CreateCall, Inputs, has
from resource_types.grant import Condition, Grant, actions
from resource_types.in_sandbox import Served
from resource_types.resource_type import ResourceType

_APIS = "arn:aws:apigateway:{region}::/restapis"
# Tagging has its own resource, whose path contains the ARN to be tagged. It has no tags itself.
_TAGS = "arn:aws:apigateway:{region}::/tags/arn%3Aaws%3Aapigateway%3A{region}%3A%3A%2Frestapis%2F"


def _is_renamed(inputs: Inputs) -> bool:
    """Return whether the import names the API differently from its input `name`.

    PutRestApi names it after the document's title. Without a name, Pulumi generates one.
    """
    body = inputs.get("body")
    return bool(body) and json.loads(body)["info"]["title"] != inputs.get("name")


REST_API = ResourceType(
    type="aws:apigateway/restApi:RestApi",
    arn=f"{_APIS}/{{id}}",
    found_by="tags",
    sandbox=Served("gateway"),
    create_calls=(
        CreateCall("CreateRestApi"),
        CreateCall("PutRestApi", has("body")),
        CreateCall("UpdateRestApi", _is_renamed),
    ),
    policy="api",
    grants=(
        Grant(actions=("apigateway:POST",), on=(_APIS,), condition=Condition.REQUEST_HAS_TAGS),
        Grant(actions=("apigateway:UpdateRestApiPolicy",), on=(_APIS,)),
        # Its child resources inherit the API's tags for access control:
        # https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-tagging-supported-resources.html
        Grant(
            actions=actions("apigateway", "DELETE GET PATCH POST PUT UpdateRestApiPolicy"),
            condition=Condition.RESOURCE_HAS_TAGS,
        ),
        Grant(
            actions=("apigateway:PUT",),
            # While an API is created, its id here is a literal asterisk, which ${*} matches.
            # Seen in https://github.com/mattclay/aws-terminator/pull/284
            on=(f"{_TAGS}${{{{*}}}}", f"{_TAGS}*%2Fstages%2F*"),
            condition=Condition.REQUEST_HAS_TAGS,
        ),
        Grant(
            actions=("apigateway:DELETE", "apigateway:PUT"),
            on=(f"{_TAGS}*",),
            condition=Condition.CHANGING_TAGS,
        ),
    ),
    passes_role_to="apigateway.amazonaws.com",
    id="abcdef1234",
)
DEPLOYMENT = ResourceType(
    type="aws:apigateway/deployment:Deployment",
    found_by="container",
    inside=REST_API.type,
    sandbox=Served("gateway"),
    create_calls=(CreateCall("CreateDeployment"),),
)
STAGE = ResourceType(
    type="aws:apigateway/stage:Stage",
    arn=f"{_APIS}/{{restApi}}/stages/{{stageName}}",
    found_by="tags",
    sandbox=Served("gateway"),
    create_calls=(CreateCall("CreateStage"), CreateCall("UpdateStage", has("accessLogSettings"))),
    outputs={"invokeUrl": "https://{restApi}.execute-api.{region}.amazonaws.com/{stageName}"},
)
METHOD_SETTINGS = ResourceType(
    type="aws:apigateway/methodSettings:MethodSettings",
    found_by="container",
    inside=STAGE.type,
    sandbox=Served("gateway"),
    create_calls=(CreateCall("UpdateStage"),),
)
ROWS = (REST_API, DEPLOYMENT, STAGE, METHOD_SETTINGS)
