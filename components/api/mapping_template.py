"""Mapping templates: the files under `templates/` as API Gateway wants them, one text each."""

import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "templates"

_INCLUDE = re.compile(r'#parse\("([a-z_]+\.vtl)"\)')
_CONSTANT = re.compile(r"[A-Za-z0-9 _.,:;/+-]*")

# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
MAX_TEMPLATE_BYTES = 300 * 1024


@cache
def template_text(name: str) -> str:
    """Return the template of that file name, its comment lines left out, its `#parse` resolved.

    API Gateway has no loader, so Velocity's `#parse("other.vtl")` is replaced here by that file.

    Raises:
        FileNotFoundError: There is no such template.
    """
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines(keepends=True)
    text = "".join(line for line in lines if not line.startswith("##"))
    return _INCLUDE.sub(lambda include: template_text(include[1]).rstrip("\n"), text)


def mapping_template(name: str, **constants: str | int) -> str:
    """Return the template with a line in front that sets each constant for it.

    >>> mapping_template("stored.vtl", encoding="gzip").splitlines()[0]
    '#set($encoding = "gzip")'

    Raises:
        ValueError: A constant holds what VTL could read as code, or the text is over the limit.
    """
    assignments: list[str] = []
    for variable, value in constants.items():
        if isinstance(value, str) and not _CONSTANT.fullmatch(value):
            raise ValueError(f"{variable} of {name} must be plain text for VTL, got {value!r}")
        assignments.append(
            f'#set(${variable} = "{value}")'
            if isinstance(value, str)
            else f"#set(${variable} = {value})"
        )
    text = "\n".join([*assignments, template_text(name)])
    if len(text.encode()) > MAX_TEMPLATE_BYTES:
        raise ValueError(f"{name} is over API Gateway's {MAX_TEMPLATE_BYTES} bytes for a template")
    return text
