"""What mutations do to a page, in whatever order they write the siblings that they add."""

from typing import Any

from tests.e2e.user import Event

Place = tuple[int, int | None]
"""A parent, and the child before which something stands; None is its end."""


def by_place(events: list[Event]) -> list[Event]:
    """Return the events with the added nodes of each as they come to stand in the page.

    The recorder writes siblings in another order than rrweb: web/recorder/src/sibling-order.ts.
    """
    return [_by_place(event) if "adds" in event["data"] else event for event in events]


def _by_place(event: Event) -> Event:
    places: dict[Place, list[dict[str, Any]]] = {}
    place_of: dict[int, Place] = {}
    for add in event["data"]["adds"]:
        next_id = add["nextId"]
        place = place_of.get(next_id, (add["parentId"], next_id))
        siblings = places.setdefault(place, [])
        ids = [node["id"] for node in siblings]
        siblings.insert(ids.index(next_id) if next_id in ids else len(ids), add["node"])
        place_of[add["node"]["id"]] = place
    return {**event, "data": {**event["data"], "adds": places}}
