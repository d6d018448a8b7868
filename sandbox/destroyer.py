"""`pulumi destroy` for the sandbox: deletes what the deployer created, in reverse order."""

from resource_types.in_sandbox import Emulated
from resource_types.registry import resource_type
from sandbox.cloud import Cloud
from sandbox.deployed import Deployed


class ProtectedError(RuntimeError):
    """The program protects a resource: nothing was deleted."""


def destroy(cloud: Cloud, deployed: Deployed) -> None:
    """Delete every resource of the stack.

    Raises:
        ProtectedError: A resource of the stack may not be deleted.
        ClientError: A bucket that may not be emptied holds objects.
    """
    emulated = [
        (type_, row, id_, inputs)
        for type_, id_, inputs in deployed.made
        if isinstance(row := resource_type(type_).sandbox, Emulated)
    ]
    for type_, row, id_, inputs in emulated:
        if row.protects(inputs):
            raise ProtectedError(f"{type_} {id_} is protected: set protect to false first")
    for _, row, id_, inputs in reversed(emulated):
        if row.delete:
            row.delete(cloud.client(row.service), id_, inputs)
    deployed.made.clear()
