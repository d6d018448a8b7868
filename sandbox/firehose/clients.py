"""boto3 clients of one role, recreated after a failure, and the pause before a retry."""

from collections.abc import Callable
from typing import Any, cast

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
)
from botocore.parsers import ResponseParserError

ClientFor = Callable[[str, str], Any]
"""`client_for(service, role_arn)` returns a boto3 client with that role's credentials. It is called
again after each failure, which replaces expired credentials. Its connect and read timeouts should
be a few seconds: one delivery stream makes all its calls in one thread. Any: boto3 has no types."""

# ResponseParserError is what botocore raises when an emulator dies in the middle of an answer.
SERVICE_ERRORS = (ClientError, BotoCoreError, ResponseParserError)

# Longest pause after an outage, in seconds, before it is divided by `speed`.
MAX_BACKOFF_SECONDS = 30.0


class RoleClient:
    """One service's client with one role's credentials."""

    def __init__(self, client_for: ClientFor, service: str, role_arn: str) -> None:
        self._client_for = client_for
        self._service = service
        self._role_arn = role_arn
        self._client: Any = None  # boto3 has no types

    def get(self) -> Any:
        """Return the client. Raises what assuming the role raises, one of SERVICE_ERRORS."""
        if self._client is None:
            self._client = self._client_for(self._service, self._role_arn)
        return self._client

    def forget(self) -> None:
        """Make the next `get` create a new client, with new credentials and connections."""
        self._client = None


def backoff_seconds(failures: int) -> float:
    """Return the pause after so many failures in a row.

    >>> [backoff_seconds(failures) for failures in (1, 2, 5, 1_000_000)]
    [1.0, 2.0, 16.0, 30.0]
    """
    return min(MAX_BACKOFF_SECONDS, 2.0 ** min(failures - 1, 10))


def error_code(error: Exception) -> str:
    """Return AWS's error code, or the exception's name when there was no answer."""
    if isinstance(error, ClientError):
        response = cast("dict[str, dict[str, str]]", cast("Any", error).response)
        return response.get("Error", {}).get("Code", "Unknown")
    return type(error).__name__


def access_denied(operation: str, reason: str) -> ClientError:
    """Return what boto3 raises when IAM refuses an operation."""
    return ClientError({"Error": {"Code": "AccessDenied", "Message": reason}}, operation)


def was_answered(error: Exception) -> bool:
    """Return whether the service answered, even if it refused."""
    return isinstance(error, ClientError)
