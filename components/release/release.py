"""The release: one name for all that is deployed, the same on any machine for the same files."""

import hashlib
from pathlib import Path

_FILES = ("__main__.py", "Pulumi.yaml", "openapi.yaml", "requirements.txt")
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

    Contract, program, components, templates, the Lambda's archive, the site's build, the versions
    of what is installed and the defaults of the configuration count; tests, documents, policies,
    the sandbox and what a stack sets for itself do not.
    """
    together = hashlib.sha256()
    for path in release_files(project):
        name, content = path.relative_to(project).as_posix(), path.read_bytes()
        # The lengths keep two different trees from giving the same bytes.
        together.update(f"{len(name)}:{name}:{len(content)}:".encode() + content)
    # The letter keeps Pulumi from reading a digest of digits alone as a number.
    return f"r{together.hexdigest()[:_LENGTH]}"


def release_files(project: Path) -> list[Path]:
    """Return the files that make the release, in a stable order."""
    paths = [project / name for name in _FILES]
    for folder, patterns in _PARTS.items():
        for pattern in patterns:
            paths += [path for path in (project / folder).rglob(pattern) if path.is_file()]
    return sorted(set(paths), key=lambda path: path.relative_to(project).as_posix())
