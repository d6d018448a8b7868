"""Files that are there whole or not at all."""

import os
import secrets
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from rrweb_store.errors import BadInputError


@contextmanager
def whole_file(path: Path, *, mode: int = 0o666, replace: bool = False) -> Generator[BinaryIO]:
    """Yield a file that gets its name when the block ends well, and else is gone.

    Args:
        path: What it is called in the end; until then it has `.part` and some letters behind it.
        mode: Of a new file, less the umask.
        replace: Whether a file of that name may be there already.

    Raises:
        BadInputError: It is there already, or cannot be written.
    """
    if path.exists() and not replace:
        raise BadInputError(f"{path} is there already: choose another name, or --force")
    part = path.with_name(f"{path.name}.part-{secrets.token_hex(4)}")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except OSError as error:
        raise BadInputError(f"cannot write {path}: {error.strerror}") from error
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
