"""The filters of the lists: what each parameter asks of an item, and which index serves them."""

from collections.abc import Sequence
from dataclasses import dataclass

from components.api.contract import Document
from components.api.mapping_template import Constant, Pattern
from components.api.parameter import pattern_of
from components.store.recordings_table import BY_VISITOR, NEWEST_FIRST, TROUBLED

PAGING = ("limit", "cursor")
# Conditions on the key of an index, which read nothing that they do not list.
OF_THE_KEY = ("from", "to", "visitor")
# Each lists recordings in which that went wrong once or more often: they are in an index of their
# own. The facts have the same names.
TROUBLES = ("errors", "failedRequests", "rageClicks", "deadClicks")

# A #foreach of API Gateway has as many iterations at most, and DynamoDB ends a page at 1 MB anyway.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
MAX_LOOKED_THROUGH = 1_000


@dataclass(frozen=True, kw_only=True)
class Filter:
    """A parameter, as a condition on attributes of what an index has found."""

    attributes: tuple[str, ...]
    """It must hold for one of them."""
    function: str = ""
    """Takes an attribute and the value, such as `contains`."""
    operator: str = ""
    """Stands between the two, such as `>=`."""
    kind: str = "S"
    """Of the value: `S`, `N`, or `zero`, whatever the parameter says."""

    def row(self, name: str) -> list[str | list[str]]:
        """Return what query.vtl needs: names, what stands around them, and the kind."""
        attributes = list(self.attributes)
        if self.function:
            return [name, attributes, f"{self.function}(", ", ", ")", self.kind]
        return [name, attributes, "", f" {self.operator} ", "", self.kind]


FILTERS = {
    # The first address is known before any fact.
    "page": Filter(attributes=("pages", "pageUrl"), function="contains"),
    "user": Filter(attributes=("user",), function="contains"),
    # Of a set, what it contains is a whole member.
    "tag": Filter(attributes=("tags",), function="contains"),
    "event": Filter(attributes=("events",), function="contains"),
    "browser": Filter(attributes=("browser",), function="begins_with"),
    "device": Filter(attributes=("device",), function="begins_with"),
    "minDurationMs": Filter(attributes=("durationMs",), operator=">=", kind="N"),
    **{name: Filter(attributes=(name,), operator=">", kind="zero") for name in TROUBLES},
}


def filter_constants(contract: Document, names: Sequence[str]) -> dict[str, Constant]:
    """Return what query.vtl reads, for a list with parameters of these names.

    Raises:
        ValueError: There is a parameter that no template asks for.
    """
    if unknown := sorted({*names} - {*PAGING, *OF_THE_KEY, *FILTERS}):
        raise ValueError(
            f"components/store/recording_filters.py does not know the filter {unknown[0]}"
        )
    cursor = rf"(?:0|[1-9][0-9]{{0,15}})[.]{pattern_of(contract, 'recordingId')}"
    patterns = {name: pattern_of(contract, name) for name in names if name != "cursor"}
    return {
        "patterns": [[name, Pattern(one)] for name, one in {**patterns, "cursor": cursor}.items()],
        "filters": [one.row(name) for name, one in FILTERS.items() if name in names],
        "troubles": list(TROUBLES),
        "maxLookedThrough": MAX_LOOKED_THROUGH,
        "newestFirst": NEWEST_FIRST,
        "byVisitor": BY_VISITOR,
        "troubled": TROUBLED,
    }
