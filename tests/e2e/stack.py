"""A deployed program, as a black-box test knows it."""

from dataclasses import dataclass
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.session import Session

from sandbox.cloud import ROOT_KEY_ID, ROOT_SECRET
from sandbox.server import Sandbox
from tests.e2e.user import User
from tests.engine import REPLAY_SITE

# Firehose's 60 s become 2 s.
SPEED = 30.0
# Settings without a rate limit: only the tests of throttling meet one.
UNTHROTTLED = {
    "rrweb-store:throttleRate": "10000",
    "rrweb-store:throttleBurst": "5000",
    "rrweb-store:operationLimits": "[]",
    **REPLAY_SITE,
}
# Of a delivery on a machine that does other things too.
SANDBOX_DELIVERY_S = 40.0


@dataclass(frozen=True, kw_only=True)
class Stack:
    exports: dict[str, Any]
    """What the program exports."""
    owner: User
    other: User
    operator_credentials: Credentials | None = None
    """Of who may scan; None: those of the environment."""

    @property
    def api_url(self) -> str:
        return self.exports["apiUrl"]

    def signature(self, url: str, *, service: str = "execute-api") -> dict[str, str]:
        """Return the headers that sign a GET of `url` as the operator."""
        session: Any = Session()  # botocore is untyped
        credentials = self.operator_credentials or session.get_credentials()
        request = AWSRequest("GET", url)
        SigV4Auth(credentials, service, self.exports["region"]).add_auth(request)
        return dict(request.headers.items())


def user_of(sandbox: Sandbox, name: str) -> User:
    """Return a user of the sandbox's pool, who is made when missing."""
    tokens = sandbox.tokens(name)
    return User(sandbox.api_url, tokens["IdToken"], delivery_s=SANDBOX_DELIVERY_S, tokens=tokens)


def sandbox_stack(sandbox: Sandbox) -> Stack:
    """Return the stack that a sandbox runs."""
    return Stack(
        exports=sandbox.exports,
        owner=user_of(sandbox, "owner"),
        other=user_of(sandbox, "other"),
        operator_credentials=Credentials(ROOT_KEY_ID, ROOT_SECRET),
    )
