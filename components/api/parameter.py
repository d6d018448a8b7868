"""What the contract says of a parameter, for the templates and functions that enforce it."""

from collections.abc import Iterable

from components.api.contract import Document, operation_of, resolved


def pattern_of(contract: Document, name: str) -> str:
    """Return the parameter's regular expression, without anchors, for a match of the whole value.

    >>> pattern_of({"components": {"parameters": {"n": {"schema": {"pattern": "^[0-9]$"}}}}}, "n")
    '[0-9]'
    """
    return _parameter(contract, name)["schema"]["pattern"].removeprefix("^").removesuffix("$")


def rule_of(contract: Document, name: str) -> str:
    """Return the rule for the parameter as a sentence, for the detail of a problem.

    The first sentence of its description completes "<name> must be".

    >>> limit = {"name": "limit", "description": "An integer from 1 to 9. It is optional."}
    >>> rule_of({"components": {"parameters": {"limit": limit}}}, "limit")
    'limit must be an integer from 1 to 9.'
    """
    parameter = _parameter(contract, name)
    sentence = parameter["description"].split(". ")[0].removesuffix(".")
    return f"{parameter['name']} must be {sentence[0].lower()}{sentence[1:]}."


def patterns_of(contract: Document, names: Iterable[str]) -> dict[str, str]:
    """Return the pattern of each parameter that has one, as `<name>Pattern`."""
    restricted = [one for one in names if "pattern" in _parameter(contract, one)["schema"]]
    return {f"{one}Pattern": pattern_of(contract, one) for one in restricted}


def query_parameters(contract: Document, operation_id: str) -> list[str]:
    """Return the names of the operation's query parameters, all of which must be shared ones.

    Raises:
        ValueError: The contract has no such operation.
    """
    operation = operation_of(contract, operation_id)
    declared = [resolved(contract, one) for one in operation.get("parameters", [])]
    return [one["name"] for one in declared if one["in"] == "query"]


def _parameter(contract: Document, name: str) -> Document:
    """Return the shared parameter of that key.

    Raises:
        KeyError: The contract has none.
    """
    return contract["components"]["parameters"][name]
