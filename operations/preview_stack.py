"""Writes the configuration of a pull request's stack.

`Pulumi.pr.yaml` has the settings that all of them share; `Pulumi.pr-12.yaml` adds the owner, the
commit and the last day.
"""

import argparse
import re
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import yaml

PROJECT = Path(__file__).parent.parent
TEMPLATE = "Pulumi.pr.yaml"
MAX_DAYS = 14


def stack_name(number: str) -> str:
    """Return the stack of a pull request.

    >>> stack_name("12")
    'pr-12'

    Raises:
        ValueError: It is not a number.
    """
    if not re.fullmatch(r"[1-9][0-9]{0,8}", number):
        raise ValueError(f"a pull request has a number, got {number!r}")
    return f"pr-{number}"


def preview_config(template: str, *, owner: str, commit: str, expires_on: date) -> str:
    """Return the stack's own file, as YAML."""
    document = yaml.safe_load(template)
    document["config"] |= {
        "rrweb-store:owner": owner,
        "rrweb-store:commit": commit,
        "rrweb-store:expiresOn": expires_on.isoformat(),
    }
    return yaml.safe_dump(document, sort_keys=False)


def main(arguments: Sequence[str] | None = None, project: Path = PROJECT) -> int:
    """Return the exit code: 0 written, 2 wrong usage."""
    parser = argparse.ArgumentParser(prog="python -m operations.preview_stack")
    parser.add_argument("--number", required=True, help="number of the pull request")
    parser.add_argument("--owner", default="", help="user to contact about the stack")
    parser.add_argument("--commit", default="", help="commit that is deployed")
    parser.add_argument(
        "--days", type=int, default=3, help=f"days until it expires, 1 to {MAX_DAYS}"
    )
    options = parser.parse_args(arguments)
    if not 1 <= options.days <= MAX_DAYS:
        parser.error(f"--days must be 1..{MAX_DAYS}, got {options.days}")
    try:
        name = stack_name(options.number)
    except ValueError as error:
        parser.error(str(error))
    expires_on = datetime.now(UTC).date() + timedelta(days=options.days)
    text = preview_config(
        (project / TEMPLATE).read_text(encoding="utf-8"),
        # A bot's name contains brackets, which tags do not allow.
        owner=re.sub(r"[^A-Za-z0-9_./@-]", "-", options.owner),
        commit=options.commit,
        expires_on=expires_on,
    )
    (project / f"Pulumi.{name}.yaml").write_text(text, encoding="utf-8")
    print(f"Pulumi.{name}.yaml: {name}, until {expires_on}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
