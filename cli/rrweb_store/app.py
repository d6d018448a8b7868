"""App: what every command needs, and how it writes."""

import json
import sys
import time
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import click
import httpx
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn
from rich.table import Table

from rrweb_store.api import Api
from rrweb_store.recording_ref import RecordingRef, recording_ref
from rrweb_store.safe_text import printable
from rrweb_store.sign_ins import SignIns
from rrweb_store.store_config import StoreConfig, origin_of
from rrweb_store.tokens import Tokens

# An answer of the API ends within 29 s: API Gateway's limit.
_TIMEOUT = httpx.Timeout(40, connect=10)
# A pipe has no width, so nothing is wrapped or cut there.
_PIPE_WIDTH = 10_000

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass
class App:
    """The sign-ins of this user, and the store that the command line names."""

    folder: Path
    """Of the sign-ins."""
    site: str | None = None
    """Address of the replay site of another store than the newest sign-in's."""
    transport: httpx.BaseTransport | None = None
    sleep: Callable[[float], None] = field(default=time.sleep)

    @cached_property
    def http(self) -> httpx.Client:
        return httpx.Client(
            timeout=_TIMEOUT, transport=self.transport, headers={"User-Agent": "rrweb-store"}
        )

    @cached_property
    def sign_ins(self) -> SignIns:
        return SignIns(self.folder)

    @cached_property
    def tokens(self) -> Tokens:
        site = origin_of(self.site) if self.site else None
        return Tokens(self.http, self.sign_ins, self.sign_ins.get(site))

    @property
    def config(self) -> StoreConfig:
        return self.tokens.config

    @cached_property
    def api(self) -> Api:
        return Api(self.http, self.config.api_url, self.tokens, self.sleep)

    def read_sign_in_again(self) -> None:
        """Forget the token: another process may have renewed it, or signed in anew."""
        for name in ("tokens", "api"):
            self.__dict__.pop(name, None)

    def ref(self, text: str) -> RecordingRef:
        """Return the recording that an argument names."""
        return recording_ref(text, self.config.site_url)


pass_app = click.make_pass_decorator(App)
json_option = click.option("--json", "as_json", is_flag=True, help="JSON, for programs.")
recording_argument = click.argument("recording", metavar="RECORDING")


# -- output ----------------------------------------------------------------------------------------


def print_json(values: Iterable[object]) -> None:
    """Print one JSON value a line, in ASCII: no value can hold what a terminal acts on."""
    for value in values:
        click.echo(json.dumps(value))


def say(text: str) -> None:
    """Tell a person something on stderr."""
    click.echo(printable(text), err=True)


def print_table(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """Print rows, made harmless. On a terminal long cells are wrapped."""
    table = Table(box=None, pad_edge=False, show_edge=False, header_style="bold")
    for name in columns:
        table.add_column(name, overflow="fold", no_wrap=name in ("when", "at", "recording"))
    for row in rows:
        table.add_row(*map(printable, row))
    _print(table)


def print_fields(fields: Iterable[tuple[str, object]]) -> None:
    """Print names and values, one a line."""
    table = Table(box=None, pad_edge=False, show_edge=False, show_header=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in fields:
        table.add_row(name, printable(value))
    _print(table)


def _print(table: Table) -> None:
    is_terminal = sys.stdout.isatty()
    console = Console(
        file=sys.stdout,
        width=None if is_terminal else _PIPE_WIDTH,
        highlight=False,
        markup=False,
        emoji=False,
    )
    with console.capture() as captured:
        console.print(table)
    # rich fills each line with blanks.
    click.echo("\n".join(line.rstrip() for line in captured.get().split("\n")), nl=False)


@contextmanager
def progress(text: str, total: float | None = None) -> Generator[Callable[[float, str], None]]:
    """Yield a function that shows how far a long work is; without a terminal it shows nothing."""
    columns = [SpinnerColumn(), TextColumn("{task.description}", markup=False)]
    if total:
        columns += [BarColumn(), TaskProgressColumn()]
    console = Console(file=sys.stderr, highlight=False, markup=False, emoji=False)
    shown = Progress(
        *columns,
        TextColumn("{task.fields[more]}", markup=False),
        console=console,
        transient=True,
        disable=not sys.stderr.isatty(),
    )
    with shown:
        task = shown.add_task(printable(text), total=total, more="")

        def advance(done: float, more: str = "") -> None:
            shown.update(task, completed=done, more=printable(more))

        yield advance
