"""Lambda."""

import io
import time
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import pulumi

from resource_types.create_call import CreateCall, Inputs
from resource_types.grant import Grant, actions
from resource_types.in_sandbox import Emulated, Made, Requested, UnsupportedResourceError
from resource_types.resource_type import ResourceType


def _create_function(lambda_: Any, requested: Requested) -> Made:
    function, inputs = requested.physical_name, requested.inputs
    made = lambda_.create_function(
        FunctionName=function,
        Tags=dict(requested.tags),
        Runtime=inputs["runtime"],
        Handler=inputs["handler"],
        Role=inputs["role"],
        Architectures=inputs["architectures"],
        MemorySize=inputs["memorySize"],
        Timeout=inputs["timeout"],
        Environment={
            "Variables": {**inputs["environment"]["variables"], **requested.function_variables}
        },
        LoggingConfig={
            "LogFormat": inputs["loggingConfig"]["logFormat"],
            "LogGroup": inputs["loggingConfig"]["logGroup"],
        },
        Code={"ZipFile": zipped(inputs["code"])},
    )
    _await(
        lambda: lambda_.get_function(FunctionName=function)["Configuration"]["State"] == "Active"
    )
    return function, {**inputs, "name": function, "arn": made["FunctionArn"]}


def _delete_function(lambda_: Any, id_: str, _: Mapping[str, Any]) -> None:
    lambda_.delete_function(FunctionName=id_)


def zipped(archive: object) -> bytes:
    """Return the zip file that Pulumi would upload for an archive of files.

    Raises:
        UnsupportedResourceError: The archive contains something else than files.
    """
    if not isinstance(archive, pulumi.AssetArchive):
        raise UnsupportedResourceError(
            f"the sandbox packs an AssetArchive only, got {type(archive)}"
        )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for path, asset in sorted(archive.assets.items()):
            if not isinstance(asset, pulumi.FileAsset):
                raise UnsupportedResourceError(
                    f"the sandbox packs files only, {path} is {type(asset)}"
                )
            file.write(asset.path, path)
    return packed.getvalue()


def _await(done: Callable[[], bool], timeout_s: float = 20) -> None:
    deadline = time.monotonic() + timeout_s
    while not done():
        if time.monotonic() > deadline:
            raise TimeoutError(f"a function was not active after {timeout_s:.0f} s")
        time.sleep(0.05)


def _reserves_concurrency(inputs: Inputs) -> bool:
    return inputs.get("reservedConcurrentExecutions", -1) >= 0


FUNCTION = ResourceType(
    type="aws:lambda/function:Function",
    arn="arn:aws:lambda:{region}:{account}:function:{name}",
    names=("read-events",),
    longest_name=64,  # https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
    found_by="tags",
    sandbox=Emulated(service="lambda", create=_create_function, delete=_delete_function),
    create_calls=(
        CreateCall("CreateFunction"),
        CreateCall("PutFunctionConcurrency", _reserves_concurrency),
    ),
    policy="data",
    grants=(
        Grant(
            actions=actions(
                "lambda",
                "CreateFunction DeleteFunction GetFunction GetFunctionCodeSigningConfig GetPolicy "
                "ListTags ListVersionsByFunction TagResource UntagResource UpdateFunctionCode "
                "UpdateFunctionConfiguration",
            )
        ),
    ),
    boundary=(Grant(actions=("lambda:InvokeFunction",)),),
    passes_role_to="lambda.amazonaws.com",
)
ROWS = (FUNCTION,)
