"""Counts what the tests send that run against a deployed stack, too: docs/deploy.md prices it."""

import dataclasses

import httpx

from operations.costs import Sent


class Spending:
    """Counts while it is on."""

    def __init__(self) -> None:
        self.is_on = False
        self.sent = Sent()

    def count(self, response: httpx.Response) -> None:
        """Do so as an event hook of httpx."""
        if self.is_on:
            self.sent = added(self.sent, spent_by(response))


def spent_by(response: httpx.Response) -> Sent:
    """Return what one answer of the API took."""
    request = response.request
    is_events = request.url.path.endswith("/events")
    is_batch = response.status_code == 202
    is_put = request.method in {"PUT", "POST"} and response.status_code == 200
    return Sent(
        calls=1,
        reads=int(request.method == "GET" and is_events),
        batches=int(is_batch),
        objects=int(is_batch or is_put),
        recordings=int(response.status_code == 201),
        stored_bytes=int(request.headers.get("Content-Length", 0)) * (is_batch or is_put),
    )


def added(one: Sent, other: Sent) -> Sent:
    """Return both together."""
    return Sent(**{name: value + getattr(other, name) for name, value in vars(one).items()})


def above(sent: Sent, most: Sent) -> dict[str, int]:
    """Return what is more than that, by name."""
    limits = dataclasses.asdict(most)
    return {name: value for name, value in vars(sent).items() if value > limits[name]}


SPENDING = Spending()
