"""All rows, by type."""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType
from typing import Any

from resource_types import services
from resource_types.in_sandbox import Emulated
from resource_types.resource_type import ResourceType

AWS_PROVIDER = "pulumi:providers:aws"
"""It configures the calls of the others, and creates nothing."""

RESOURCE_TYPES: Mapping[str, ResourceType] = MappingProxyType(
    {
        row.type: row
        for module in iter_modules(services.__path__, f"{services.__name__}.")
        for row in import_module(module.name).ROWS
    }
)


class UnknownResourceTypeError(LookupError):
    """The program creates a resource of a type that has no row; the message names the type."""


def resource_type(type_: str) -> ResourceType:
    """Return the row of a type.

    >>> resource_type("aws:s3/bucket:Bucket").names
    ('recordings', 'site')

    Raises:
        UnknownResourceTypeError: The type has no row.
    """
    if type_ not in RESOURCE_TYPES:
        service = type_.partition(":")[2].partition("/")[0]
        raise UnknownResourceTypeError(
            f"{type_} has no row: add one to resource_types/services/{service}.py"
        )
    return RESOURCE_TYPES[type_]


def create_calls(type_: str, inputs: Mapping[str, Any]) -> list[str]:
    """Return the AWS provider's calls that create one resource, in their order.

    >>> create_calls("aws:cloudwatch/logGroup:LogGroup", {"retentionInDays": 14})
    ['CreateLogGroup', 'PutRetentionPolicy']

    Raises:
        UnknownResourceTypeError: The type has no row.
    """
    if type_ == AWS_PROVIDER:
        return []
    return [call.action for call in resource_type(type_).create_calls if call.made(inputs)]


def emulated_services() -> list[str]:
    """Return boto3's names of the services in which the sandbox creates resources."""
    return sorted(
        {
            row.sandbox.service
            for row in RESOURCE_TYPES.values()
            if isinstance(row.sandbox, Emulated)
        }
    )
