"""What is deployed, as one name: the same files give the same release, on any machine."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

# Folder -> the files in it that reach a stack; what a run leaves beside them does not.
_PARTS = {
    "components": ("*.py", "*.vtl", "*.js"),
    "handlers": ("*.py",),
    # Made by the site's build; a release without a site is another release.
    "web/site/dist": ("*",),
}
_LENGTH = 16


def release_of(project: Path) -> str:
    """Return the release that the project's files make: `r` and 16 hexadecimal digits.

    Contract, program, components, templates, the Lambda's archive and the site's build count;
    tests, documents, the sandbox and the configuration of a stack do not.
    """
    together = hashlib.sha256()
    for name, content in sorted(_files(project)):
        # The lengths make it impossible that two trees read the same.
        together.update(f"{len(name)}:{name}:{len(content)}:".encode() + content)
    # The letter keeps Pulumi from taking one without any for a number.
    return f"r{together.hexdigest()[:_LENGTH]}"


def _files(project: Path) -> Iterator[tuple[str, bytes]]:
    paths = [project / "__main__.py", project / "openapi.yaml", project / "requirements.txt"]
    for folder, patterns in _PARTS.items():
        for pattern in patterns:
            paths += [path for path in (project / folder).rglob(pattern) if path.is_file()]
    for path in set(paths):
        yield path.relative_to(project).as_posix(), path.read_bytes()
