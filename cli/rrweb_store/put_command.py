"""The command that brings recordings from files."""

from pathlib import Path

import click

from rrweb_store.app import App, json_option, pass_app, print_json, progress, say
from rrweb_store.errors import BadInputError, ForbiddenError
from rrweb_store.recording_files import recordings_in
from rrweb_store.recording_ref import SITE_ID, RecordingRef
from rrweb_store.safe_text import printable
from rrweb_store.uploads import Owner, store, upload_of


@click.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--to", "site", metavar="SITE", help="Into this site, in place of your own.")
@json_option
@pass_app
def put(app: App, files: tuple[Path, ...], site: str | None, as_json: bool) -> None:
    """Store the recordings of FILES.

    A file holds rrweb's events as a JSON array or NDJSON, gzipped or not, or is an export of
    PostHog's. All files are read before anything is sent. A file that is put again changes nothing.
    """
    uploads = [(one.name, upload_of(one)) for path in files for one in recordings_in(path)]
    owner = Owner(key=_write_key(app, site), site_id=site) if site else Owner()
    for name, upload in uploads:
        with progress(name, len(upload.batches)) as advance:
            is_new = store(app.api, owner, upload, lambda count, show=advance: show(count, ""))
        ref = RecordingRef(site_id=owner.site_id, recording_id=upload.recording_id)
        link = ref.link(app.config.site_url)
        if as_json:
            told = {"file": name, "recordingId": upload.recording_id, "new": is_new, "link": link}
            print_json([told])
        else:
            click.echo(f"{printable(name)}: {link}")
            if not is_new:
                say("It is there already, unchanged.")


def _write_key(app: App, site: str) -> str:
    """Return the key of a site that the user watches."""
    if not SITE_ID.fullmatch(site):
        raise BadInputError(f"{printable(site, 60)} is no id of a site")
    for one in app.api.call("listSites").json()["sites"]:
        if one["siteId"] == site:
            return str(one["writeKey"])
    raise ForbiddenError(f"you do not watch a site {site}: rrweb-store sites")
