"""Mapping templates: `.vtl` files as API Gateway wants them, one text each."""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TypeAlias

TEMPLATES = Path(__file__).parent / "templates"


class Pattern(str):
    """A regular expression. A template gets it between `'`, where VTL reads nothing as code."""

    __slots__ = ()


Constant: TypeAlias = "str | int | Sequence[Constant]"
"""What a template can be given: text, a number, a pattern, or a list of these."""

_INCLUDE = re.compile(r'#parse\("([a-z_]+\.vtl)"\)')
# Printable ASCII without what ends such a string.
_ONE_STRING = re.compile(r"[\x20-\x26\x28-\x7e]*")
# Printable ASCII but for what ends a string of VTL, or is code inside one.
_PLAIN_TEXT = re.compile(r'[^"#$\\\x00-\x1f\x7f-\U0010ffff]*')

# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
MAX_TEMPLATE_BYTES = 300 * 1024


@cache
def template_text(file: Path) -> str:
    """Return the template without its comment lines, and with each `#parse` resolved.

    API Gateway has no loader, so `#parse("other.vtl")` is replaced here by that file of the same
    folder.

    Raises:
        FileNotFoundError: There is no such template.
    """
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    text = "".join(line for line in lines if not line.startswith("##"))
    return _INCLUDE.sub(lambda include: template_text(file.parent / include[1]).rstrip("\n"), text)


def mapping_template(file: Path, **constants: Constant) -> str:
    """Return the template after a line that sets each constant for it.

    >>> mapping_template(TEMPLATES / "stored.vtl", names=["a", "b"], maximum=3).splitlines()[:2]
    ['#set($names = ["a", "b"])', '#set($maximum = 3)']

    Raises:
        ValueError: A constant holds what VTL could read as code, or the text is over the limit.
    """
    assignments = [
        f"#set(${variable} = {_literal(value, f'{variable} of {file.name}')})"
        for variable, value in constants.items()
    ]
    text = "\n".join([*assignments, template_text(file)])
    if len(text.encode()) > MAX_TEMPLATE_BYTES:
        raise ValueError(
            f"{file.name} is over API Gateway's {MAX_TEMPLATE_BYTES} bytes for a template"
        )
    return text


def _literal(value: Constant, name: str) -> str:
    """Return the value as VTL writes it; `name` stands in the error."""
    if isinstance(value, int):
        return str(value)
    if not isinstance(value, str):
        return f"[{', '.join(_literal(one, name) for one in value)}]"
    if isinstance(value, Pattern):
        if not _ONE_STRING.fullmatch(value):
            raise ValueError(f"{name} must be printable ASCII without ', got {value!r}")
        return f"'{value}'"
    if not _PLAIN_TEXT.fullmatch(value):
        raise ValueError(f"{name} must be plain text for VTL, got {value!r}")
    return f'"{value}"'
