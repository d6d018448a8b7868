"""The tags of every resource of a stack, which split costs and find leaks."""

import re
from datetime import date

# Characters that every AWS service allows in a tag's value and that owners and commits need.
_VALUE = re.compile(r"[A-Za-z0-9_./@-]{0,128}")
# Every physical name contains it: buckets allow no other characters, and roles 64 in all.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
_STACK = re.compile(r"[a-z][a-z0-9-]{0,19}")


def stack_tags(
    project: str, stack: str, *, owner: str = "", commit: str = "", expires_on: str = ""
) -> dict[str, str]:
    """Return the tags, without those that are empty.

    >>> stack_tags("rrweb-store", "pr-12", expires_on="2026-11-27")
    {'project': 'rrweb-store', 'stack': 'pr-12', 'expires-on': '2026-11-27'}

    Raises:
        ValueError: AWS would reject a value, or `expires_on` is no date.
    """
    if not _STACK.fullmatch(stack):
        raise ValueError(
            "stack must be up to 20 lower-case letters, digits and hyphens, as it is part of every "
            f"name, got {stack!r}"
        )
    values = {
        "project": project,
        "stack": stack,
        "owner": owner,
        "commit": commit,
        "expires_on": expires_on,
    }
    for name, value in values.items():
        if not _VALUE.fullmatch(value):
            raise ValueError(f"{name} may hold letters, digits and _./@-, got {value!r}")
    if expires_on and not _is_day(expires_on):
        raise ValueError(f"expires_on must be a day, as YYYY-MM-DD, got {expires_on!r}")
    return {name.replace("_", "-"): value for name, value in values.items() if value}


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def stack_label(project: str, stack: str) -> str:
    """Return the comment of a resource that AWS cannot tag; operations/leftovers.py reads it.

    >>> stack_label("rrweb-store", "pr-12")
    'rrweb-store pr-12'
    """
    return f"{project} {stack}"
