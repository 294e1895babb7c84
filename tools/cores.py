"""Prints how many tests may run at once: the cores that are really ours, a container's share included."""

from __future__ import annotations

import os
from pathlib import Path

MOST_WORKERS = 8
CGROUP_LIMIT = Path("/sys/fs/cgroup/cpu.max")


def machine_cores(limit: Path = CGROUP_LIMIT) -> int:
    """The cores this process may use, at least 1."""
    mine = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        quota, period = limit.read_text().split()
        share = int(quota) // int(period)
    except (OSError, ValueError):
        share = mine
    return max(1, min(mine, share))


def workers(limit: Path = CGROUP_LIMIT) -> int:
    """As many as there are cores, up to where the browser and the databases are what everybody waits for."""
    return min(machine_cores(limit), MOST_WORKERS)


if __name__ == "__main__":
    print(workers())
