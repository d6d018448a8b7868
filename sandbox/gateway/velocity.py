"""Renders mapping templates as API Gateway does: Velocity with `$input`, `$util`, `$context`."""

import base64
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, cast
from urllib.parse import quote_plus, unquote_plus

from airspeed import operators
from airspeed.operators import Template, TemplateError
from jsonpath_ng import JSONPath
from jsonpath_ng.parser import parse

from sandbox.gateway.errors import GatewayError

_AIRSPEED: Any = operators  # it has no types


class _JsonArray(list[Any]):
    """An array from JSON. Its text is JSON, unlike that of a list that a template makes."""


class Overrides(dict[str, Any]):
    """Overrides of a template by name; overriding a name twice is an error.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-override-request-response-parameters.html
    """

    def __setitem__(self, name: str, value: Any) -> None:
        if name in self:
            raise ValueError(f"{name} is overridden twice")
        super().__setitem__(name, value)


def _java(value: Any) -> str:
    """Return the text of a value in the form of Java.

    Recorded: `test_input_path_template_formatting` of localstack's test_apigateway_common.py.

    >>> _java({"a": {"b": None}, "c": _JsonArray([{"d": True}])})
    '{a={b=null}, c=[{"d":true}]}'
    >>> _java(["a", "b"])
    '[a, b]'
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value).items()
        return "{" + ", ".join(f"{name}={_java(one)}" for name, one in members) + "}"
    if isinstance(value, _JsonArray):
        return _compact(value)
    if isinstance(value, list):
        return "[" + ", ".join(map(_java, cast("list[Any]", value))) + "]"
    return str(value)


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _loaded(text: str) -> Any:
    return _with_arrays(json.loads(text))


def _with_arrays(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _with_arrays(one) for name, one in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        return _JsonArray(map(_with_arrays, cast("list[Any]", value)))
    return value


_variable_value: Any = _AIRSPEED.VariableExpression.calculate
_sub_value: Any = _AIRSPEED.SubExpression.calculate


def _silent_variable(variable: Any, *arguments: Any) -> Any:
    """Return "" for a missing or null value, so that it equals both.

    Recorded: `invalid-path` of `test_input_path_template_formatting` in localstack's
    test_apigateway_common.py, and `$foo.bar.stuff != ''` in test_apigateway_kinesis.py.
    """
    value = _variable_value(variable, *arguments)
    return "" if value is None else value


def _silent_sub(sub: Any, current: Any, *arguments: Any) -> Any:
    is_index = isinstance(sub.expression, _AIRSPEED.ArrayIndex)
    return "" if is_index and current in (None, "") else _sub_value(sub, current, *arguments)


_AIRSPEED.VariableExpression.calculate = _silent_variable
_AIRSPEED.SubExpression.calculate = _silent_sub
_AIRSPEED.value_to_string = _java
_METHODS: dict[type, dict[str, Any]] = _AIRSPEED.__additional_methods__
_METHODS[dict] |= {"containsKey": dict.__contains__, "toString": _java}
_METHODS[Overrides] = {**_METHODS[dict], "put": Overrides.__setitem__}
_METHODS[list]["toString"] = _java
_METHODS[_JsonArray] = _METHODS[list]
_METHODS[str]["toString"] = str


@lru_cache(maxsize=256)
def _compiled(text: str) -> Template:
    return Template(text)


@lru_cache(maxsize=256)
def _json_path(expression: str) -> JSONPath:
    return parse(expression)


def render(text: str, variables: Mapping[str, Any]) -> str:
    """Return the rendered template.

    Raises:
        GatewayError: API_CONFIGURATION_ERROR, since AWS answers 500 when a template fails.
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
        """Return one parameter, from path, query or header in that order; or all, by group."""
        if name is None:
            return self._groups
        for group in self._groups.values():
            if name in group:
                return group[name]
        return ""

    def path(self, expression: str) -> Any:
        """Return the value of a JSONPath in the body, or an empty string."""
        if self._parsed is None:
            try:
                self._parsed = _loaded(self.body)
            except ValueError:
                self._parsed = {}
        if expression == "$":
            return self._parsed
        found = _json_path(expression).find(self._parsed)
        return found[0].value if found else ""

    def json(self, expression: str) -> str:
        """Return the value of a JSONPath in the body, as JSON."""
        return _compact(self.path(expression))


class Util:
    """`$util`: the functions of templates, with AWS's names."""

    def base64Encode(self, text: object) -> str:  # noqa: N802
        return base64.b64encode(str(text).encode("utf-8", errors="replace")).decode()

    def base64Decode(self, text: object) -> str:  # noqa: N802
        return base64.b64decode(str(text)).decode("utf-8", errors="replace")

    def urlEncode(self, text: object) -> str:  # noqa: N802
        return quote_plus(str(text), errors="replace")

    def urlDecode(self, text: object) -> str:  # noqa: N802
        return unquote_plus(str(text))

    def parseJson(self, text: object) -> Any:  # noqa: N802
        return _loaded(str(text))

    def escapeJavaScript(self, text: object) -> str:  # noqa: N802
        r"""Return the text for a JavaScript string: `'` becomes `\'`, which JSON does not have."""
        escaped = json.dumps(str(text))[1:-1]
        return escaped.replace("'", "\\'").replace("/", "\\/")
