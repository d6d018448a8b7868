"""Which folder imports which: as docs/architecture.md says, and never in a circle."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

from sandbox.program import PROJECT

PAGE = (PROJECT / "docs" / "architecture.md").read_text(encoding="utf-8")
# The command line is a project of its own, whose package has another name than its folder.
FOLDER_OF = {path.parent.name: path.parent.name for path in PROJECT.glob("*/__init__.py")} | {
    "rrweb_store": "cli"
}
FOLDERS = sorted(set(FOLDER_OF.values()) - {"tests"})


def room_of(parts: tuple[str, ...]) -> str:
    """Return the folder that a module belongs to, of which `components` has several.

    >>> room_of(("components", "api", "rest_api")), room_of(("sandbox", "gateway", "api"))
    ('components/api', 'sandbox')
    """
    if parts[0] == "components":
        return "/".join(parts[:2])
    return FOLDER_OF.get(parts[0], parts[0])


def imported_rooms(path: Path) -> Iterator[str]:
    """Yield the folder of each module of this repository that a file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        modules = (tuple(name.split(".")) for name in names)
        yield from (room_of(parts) for parts in modules if parts[0] in FOLDER_OF)


@cache
def imports() -> dict[str, set[str]]:
    """Return each folder with the other folders that its files import."""
    paths = [path for name in FOLDERS for path in (PROJECT / name).rglob("*.py")]
    found: dict[str, set[str]] = {}
    for path in (PROJECT / "__main__.py", *paths):
        room = room_of(path.relative_to(PROJECT).parts)
        found.setdefault(room, set()).update(set(imported_rooms(path)) - {room})
    del found["components/__init__.py"]
    return found


def test_each_folder_imports_what_the_page_of_the_architecture_says() -> None:
    rows = re.findall(r"^\| \[`([\w/.]+)`\]\(\S+\) \| .+ \| (.*?) ?\|$", PAGE, re.MULTILINE)

    documented = {
        room: set(re.findall(r"`([\w/]+)`", others))
        for room, others in rows
        if not room.startswith("web/")
    }
    assert documented == imports()


def test_no_folders_import_each_other_in_a_circle() -> None:
    assert set(TopologicalSorter(imports()).static_order()) == set(imports())


def test_every_file_that_a_change_goes_to_exists() -> None:
    table = PAGE.partition("## Where each kind of change goes")[2]
    paths = set(re.findall(r"`([\w.-]+(?:/[\w.-]+)+|[\w-]+\.(?:py|yaml))`", table))

    assert len(paths) > 20
    assert sorted(path for path in paths if not (PROJECT / path).exists()) == []
