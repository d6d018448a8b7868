"""Tool: what an agent may call, described for a model that has never seen the product."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Generic, TypeVar

from pydantic import Field

from rrweb_store.agent.answers import Answer, Input, Output
from rrweb_store.agent.readings import Reading, Readings
from rrweb_store.app import App
from rrweb_store.one_file import fetch_template
from rrweb_store.pictures import picture_at
from rrweb_store.recording_ref import RecordingRef

RecordingName = Annotated[
    str,
    Field(
        min_length=1,
        max_length=300,
        description=(
            "Which recording, as other tools name it: SITE/ID, ID for one of the user's own, or "
            "the link of a replay."
        ),
    ),
]

Given = TypeVar("Given", bound=Input)


@dataclass
class Desk:
    """What every tool works with."""

    app: App
    readings: Readings = field(default_factory=Readings)

    def ref(self, recording: str) -> RecordingRef:
        return self.app.ref(recording)

    def read(self, recording: str) -> Reading:
        """Return all events of a recording."""
        return self.readings.read(self.app.api, self.ref(recording))

    def picture(self, recording: str, reading: Reading, at_ms: float) -> bytes:
        """Return a PNG of a recording at a moment."""
        ref, app = self.ref(recording), self.app
        facts = app.api.call(ref.operation("getRecording"), ref.path).json()
        template = fetch_template(app.http, app.config.site_url)
        return picture_at(app.api, ref, template, reading.page, facts, at_ms)


@dataclass(frozen=True, kw_only=True)
class Tool(Generic[Given]):
    name: str
    title: str
    description: str
    given: type[Given]
    output: type[Output]
    run: Callable[[Desk, Given], Answer]
    destroys: bool = False
    """It deletes, so it is there only if the user has allowed that."""
