"""Failures that end a command with one line on stderr. docs/cli.md lists the exit codes."""


class StoreError(Exception):
    """Any failure; the message says what happened and, where there is one, the way out."""

    exit_code = 1


class BadInputError(StoreError):
    """An argument, a file or an address cannot be used. Nothing was sent."""

    exit_code = 2


class NotSignedInError(StoreError):
    """There is no sign-in, or the store no longer accepts it: `rrweb-store login`."""

    exit_code = 3


class NotFoundError(StoreError):
    """The recording or site does not exist, or has expired."""

    exit_code = 4


class ForbiddenError(StoreError):
    """The user may not do this, such as watch a site of another group."""

    exit_code = 5


class UnavailableError(StoreError):
    """The store was unreachable, busy or failed, each time it was asked. A later call may work."""

    exit_code = 6


class MissingBrowserError(StoreError):
    """Pictures and films need a Chromium, and none is installed or starts."""

    exit_code = 7
