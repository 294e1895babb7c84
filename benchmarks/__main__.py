"""Runs the benchmarks: python -m benchmarks [NAME...]

A benchmark is a module here with a `main()` that prints its own table. Before any of them a fixed piece of
plain Python is timed, so that whoever reads an absolute figure on another machine knows how far that one is
from this.
"""

from __future__ import annotations

import importlib
import pkgutil
import platform
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tools.cores import machine_cores

CALIBRATION_STEPS = 5_000_000
CALIBRATION_ROUNDS = 5


def calibrate() -> float:
    """Seconds that a fixed pure-Python loop takes here: the best of a few rounds, the least disturbed."""
    return min(_one_round() for _ in range(CALIBRATION_ROUNDS))


def _one_round() -> float:
    begun = time.perf_counter()
    total = 0
    for step in range(CALIBRATION_STEPS):
        total += step & 7
    return time.perf_counter() - begun


def benchmarks() -> dict[str, Callable[[], object]]:
    """Each module here that can be run, by name."""
    names = sorted(module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    found = {}
    for name in names:
        # A name with an underscore before it is what benchmarks share.
        if not name.startswith("_"):
            main = getattr(importlib.import_module(f"benchmarks.{name}"), "main", None)
            if main is not None:
                found[name] = main
    return found


def main(wanted: Sequence[str]) -> int:
    """Run the benchmarks named, or all; 2 for a name that is none."""
    known = benchmarks()
    unknown = [name for name in wanted if name not in known]
    if unknown:
        print(f"No benchmark is called {', '.join(unknown)}. There are: {', '.join(known)}.", file=sys.stderr)
        return 2
    print(f"Python {platform.python_version()}, {machine_cores()} cores")
    print(f"calibration: {calibrate():.3f} s for {CALIBRATION_STEPS:,} steps of a plain Python loop")
    for name in wanted or known:
        print(f"\n{name}\n{'=' * len(name)}", flush=True)
        known[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
