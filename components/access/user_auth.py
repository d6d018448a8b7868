"""UserAuth: who may sign in, and where."""

import hashlib
import re
from dataclasses import dataclass

import pulumi
from pulumi_aws import cognito

# What Cognito takes: https, or http on the machine itself, and no fragment.
# https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html
_CALLBACK_URL = re.compile(
    r"https://[^#\s]+|http://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]+)?(/[^#\s]*)?"
)

# Where the command line listens for the code. Cognito compares URLs with their ports, so a free
# one cannot be chosen at the time: docs/adr/0055-the-command-line-signs-in-by-fixed-ports.md
COMMAND_LINE_PORTS = (28475, 28476, 28477)


@dataclass(frozen=True, kw_only=True)
class UserAuthArgs:
    region: str
    """AWS Region of the pool, such as `eu-west-1`."""
    callback_urls: tuple[pulumi.Input[str], ...]
    """URLs that get the code of the managed login, at least one; `http` only for localhost."""
    logout_urls: tuple[pulumi.Input[str], ...] = ()
    """Where it may redirect to after signing out."""
    protect: bool = False
    """Refuse to be deleted, by Pulumi and by AWS."""
    admin_sign_in: bool = False
    """Allow password sign-in by callers with credentials of the account; tests use it."""
    command_line: bool = False
    """Allow sign-in by the command line, which gets the code at `localhost`."""
    require_mfa: bool = False
    """Require a code of an authenticator app from every user; otherwise it is optional."""

    def __post_init__(self) -> None:
        if not self.callback_urls:
            raise ValueError("callback_urls must name at least one URL: the code flow needs it")
        for name, urls in (
            ("callback_urls", self.callback_urls),
            ("logout_urls", self.logout_urls),
        ):
            for url in urls:
                if isinstance(url, str) and not _CALLBACK_URL.fullmatch(url):
                    raise ValueError(f"{name} must be https, or http on localhost, got {url!r}")


class UserAuth(pulumi.ComponentResource):
    """A Cognito pool, one public app client (authorization code with PKCE), and managed login."""

    pool: cognito.UserPool
    client: cognito.UserPoolClient
    issuer_url: pulumi.Output[str]
    """`iss` of the pool's tokens; its OpenID configuration and JWKS are under it."""
    sign_in_url: pulumi.Output[str]
    """Base of the managed login: `/oauth2/authorize`, `/oauth2/token`, `/logout` are under it."""

    def __init__(
        self, name: str, args: UserAuthArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("rrweb:index:UserAuth", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        pool_options = pulumi.ResourceOptions(
            parent=self,
            protect=args.protect,
            # It cannot be changed: a pool created without it would be replaced, with all its
            # users. docs/adr/0022-a-pool-keeps-its-case.md
            ignore_changes=["username_configuration"],
        )
        self.pool = cognito.UserPool(
            name,
            user_pool_tier="ESSENTIALS",  # the first tier that has managed login
            username_attributes=["email"],
            username_configuration={"case_sensitive": False},
            auto_verified_attributes=["email"],
            # The old address, which can reset the password, stays until the new one is verified.
            user_attribute_update_settings={
                "attributes_require_verification_before_updates": ["email"]
            },
            mfa_configuration="ON" if args.require_mfa else "OPTIONAL",
            software_token_mfa_configuration={"enabled": True},
            # Operators invite users: self-registration is off.
            admin_create_user_config={"allow_admin_create_user_only": True},
            account_recovery_setting={
                "recovery_mechanisms": [{"name": "verified_email", "priority": 1}]
            },
            password_policy={
                "minimum_length": 12,
                "require_lowercase": False,
                "require_uppercase": False,
                "require_numbers": False,
                "require_symbols": False,
                "temporary_password_validity_days": 7,
            },
            deletion_protection="ACTIVE" if args.protect else "INACTIVE",
            opts=pool_options,
        )
        self.client = cognito.UserPoolClient(
            name,
            user_pool_id=self.pool.id,
            generate_secret=False,  # a browser cannot keep a secret: PKCE replaces it
            allowed_oauth_flows_user_pool_client=True,
            allowed_oauth_flows=["code"],
            allowed_oauth_scopes=["openid", "email"],
            supported_identity_providers=["COGNITO"],
            callback_urls=[
                *args.callback_urls,
                *(command_line_callbacks() if args.command_line else ()),
            ],
            logout_urls=list(args.logout_urls),
            explicit_auth_flows=[
                # For Cognito's own API, which the site does not use. An empty list would mean
                # AWS's three defaults, one of which excludes the rotation below. SRP never sends
                # the password.
                "ALLOW_USER_SRP_AUTH",
                # It needs a signature of IAM, so no browser can use it.
                *(["ALLOW_ADMIN_USER_PASSWORD_AUTH"] if args.admin_sign_in else []),
            ],
            prevent_user_existence_errors="ENABLED",
            enable_token_revocation=True,
            # A copied refresh token stops working at the next renewal. The grace period covers a
            # renewal whose answer was lost; 60 s is Cognito's maximum.
            # https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-refresh-token.html
            refresh_token_rotation={"feature": "ENABLED", "retry_grace_period_seconds": 60},
            id_token_validity=60,
            access_token_validity=60,
            refresh_token_validity=30,
            token_validity_units={
                "id_token": "minutes",
                "access_token": "minutes",
                "refresh_token": "days",
            },
            opts=child,
        )
        domain = cognito.UserPoolDomain(
            name,
            user_pool_id=self.pool.id,
            domain=self.pool.id.apply(domain_prefix),
            managed_login_version=2,
            opts=child,
        )
        cognito.ManagedLoginBranding(
            name,
            user_pool_id=self.pool.id,
            client_id=self.client.id,
            use_cognito_provided_values=True,
            opts=child,
        )
        self.issuer_url = self.pool.endpoint.apply(lambda endpoint: f"https://{endpoint}")
        self.sign_in_url = domain.domain.apply(
            lambda prefix: f"https://{prefix}.auth.{args.region}.amazoncognito.com"
        )
        self.register_outputs({"issuerUrl": self.issuer_url, "signInUrl": self.sign_in_url})


def command_line_callbacks() -> tuple[str, ...]:
    """Return the URLs at which the command line may get a code."""
    return tuple(f"http://localhost:{port}/callback" for port in COMMAND_LINE_PORTS)


def domain_prefix(pool_id: str) -> str:
    """Return a prefix for the pool's login domain that no other pool in the world has.

    A digest in hexadecimal cannot hold the words that Cognito refuses (`aws`, `amazon`, `cognito`).

    >>> domain_prefix("eu-west-1_AbCdEf123")
    'rrweb-8f67cb0d39d135ad'
    """
    return f"rrweb-{hashlib.sha256(pool_id.encode()).hexdigest()[:16]}"
