"""Prints how many tests may run side by side: the cores that are really ours, a container's share included."""

from __future__ import annotations

import os
from pathlib import Path

MOST = 8
CGROUP_LIMIT = Path("/sys/fs/cgroup/cpu.max")


def cores(limit: Path = CGROUP_LIMIT) -> int:
    """At least 1, at most MOST: beyond that the browser and the databases are what everybody waits for."""
    mine = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        quota, period = limit.read_text().split()
        share = int(quota) // int(period)
    except (OSError, ValueError):
        share = mine
    return max(1, min(mine, share, MOST))


if __name__ == "__main__":
    print(cores())
