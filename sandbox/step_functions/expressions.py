"""Lets MiniStack's interpreter read each JSONata expression once, and take its time.

By itself it parses an expression at each use, which is most of what an execution costs, and ends
one after a second of wall time. That second is AWS's, on AWS's machines: on a busy one an erasure
failed by it. This runs inside MiniStack's process, too, and imports nothing of the sandbox.
"""

from typing import Any


def install() -> None:
    """Replace how JSONata is read, for the whole process."""
    import jsonata  # noqa: PLC0415 - only where state machines run

    engine: Any = jsonata.Jsonata
    parser: Any = jsonata.Parser
    parse = parser.parse
    parsed: dict[tuple[Any, ...], Any] = {}

    def parse_once(self: Any, *given: Any) -> Any:
        if given not in parsed:
            parsed[given] = parse(self, *given)
        return parsed[given]

    def without_limit(expression: str, **_limit: Any) -> Any:
        return engine(expression)

    parser.parse = parse_once
    engine.jsonata = staticmethod(without_limit)
