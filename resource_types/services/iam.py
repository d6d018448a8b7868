"""IAM roles, each under the stack's path and inside the stage's permissions boundary."""

from collections.abc import Mapping
from typing import Any

from resource_types.create_call import CreateCall
from resource_types.grant import Condition, Grant, actions
from resource_types.in_sandbox import Emulated, Made, Requested
from resource_types.resource_type import ResourceType

OWN_ROLES = ("arn:aws:iam::{account}:role/{role_path}/*",)


def _create_role(iam: Any, requested: Requested) -> Made:
    role = requested.physical_name
    made = iam.create_role(
        RoleName=role,
        AssumeRolePolicyDocument=requested.inputs["assumeRolePolicy"],
        Tags=requested.tag_pairs,
    )["Role"]
    return role, {**requested.inputs, "name": role, "arn": made["Arn"]}


def _delete_role(iam: Any, id_: str, _: Mapping[str, Any]) -> None:
    iam.delete_role(RoleName=id_)


def _put_role_policy(iam: Any, requested: Requested) -> Made:
    role, policy = requested.inputs["role"], requested.physical_name
    iam.put_role_policy(RoleName=role, PolicyName=policy, PolicyDocument=requested.inputs["policy"])
    return f"{role}:{policy}", {**requested.inputs, "name": policy}


def _delete_role_policy(iam: Any, id_: str, _: Mapping[str, Any]) -> None:
    role, policy = id_.split(":", 1)
    iam.delete_role_policy(RoleName=role, PolicyName=policy)


# IAM has no condition key for a trust policy, so no role may call `iam:UpdateAssumeRolePolicy`: a
# role keeps the trust that it was created with.
ROLE = ResourceType(
    type="aws:iam/role:Role",
    arn="arn:aws:iam::{account}:role/{name}",
    longest_name=64,  # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    found_by="tags of roles",
    sandbox=Emulated(service="iam", create=_create_role, delete=_delete_role),
    create_calls=(CreateCall("CreateRole"),),
    policy="roles",
    grants=(
        Grant(
            actions=actions("iam", "CreateRole PutRolePermissionsBoundary"),
            on=OWN_ROLES,
            condition=Condition.BOUNDED_ROLE,
        ),
        Grant(
            actions=actions(
                "iam",
                "DeleteRole GetRole ListAttachedRolePolicies ListInstanceProfilesForRole TagRole "
                "UntagRole",
            ),
            on=OWN_ROLES,
        ),
        # make leaks and make janitor find a stack's roles by their tags.
        Grant(actions=("iam:ListRoleTags",), on=("arn:aws:iam::{account}:role/*",)),
        Grant(actions=("iam:ListRoles",), on=("*",), policy="watch"),
    ),
)
ROLE_POLICY = ResourceType(
    type="aws:iam/rolePolicy:RolePolicy",
    longest_name=128,
    found_by="container",
    inside=ROLE.type,
    sandbox=Emulated(service="iam", create=_put_role_policy, delete=_delete_role_policy),
    create_calls=(CreateCall("PutRolePolicy"),),
    policy="roles",
    grants=(
        Grant(actions=("iam:PutRolePolicy",), on=OWN_ROLES, condition=Condition.BOUNDED_ROLE),
        Grant(
            actions=actions("iam", "DeleteRolePolicy GetRolePolicy ListRolePolicies"),
            on=OWN_ROLES,
        ),
    ),
)
ROWS = (ROLE, ROLE_POLICY)
