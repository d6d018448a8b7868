"""Mapping templates as API Gateway renders them: Velocity with `$input`, `$util` and `$context`."""

import base64
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus, unquote_plus

from airspeed import operators
from airspeed.operators import Template, TemplateError
from jsonpath_ng import JSONPath
from jsonpath_ng.parser import parse

from sandbox.gateway.errors import GatewayError

# A Java map has it, and templates use it.
_AIRSPEED: Any = operators  # it has no types
_AIRSPEED.__additional_methods__[dict]["containsKey"] = dict.__contains__


@lru_cache(maxsize=256)
def _compiled(text: str) -> Template:
    return Template(text)


@lru_cache(maxsize=256)
def _json_path(expression: str) -> JSONPath:
    return parse(expression)


def render(text: str, variables: Mapping[str, Any]) -> str:
    """Return the rendered template.

    Raises:
        GatewayError: API_CONFIGURATION_ERROR: AWS answers 500 to a template that fails.
    """
    try:
        return _compiled(text).merge(dict(variables))
    except TemplateError as error:
        raise GatewayError("API_CONFIGURATION_ERROR", "Internal server error") from error


class Input:
    """`$input`: the body of the request, or of the service's answer, and the request's parameters.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
    """

    def __init__(
        self, body: str, path: dict[str, str], query: dict[str, str], header: dict[str, str]
    ) -> None:
        self.body = body or "{}"  # an empty payload reads as an empty object
        self._groups = {"path": path, "querystring": query, "header": header}
        self._parsed: Any = None

    def params(self, name: str | None = None) -> Any:
        """Return one parameter, sought in path, query and header in turn; or all, by group."""
        if name is None:
            return self._groups
        for group in self._groups.values():
            if name in group:
                return group[name]
        return ""

    def path(self, expression: str) -> Any:
        """Return what a JSONPath finds in the body, or an empty string."""
        if self._parsed is None:
            try:
                self._parsed = json.loads(self.body)
            except ValueError:
                self._parsed = {}
        if expression == "$":
            return self._parsed
        found = _json_path(expression).find(self._parsed)
        return found[0].value if found else ""

    def json(self, expression: str) -> str:
        """Return what a JSONPath finds in the body, as JSON."""
        return json.dumps(self.path(expression), ensure_ascii=False, separators=(",", ":"))


class Util:
    """`$util`: what a template may call. Names are AWS's."""

    def base64Encode(self, text: object) -> str:  # noqa: N802
        return base64.b64encode(str(text).encode("utf-8", errors="replace")).decode()

    def base64Decode(self, text: object) -> str:  # noqa: N802
        return base64.b64decode(str(text)).decode("utf-8", errors="replace")

    def urlEncode(self, text: object) -> str:  # noqa: N802
        return quote_plus(str(text), errors="replace")

    def urlDecode(self, text: object) -> str:  # noqa: N802
        return unquote_plus(str(text))

    def parseJson(self, text: object) -> Any:  # noqa: N802
        return json.loads(str(text))

    def escapeJavaScript(self, text: object) -> str:  # noqa: N802
        r"""Return the text for a JavaScript string: `'` becomes `\'`, which JSON does not have."""
        escaped = json.dumps(str(text))[1:-1]
        return escaped.replace("'", "\\'").replace("/", "\\/")
