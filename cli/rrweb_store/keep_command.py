"""The command that keeps a recording past its time, and ends that."""

import json
from collections.abc import Iterable
from typing import Any

import click

from rrweb_store.app import (
    App,
    json_option,
    pass_app,
    print_json,
    progress,
    recording_argument,
    say,
)
from rrweb_store.errors import NotFoundError, StoreError
from rrweb_store.one_file import asset_names
from rrweb_store.read_commands import stored_lines
from rrweb_store.recording_ref import RecordingRef

LOOK_EVERY_S = 2.0
# The contract's maxItems; a test compares them.
MOST_ASSETS = 1000
_PATIENCE_S = 600.0


@click.command()
@recording_argument
@click.option("--end", is_flag=True, help="Keep it no longer.")
@click.option("--wait", is_flag=True, help="Wait until it is kept, or no longer.")
@json_option
@pass_app
def keep(app: App, recording: str, end: bool, wait: bool, as_json: bool) -> None:
    """Keep a recording, with its pictures and fonts, past the time at which it would expire."""
    ref = app.ref(recording)
    app.api.call(ref.operation("getRecording"), ref.path)
    named: list[str] = []
    if end:
        answers = [app.api.call(ref.operation("endKeeping"), ref.path)]
    else:
        with progress("reading its events"):
            named = assets_in(stored_lines(app, ref))
        # What several requests name is kept together.
        pages = [named[at : at + MOST_ASSETS] for at in range(0, len(named), MOST_ASSETS)] or [[]]
        answers = [_keep(app, ref, page) for page in pages]
    if wait:
        _await(app, ref, is_end=end)
    told: list[dict[str, object]] = [answer.json() for answer in answers]
    if as_json:
        print_json(one if end else {**one, "assets": len(named)} for one in told)
        return
    for one in told:
        click.echo(one["executionId"])
    if not end:
        say(f"It refers to {len(named):,} files of its pages, which are kept with it.")


def assets_in(lines: Iterable[bytes]) -> list[str]:
    """Return the digests of the assets to which events refer, each once.

    >>> assets_in([b'{"data":"rrweb-asset:' + b"a" * 64 + b'"}', b'{"data":"' + b"b" * 64 + b'"}'])
    ['aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa']
    """
    return list(dict.fromkeys(name for line in lines for name in asset_names(line)))


def _keep(app: App, ref: RecordingRef, named: list[str]) -> Any:
    return app.api.call(
        ref.operation("keepRecording"),
        ref.path,
        headers={"Content-Type": "application/json"},
        content=json.dumps({"assets": named}).encode(),
    )


def _await(app: App, ref: RecordingRef, *, is_end: bool) -> None:
    """Return once the recording is kept, or no longer.

    Raises:
        StoreError: It has failed, or takes too long.
        NotFoundError: The recording is gone.
    """
    waited = 0.0
    with progress("ending" if is_end else "copying") as advance:
        while waited < _PATIENCE_S:
            answer = app.api.call(ref.operation("getRecording"), ref.path, known=frozenset({404}))
            if answer.status_code == 404:
                if is_end:
                    say("Its time was past: it is deleted.")
                    return
                raise NotFoundError("the recording has expired, or was deleted")
            found: dict[str, Any] = answer.json()
            state = found.get("keeping")
            if state == "failed":
                raise StoreError("the store could not do it: ask again, or tell its operator")
            if bool(found.get("kept")) != is_end and not (is_end and state == "ending"):
                return
            advance(0, "")
            app.sleep(LOOK_EVERY_S)
            waited += LOOK_EVERY_S
    raise StoreError(f"it is not done after {_PATIENCE_S:.0f} s, and goes on: rrweb-store show")
