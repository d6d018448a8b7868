"""`export`: a recording as a file of events, as one page, as pictures, or as a video."""

import shutil
import sys
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import click

from rrweb_store.app import App, pass_app, progress, recording_argument, say
from rrweb_store.chromium import chromium_path
from rrweb_store.cut import Cut, moment_ms
from rrweb_store.entry import clock
from rrweb_store.errors import BadInputError
from rrweb_store.events import event_of
from rrweb_store.filters import length_ms
from rrweb_store.one_file import OneFile, fetch_template, write_one_file
from rrweb_store.pictures import save_pictures
from rrweb_store.private_file import whole_file
from rrweb_store.read_commands import stored_lines, stored_pages
from rrweb_store.recording_ref import RecordingRef
from rrweb_store.video import save_video


def _moment(
    _context: click.Context, _parameter: click.Parameter, value: str | None
) -> float | None:
    try:
        return None if value is None else float(moment_ms(value))
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def _length(_context: click.Context, _parameter: click.Parameter, value: str) -> int:
    try:
        length = length_ms(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
    if length < 100:
        raise click.BadParameter("the least is 100ms")
    return length


@click.command()
@recording_argument
@click.option("-o", "--output", metavar="FILE", help="Default: the recording's id; - for stdout.")
@click.option(
    "--format",
    "kind",
    type=click.Choice(["ndjson", "json"]),
    default="ndjson",
    show_default=True,
    help="json is one array, as rrweb's player takes it.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--html", metavar="FILE", help="One page that plays offline; - for stdout.")
@click.option("--images", metavar="DIR", help="PNG pictures; needs Chromium.")
@click.option("--video", metavar="FILE", help="A film, FILE.webm; needs Chromium.")
@click.option(
    "--every",
    metavar="LENGTH",
    default="10s",
    show_default=True,
    callback=_length,
    help="Between two pictures.",
)
@click.option("--at-errors", is_flag=True, help="A picture at each error, in place of --every.")
@click.option("--from", "from_ms", metavar="MOMENT", callback=_moment, help="75, 1m15s, 1h2m3s.")
@click.option("--to", "to_ms", metavar="MOMENT", callback=_moment, help="Default: the end.")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@pass_app
def export(  # noqa: PLR0913, PLR0917 - click's
    app: App,
    recording: str,
    output: str | None,
    kind: str,
    as_json: bool,
    html: str | None,
    images: str | None,
    video: str | None,
    every: int,
    at_errors: bool,
    from_ms: float | None,
    to_ms: float | None,
    force: bool,
) -> None:
    """Write a recording to a file, which is there whole or not at all.

    Without --html, --images or --video its events are written.
    """
    ref = app.ref(recording)
    cut = _cut(from_ms, to_ms)
    if html is None and images is None and video is None:
        kind = "json" if as_json else kind
        # The id's pattern lets it be a name of a file in this folder, and nothing else.
        path = Path(output or f"{ref.recording_id}.{kind}")
        _export_events(app, ref, path, cut, kind=kind, force=force)
        return
    if len([one for one in (html, images, video) if one is not None]) > 1 or output or as_json:
        raise click.UsageError("choose one of --html, --images, --video and the events")
    if html is not None:
        _export_page(app, ref, Path(html), cut, force=force)
        return
    # Before anything is read: without it nothing can be drawn.
    browser = chromium_path()
    if video is not None and Path(video).suffix != ".webm":
        raise click.BadParameter("a film is WebM: name it something.webm", param_hint="--video")
    with tempfile.TemporaryDirectory(prefix="rrweb-store-") as folder:
        page = Path(folder) / "page.html"
        with page.open("wb") as file:
            _write_page(app, ref, file, page.name, cut)
        if images is not None:
            saved = save_pictures(
                browser,
                page,
                Path(images),
                from_ms=cut.from_ms if cut else 0.0,
                every_ms=None if at_errors else every,
                replace=force,
            )
            say(f"{images}: {saved:,} pictures")
        if video is not None:
            with whole_file(Path(video), replace=force) as film:
                written = save_video(browser, page, film)
            say(f"{video}: {written:,} bytes")


def _export_events(  # noqa: PLR0913 - each a fact of its own
    app: App, ref: RecordingRef, path: Path, cut: Cut | None, *, kind: str, force: bool
) -> None:
    found = _recording(app, ref)
    duration = found.get("durationMs")
    total = float(duration) if isinstance(duration, int) and duration > 0 else None
    written = 0
    with _output(path, force=force) as file, progress(f"{path.name}", total) as advance:
        start = None
        for number, line in enumerate(_cut_lines(stored_lines(app, ref), cut)):
            file.write(_framed(line, number, kind))
            written += len(line) + 1
            if number % 50 == 0:
                event = event_of(line)
                at = float(event["timestamp"]) if event else 0.0
                start = at if start is None else start
                advance(at - start, f"{written / 1e6:,.1f} MB")
        _check(cut)
        if kind == "json":
            file.write(b"\n]\n" if written else b"[]\n")
        elif written:
            file.write(b"\n")
    if str(path) != "-":
        say(f"{path}: {written:,} bytes")


def _export_page(app: App, ref: RecordingRef, path: Path, cut: Cut | None, *, force: bool) -> None:
    if str(path) == "-":
        # Not before all of it is there: it may turn out to be too large.
        with tempfile.TemporaryFile() as file:
            _write_page(app, ref, file, "page", cut)
            file.seek(0)
            shutil.copyfileobj(file, sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return
    with whole_file(path, replace=force) as file:
        written = _write_page(app, ref, file, path.name, cut)
    say(f"{path}: {written:,} bytes. Whoever has it can see the recording.")


def _write_page(app: App, ref: RecordingRef, file: BinaryIO, name: str, cut: Cut | None) -> int:
    found = _recording(app, ref)
    duration = found.get("durationMs")
    total = float(duration) if isinstance(duration, int) and duration > 0 else None
    template = fetch_template(app.http, app.config.site_url)
    made = OneFile(file, app.api, ref)
    with progress(name, total) as advance:
        pages = stored_pages(app, ref)
        write_one_file(made, template, pages, recording=found, cut=cut, advance=advance)
    _check(cut)
    if made.missing_assets:
        say(f"Missing in the file: {len(made.missing_assets)} pictures, fonts or style sheets.")
        for sha256 in made.missing_assets[:20]:
            say(f"  {sha256}")
    return made.written


def _recording(app: App, ref: RecordingRef) -> dict[str, Any]:
    return app.api.call(ref.operation("getRecording"), ref.path).json()


def _cut(from_ms: float | None, to_ms: float | None) -> Cut | None:
    if from_ms is None and to_ms is None:
        return None
    cut = Cut(from_ms or 0.0, float("inf") if to_ms is None else to_ms)
    if cut.to_ms <= cut.from_ms:
        raise click.UsageError(f"--to {clock(cut.to_ms)} must be after --from {clock(cut.from_ms)}")
    return cut


def _cut_lines(lines: Iterator[bytes], cut: Cut | None) -> Iterator[bytes]:
    if cut is None:
        yield from lines
        return
    for line in lines:
        yield from cut.add(line)
        # A batch may be a little out of order.
        if cut.is_over and cut.last_ms > cut.to_ms + 60_000:
            break
    yield from cut.end()


def _check(cut: Cut | None) -> None:
    if cut and cut.from_ms > cut.last_ms:
        raise BadInputError(
            f"--from {clock(cut.from_ms)} is after the end: the recording has {clock(cut.last_ms)}"
        )


def _framed(line: bytes, number: int, kind: str) -> bytes:
    """Return what stands in a file for a line."""
    if kind == "json":
        return (b",\n" if number else b"[\n") + line
    return (b"\n" if number else b"") + line


@contextmanager
def _output(path: Path, *, force: bool) -> Generator[BinaryIO]:
    if str(path) == "-":
        out = sys.stdout.buffer
        yield out
        out.flush()
        return
    with whole_file(path, replace=force) as file:
        yield file
