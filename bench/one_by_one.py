"""The calls that would build a REST API without the import of an OpenAPI document.

Each part is a call of its own then, as with one resource of the AWS provider for each.
Source: https://docs.aws.amazon.com/apigateway/latest/api/API_Operations.html
"""

from collections.abc import Iterable
from typing import Any

from components.api.contract import operations

EXTENSION = "x-amazon-apigateway"


def calls_one_by_one(body: dict[str, Any]) -> dict[str, int]:
    """Return how many calls of each action build the API of a finished OpenAPI document.

    Its deployment and its stage are not in it: they are the same either way.
    """
    every = [operation for _, _, operation in operations(body)]
    integrations = [operation[f"{EXTENSION}-integration"] for operation in every]
    parts = body.get("components", {})
    authorizers = [
        scheme
        for scheme in parts.get("securitySchemes", {}).values()
        if f"{EXTENSION}-authorizer" in scheme
    ]
    return {
        "CreateRestApi": 1,
        "CreateAuthorizer": len(authorizers),
        "CreateModel": len(parts.get("schemas", {})),
        "CreateRequestValidator": len(body.get(f"{EXTENSION}-request-validators", {})),
        "CreateResource": len(path_nodes(body["paths"])),
        "PutMethod": len(every),
        "PutMethodResponse": sum(len(operation["responses"]) for operation in every),
        "PutIntegration": len(integrations),
        "PutIntegrationResponse": sum(len(one.get("responses", {})) for one in integrations),
        "PutGatewayResponse": len(body.get(f"{EXTENSION}-gateway-responses", {})),
    }


def path_nodes(paths: Iterable[str]) -> set[str]:
    """Return each resource that the paths need; the root is there already.

    >>> sorted(path_nodes(["/notes", "/notes/{id}/text"]))
    ['/notes', '/notes/{id}', '/notes/{id}/text']
    """
    split = [path.strip("/").split("/") for path in paths if path.strip("/")]
    return {"/" + "/".join(parts[:depth]) for parts in split for depth in range(1, len(parts) + 1)}
