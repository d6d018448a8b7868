"""UserAuth."""

import pulumi
import pytest

from components.access.user_auth import UserAuth, UserAuthArgs, domain_prefix
from tests.engine import REGION, Engine, deploy

POOL = "aws:cognito/userPool:UserPool"
POOL_ID = f"{REGION}_Users"
CLIENT_ID = "1example23456789"
HERE = "http://localhost:8080/"


def deployed(
    *callback_urls: str,
    protect: bool = False,
    admin_sign_in: bool = False,
    require_mfa: bool = False,
    command_line: bool = False,
) -> Engine:
    def build() -> None:
        args = UserAuthArgs(
            region=REGION,
            callback_urls=callback_urls or (HERE,),
            logout_urls=(HERE,),
            protect=protect,
            admin_sign_in=admin_sign_in,
            require_mfa=require_mfa,
            command_line=command_line,
        )
        users = UserAuth("users", args)
        pulumi.export("issuerUrl", users.issuer_url)
        pulumi.export("signInUrl", users.sign_in_url)

    return deploy(build)


def test_only_an_operator_adds_users_and_they_sign_in_by_their_address() -> None:
    engine = deployed()

    assert engine.of_type(POOL) == {
        "users": {
            "userPoolTier": "ESSENTIALS",
            "usernameAttributes": ["email"],
            "usernameConfiguration": {"caseSensitive": False},
            "userAttributeUpdateSettings": {
                "attributesRequireVerificationBeforeUpdates": ["email"]
            },
            "mfaConfiguration": "OPTIONAL",
            "softwareTokenMfaConfiguration": {"enabled": True},
            "autoVerifiedAttributes": ["email"],
            "adminCreateUserConfig": {"allowAdminCreateUserOnly": True},
            "accountRecoverySetting": {
                "recoveryMechanisms": [{"name": "verified_email", "priority": 1}]
            },
            "passwordPolicy": {
                "minimumLength": 12,
                "requireLowercase": False,
                "requireUppercase": False,
                "requireNumbers": False,
                "requireSymbols": False,
                "temporaryPasswordValidityDays": 7,
            },
            "deletionProtection": "INACTIVE",
        }
    }


def test_the_client_has_no_secret_and_takes_only_the_code_flow() -> None:
    engine = deployed("https://replay.example.com/", HERE)

    assert engine.of_type("aws:cognito/userPoolClient:UserPoolClient") == {
        "users": {
            "userPoolId": POOL_ID,
            "generateSecret": False,
            "allowedOauthFlowsUserPoolClient": True,
            "allowedOauthFlows": ["code"],
            "allowedOauthScopes": ["openid", "email"],
            "supportedIdentityProviders": ["COGNITO"],
            "callbackUrls": ["https://replay.example.com/", HERE],
            "logoutUrls": [HERE],
            "explicitAuthFlows": ["ALLOW_USER_SRP_AUTH"],
            "preventUserExistenceErrors": "ENABLED",
            "enableTokenRevocation": True,
            "refreshTokenRotation": {"feature": "ENABLED", "retryGracePeriodSeconds": 60},
            "idTokenValidity": 60,
            "accessTokenValidity": 60,
            "refreshTokenValidity": 30,
            "tokenValidityUnits": {
                "idToken": "minutes",
                "accessToken": "minutes",
                "refreshToken": "days",
            },
        }
    }


def test_managed_login_is_at_a_domain_of_its_own_and_has_a_style() -> None:
    engine = deployed()

    assert engine.of_type("aws:cognito/userPoolDomain:UserPoolDomain") == {
        "users": {
            "userPoolId": POOL_ID,
            "domain": domain_prefix(POOL_ID),
            "managedLoginVersion": 2,
        }
    }
    assert engine.of_type("aws:cognito/managedLoginBranding:ManagedLoginBranding") == {
        "users": {"userPoolId": POOL_ID, "clientId": CLIENT_ID, "useCognitoProvidedValues": True}
    }


def test_it_says_who_issues_tokens_and_where_to_sign_in() -> None:
    engine = deployed()

    assert engine.exports == {
        "issuerUrl": f"https://cognito-idp.{REGION}.amazonaws.com/{POOL_ID}",
        "signInUrl": f"https://{domain_prefix(POOL_ID)}.auth.{REGION}.amazoncognito.com",
    }


@pytest.mark.parametrize(("protect", "by_aws"), [(False, "INACTIVE"), (True, "ACTIVE")])
def test_neither_pulumi_nor_aws_deletes_the_users_when_they_are_protected(
    protect: bool, by_aws: str
) -> None:
    engine = deployed(protect=protect)

    pool = engine.resource(POOL, "users")
    assert (pool.protect, pool.inputs["deletionProtection"]) == (protect, by_aws)


@pytest.mark.parametrize(
    "url",
    [
        "https://replay.example.com/",
        "http://localhost",
        "http://localhost/after",
        "http://localhost:8080/",
        "http://127.0.0.1:8080/",
        "http://[::1]:8080/",
    ],
)
def test_https_and_this_machine_may_be_signed_in_from(url: str) -> None:
    engine = deployed(url)

    client = engine.inputs("aws:cognito/userPoolClient:UserPoolClient", "users")
    assert client["callbackUrls"] == [url]


@pytest.mark.parametrize(
    "url",
    [
        "http://replay.example.com/",
        "http://localhost.example.com/",
        "http://127.0.0.1.example.com/",
        "http://localhost@example.com/",
        "https://replay.example.com/#here",
        "replay.example.com",
        "",
    ],
)
def test_a_url_that_would_send_the_code_in_the_clear_or_nowhere_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"^callback_urls must be https, or http on localhost"):
        deployed(url)


def test_the_command_line_gets_the_code_at_localhost_alone_where_it_may_sign_in() -> None:
    client = deployed(HERE, command_line=True).inputs(
        "aws:cognito/userPoolClient:UserPoolClient", "users"
    )

    assert client["callbackUrls"] == [
        HERE,
        "http://localhost:28475/callback",
        "http://localhost:28476/callback",
        "http://localhost:28477/callback",
    ]
    assert client["logoutUrls"] == [HERE]


def test_a_login_that_can_send_nobody_back_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^callback_urls must name at least one URL"):
        UserAuthArgs(region=REGION, callback_urls=())


def test_a_password_is_taken_from_who_has_the_account_only_where_it_is_asked_for() -> None:
    def flows(engine: Engine) -> list[str]:
        return engine.inputs("aws:cognito/userPoolClient:UserPoolClient", "users")[
            "explicitAuthFlows"
        ]

    plain = ["ALLOW_USER_SRP_AUTH"]
    assert flows(deployed()) == plain
    assert flows(deployed(admin_sign_in=True)) == [*plain, "ALLOW_ADMIN_USER_PASSWORD_AUTH"]


def test_a_code_of_an_app_is_asked_of_everybody_only_where_the_stack_says_so() -> None:
    pool = deployed(require_mfa=True).inputs(POOL, "users")

    assert (pool["mfaConfiguration"], pool["softwareTokenMfaConfiguration"]) == (
        "ON",
        {"enabled": True},
    )


def test_a_pool_that_is_there_keeps_its_case_and_with_it_its_users() -> None:
    """AWS replaces a pool to change it."""
    assert deployed().resource(POOL, "users").ignore_changes == ["usernameConfiguration"]
