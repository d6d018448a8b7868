"""The command that deletes a recording, or all recordings of a site's visitor."""

import sys
from typing import Any

import click

from rrweb_store.app import (
    App,
    json_option,
    pass_app,
    print_fields,
    print_json,
    print_table,
    progress,
    say,
)
from rrweb_store.errors import BadInputError, NotFoundError, StoreError
from rrweb_store.recording_ref import RecordingRef
from rrweb_store.safe_text import printable

# The machine waits at the least two and a half minutes before its last look.
LOOK_EVERY_S = 3.0
# An erasure is known within a second, as a rule.
_PATIENCE_S = 30.0


@click.command()
@click.argument("recording", metavar="RECORDING")
@click.option("--visitor", "of_visitor", is_flag=True, help="RECORDING is SITE/VISITOR: all of it.")
@click.option("-y", "--yes", is_flag=True, help="Ask nothing.")
@click.option("--wait", is_flag=True, help="Wait for its end, and print what was removed.")
@json_option
@pass_app
def delete(  # noqa: PLR0913, PLR0917 - click's
    app: App, recording: str, of_visitor: bool, yes: bool, wait: bool, as_json: bool
) -> int:
    """Delete a recording for ever: an id, SITE/ID, or the link of a replay."""
    ref = app.ref(recording)
    if of_visitor and ref.site_id is None:
        raise BadInputError("a visitor is of a site: give SITE/VISITOR")
    if of_visitor:
        path = {"siteId": str(ref.site_id), "visitorId": ref.recording_id}
        operation, reader = "deleteVisitor", "getVisitorErasure"
        what = f"all recordings of the visitor {ref.recording_id} of {ref.site_id}"
    else:
        path, operation = ref.path, ref.operation("deleteRecording")
        reader, what = ref.operation("getErasure"), _named(app, ref)
    if not yes and not _is_confirmed(what):
        say("Nothing was deleted.")
        return 1
    execution_id: str = app.api.call(operation, path).json()["executionId"]
    if not wait:
        if as_json:
            print_json([{"executionId": execution_id}])
        else:
            click.echo(execution_id)
        return 0
    erasure = _ended(app, reader, path, execution_id)
    if as_json:
        print_json([erasure])
    else:
        _print_certificate(erasure)
    if erasure["state"] == "failed":
        raise StoreError("the deletion failed: nobody can read the recording, but data are left")
    return 0


def _named(app: App, ref: RecordingRef) -> str:
    """Return what is deleted, in words. Raises NotFoundError."""
    found: dict[str, Any] = app.api.call(ref.operation("getRecording"), ref.path).json()
    title = str(found.get("pageTitle") or found.get("pageUrl") or "a page without a title")
    kept = ", which is kept" if found.get("kept") else ""
    return f"the recording {ref.recording_id} ({printable(title, 80)}){kept}"


def _is_confirmed(what: str) -> bool:
    if not sys.stdin.isatty():
        raise BadInputError("delete asks before it deletes: add --yes where nobody can answer")
    return click.confirm(f"Delete {what}? This cannot be undone.", err=True)


def _ended(app: App, reader: str, path: dict[str, str], execution_id: str) -> dict[str, Any]:
    """Return the erasure once it has ended.

    Raises:
        NotFoundError: There was nothing to erase.
    """
    waited = 0.0
    with progress("deleting") as advance:
        while True:
            answer = app.api.call(reader, path, known=frozenset({404}))
            erasure: dict[str, Any] = answer.json() if answer.is_success else {}
            # One that runs under another id was asked for at the same time.
            is_earlier = erasure.get("executionId") != execution_id
            is_running = erasure.get("state") == "removing"
            if erasure and not is_running and not (is_earlier and waited < _PATIENCE_S):
                return erasure
            if not erasure and waited >= _PATIENCE_S:
                raise NotFoundError("there was nothing to delete: it has expired, or never was")
            advance(0, "hidden from all readers" if is_running else "")
            app.sleep(LOOK_EVERY_S)
            waited += LOOK_EVERY_S


def _print_certificate(erasure: dict[str, Any]) -> None:
    print_fields([("execution", erasure["executionId"]), ("state", erasure["state"])])
    removed: dict[str, dict[str, int]] = erasure.get("removed", {})
    rows = [(kind, f"{one['objects']:,}", f"{one['bytes']:,}") for kind, one in removed.items()]
    if rows:
        print_table(("kind", "objects", "bytes"), rows)
