"""Cognito user pools."""

from collections.abc import Mapping
from typing import Any

from resource_types.create_call import CreateCall, Inputs
from resource_types.grant import Condition, Grant, Stages, actions
from resource_types.in_sandbox import Emulated, Ignored, Made, Requested
from resource_types.resource_type import ResourceType

_POOL = "arn:aws:cognito-idp:{region}:{account}:userpool/"


def _create_pool(cognito: Any, requested: Requested) -> Made:
    inputs = requested.inputs
    policy = inputs["passwordPolicy"]
    pool = cognito.create_user_pool(
        PoolName=requested.physical_name,
        UserPoolTags=dict(requested.tags),
        UsernameAttributes=inputs["usernameAttributes"],
        UsernameConfiguration={"CaseSensitive": inputs["usernameConfiguration"]["caseSensitive"]},
        UserAttributeUpdateSettings={
            "AttributesRequireVerificationBeforeUpdate": inputs["userAttributeUpdateSettings"][
                "attributesRequireVerificationBeforeUpdates"
            ]
        },
        AutoVerifiedAttributes=inputs["autoVerifiedAttributes"],
        AdminCreateUserConfig={
            "AllowAdminCreateUserOnly": inputs["adminCreateUserConfig"]["allowAdminCreateUserOnly"]
        },
        Policies={
            "PasswordPolicy": {
                "MinimumLength": policy["minimumLength"],
                "RequireLowercase": policy["requireLowercase"],
                "RequireUppercase": policy["requireUppercase"],
                "RequireNumbers": policy["requireNumbers"],
                "RequireSymbols": policy["requireSymbols"],
            }
        },
    )["UserPool"]
    cognito.set_user_pool_mfa_config(
        UserPoolId=pool["Id"],
        SoftwareTokenMfaConfiguration={
            "Enabled": inputs["softwareTokenMfaConfiguration"]["enabled"]
        },
        MfaConfiguration=inputs["mfaConfiguration"],
    )
    return pool["Id"], {
        **inputs,
        "name": requested.physical_name,
        "arn": pool["Arn"],
        "endpoint": f"cognito-idp.{requested.region}.amazonaws.com/{pool['Id']}",
    }


def _delete_pool(cognito: Any, id_: str, _: Mapping[str, Any]) -> None:
    cognito.delete_user_pool(UserPoolId=id_)


def _create_client(cognito: Any, requested: Requested) -> Made:
    inputs = requested.inputs
    rotation, units = inputs["refreshTokenRotation"], inputs["tokenValidityUnits"]
    client = cognito.create_user_pool_client(
        UserPoolId=inputs["userPoolId"],
        ClientName=requested.physical_name,
        GenerateSecret=inputs["generateSecret"],
        AllowedOAuthFlowsUserPoolClient=inputs["allowedOauthFlowsUserPoolClient"],
        AllowedOAuthFlows=inputs["allowedOauthFlows"],
        AllowedOAuthScopes=inputs["allowedOauthScopes"],
        SupportedIdentityProviders=inputs["supportedIdentityProviders"],
        CallbackURLs=inputs["callbackUrls"],
        LogoutURLs=inputs["logoutUrls"],
        # The sandbox's own `token` command signs in by this flow, besides the program's flows.
        ExplicitAuthFlows=sorted({*inputs["explicitAuthFlows"], "ALLOW_ADMIN_USER_PASSWORD_AUTH"}),
        RefreshTokenRotation={
            "Feature": rotation["feature"],
            "RetryGracePeriodSeconds": rotation["retryGracePeriodSeconds"],
        },
        IdTokenValidity=inputs["idTokenValidity"],
        AccessTokenValidity=inputs["accessTokenValidity"],
        RefreshTokenValidity=inputs["refreshTokenValidity"],
        TokenValidityUnits={
            "IdToken": units["idToken"],
            "AccessToken": units["accessToken"],
            "RefreshToken": units["refreshToken"],
        },
    )["UserPoolClient"]
    return client["ClientId"], dict(inputs)


def _delete_client(cognito: Any, id_: str, inputs: Mapping[str, Any]) -> None:
    cognito.delete_user_pool_client(UserPoolId=inputs["userPoolId"], ClientId=id_)


def _create_domain(cognito: Any, requested: Requested) -> Made:
    domain = requested.inputs["domain"]
    cognito.create_user_pool_domain(Domain=domain, UserPoolId=requested.inputs["userPoolId"])
    return domain, dict(requested.inputs)


def _delete_domain(cognito: Any, id_: str, inputs: Mapping[str, Any]) -> None:
    cognito.delete_user_pool_domain(Domain=id_, UserPoolId=inputs["userPoolId"])


def _create_group(cognito: Any, requested: Requested) -> Made:
    inputs = requested.inputs
    cognito.create_group(
        UserPoolId=inputs["userPoolId"],
        GroupName=inputs["name"],
        Description=inputs["description"],
    )
    return f"{inputs['userPoolId']}/{inputs['name']}", dict(inputs)


def _delete_group(cognito: Any, _: str, inputs: Mapping[str, Any]) -> None:
    cognito.delete_group(UserPoolId=inputs["userPoolId"], GroupName=inputs["name"])


def _has_mfa(inputs: Inputs) -> bool:
    return inputs.get("mfaConfiguration", "OFF") != "OFF"


def _on_own_pools(names: str, stages: Stages = Stages.ALL, policy: str = "") -> Grant:
    return Grant(
        actions=actions("cognito-idp", names),
        on=(f"{_POOL}*",),
        condition=Condition.RESOURCE_HAS_TAGS,
        stages=stages,
        policy=policy,
    )


USER_POOL = ResourceType(
    type="aws:cognito/userPool:UserPool",
    arn=f"{_POOL}{{id}}",
    longest_name=128,
    holds_data=True,
    found_by="tags",
    sandbox=Emulated(
        service="cognito-idp",
        create=_create_pool,
        delete=_delete_pool,
        protected_by=("deletionProtection", "ACTIVE"),
    ),
    create_calls=(CreateCall("CreateUserPool"), CreateCall("SetUserPoolMfaConfig", _has_mfa)),
    policy="api",
    grants=(
        Grant(
            actions=("cognito-idp:CreateUserPool",),
            on=("*",),
            condition=Condition.REQUEST_HAS_TAGS,
        ),
        _on_own_pools(
            "DeleteUserPool DescribeUserPool UpdateUserPool GetUserPoolMfaConfig "
            "SetUserPoolMfaConfig ListTagsForResource TagResource UntagResource"
        ),
        # The end-to-end tests create users of their own.
        _on_own_pools(
            "AdminCreateUser AdminDeleteUser AdminInitiateAuth AdminSetUserPassword",
            Stages.EMPTYING,
            "empty",
        ),
    ),
    id="{region}_Users",
    outputs={"endpoint": "cognito-idp.{region}.amazonaws.com/{id}"},
)
USER_POOL_CLIENT = ResourceType(
    type="aws:cognito/userPoolClient:UserPoolClient",
    longest_name=128,
    found_by="container",
    inside=USER_POOL.type,
    sandbox=Emulated(
        service="cognito-idp", create=_create_client, delete=_delete_client, kept=("userPoolId",)
    ),
    create_calls=(CreateCall("CreateUserPoolClient"),),
    policy="api",
    grants=(
        _on_own_pools(
            "CreateUserPoolClient DeleteUserPoolClient DescribeUserPoolClient "
            "UpdateUserPoolClient ListUserPoolClients"
        ),
    ),
    id="1example23456789",
)
USER_POOL_DOMAIN = ResourceType(
    type="aws:cognito/userPoolDomain:UserPoolDomain",
    found_by="container",
    inside=USER_POOL.type,
    sandbox=Emulated(
        service="cognito-idp", create=_create_domain, delete=_delete_domain, kept=("userPoolId",)
    ),
    create_calls=(CreateCall("CreateUserPoolDomain"),),
    policy="api",
    grants=(
        _on_own_pools("CreateUserPoolDomain DeleteUserPoolDomain UpdateUserPoolDomain"),
        Grant(actions=("cognito-idp:DescribeUserPoolDomain",), on=("*",), policy="watch"),
    ),
)
USER_GROUP = ResourceType(
    type="aws:cognito/userGroup:UserGroup",
    longest_name=128,
    found_by="container",
    inside=USER_POOL.type,
    sandbox=Emulated(
        service="cognito-idp",
        create=_create_group,
        delete=_delete_group,
        kept=("userPoolId", "name"),
    ),
    create_calls=(CreateCall("CreateGroup"),),
    policy="api",
    grants=(_on_own_pools("CreateGroup DeleteGroup GetGroup UpdateGroup"),),
)
MANAGED_LOGIN_BRANDING = ResourceType(
    type="aws:cognito/managedLoginBranding:ManagedLoginBranding",
    found_by="container",
    inside=USER_POOL.type,
    sandbox=Ignored("MiniStack's login page has one look"),
    create_calls=(CreateCall("CreateManagedLoginBranding"),),
    policy="api",
    grants=(
        _on_own_pools(
            "CreateManagedLoginBranding DeleteManagedLoginBranding DescribeManagedLoginBranding "
            "UpdateManagedLoginBranding DescribeManagedLoginBrandingByClient"
        ),
    ),
)
ROWS = (USER_POOL, USER_POOL_CLIENT, USER_POOL_DOMAIN, USER_GROUP, MANAGED_LOGIN_BRANDING)
