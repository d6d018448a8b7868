"""Resident memory of processes, as Linux tells it in /proc.

Source: https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
"""

from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True, kw_only=True)
class Memory:
    """Of several processes: the sum, which counts a page once for each process that shares it."""

    now_bytes: int
    peak_bytes: int
    """The sum of each process's own peak; they need not have been at the same time."""
    processes: int


@dataclass(frozen=True, kw_only=True)
class Status:
    """What is needed of `/proc/<id>/status`."""

    parent: int
    now_bytes: int
    peak_bytes: int


def memory_of(process_id: int, *, with_children: bool) -> Memory | None:
    """Return the memory of a process, or of it and all that descend from it; None without /proc."""
    if not (PROC / "self" / "status").exists():
        return None
    every = {
        int(folder.name): status
        for folder in PROC.glob("[0-9]*")
        if (status := _status_of(folder)) is not None
    }
    ids = family(process_id, {one: status.parent for one, status in every.items()})
    chosen = [every[one] for one in (ids if with_children else ids & {process_id})]
    return Memory(
        now_bytes=sum(status.now_bytes for status in chosen),
        peak_bytes=sum(status.peak_bytes for status in chosen),
        processes=len(chosen),
    )


def family(process_id: int, parents: dict[int, int]) -> set[int]:
    """Return a process and all that descend from it, of those in `parents` (id to parent's id).

    >>> sorted(family(2, {2: 1, 3: 2, 4: 3, 5: 1}))
    [2, 3, 4]
    """
    found = {process_id} & parents.keys()
    while more := {one for one, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def parse_status(text: str) -> Status:
    r"""Return the fields of a `/proc/<id>/status`; a process that has ended uses no memory.

    >>> parse_status("Name:\tpython\nPPid:\t7\nVmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\n")
    Status(parent=7, now_bytes=1048576, peak_bytes=2097152)
    """
    fields = dict(line.split(":", 1) for line in text.splitlines() if ":" in line)
    now, peak = (int(fields.get(name, "0 kB").split()[0]) for name in ("VmRSS", "VmHWM"))
    return Status(parent=int(fields["PPid"]), now_bytes=now * 1024, peak_bytes=peak * 1024)


def _status_of(folder: Path) -> Status | None:
    try:
        return parse_status((folder / "status").read_text(encoding="utf-8", errors="replace"))
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return None  # ended in the meantime, or another user's
