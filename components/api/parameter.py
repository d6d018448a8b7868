"""What the contract says of a parameter, for the templates and functions that enforce it."""

from components.api.contract import Document


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


def _parameter(contract: Document, name: str) -> Document:
    """Return the shared parameter of that key.

    Raises:
        KeyError: The contract has none.
    """
    return contract["components"]["parameters"][name]
