"""The rules of the house: python -m tools.check [NAME...]

One line a check with its verdict; a check that fails shows what broke it, and the others go on.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tools.checks import (
    commits,
    dead_code,
    long_files,
    migrations,
    orphans,
    programs,
    requirements,
    styles,
    templates,
    tests_run,
    traces,
)
from tools.cores import machine_cores

ROOT = Path(__file__).resolve().parent.parent
MOST_SHOWN = 60

Check = Callable[[Path], list[str]]

# The slow ones first: they run side by side.
CHECKS: dict[str, Check] = {
    "types": programs.types,
    "migrations": migrations.check,
    "dead-code": dead_code.check,
    "imports": programs.imports,
    "format": programs.formatting,
    "lint": programs.lint,
    "long-files": long_files.check,
    "commits": commits.check,
    "tests-run": tests_run.check,
    "templates": templates.check,
    "orphans": orphans.check,
    "styles": styles.check,
    "traces": traces.check,
    "requirements": requirements.check,
}


def main(wanted: Sequence[str]) -> int:
    """Run the checks named, or all; 1 where one found something, 2 for a name that is none."""
    unknown = [name for name in wanted if name not in CHECKS]
    if unknown:
        print(f"No check is called {', '.join(unknown)}. There are: {', '.join(CHECKS)}.", file=sys.stderr)
        return 2
    chosen = {name: check for name, check in CHECKS.items() if not wanted or name in wanted}
    with ThreadPoolExecutor(machine_cores()) as pool:
        running = {name: pool.submit(run_one, check, ROOT) for name, check in chosen.items()}
        verdicts = [report(name, *future.result()) for name, future in running.items()]
    return 0 if all(verdicts) else 1


def run_one(check: Check, root: Path) -> tuple[list[str], float]:
    """What the check found and the seconds it took; a check that breaks has found that."""
    begun = time.perf_counter()
    try:
        problems = check(root)
    except Exception as error:  # noqa: BLE001 - the other checks go on
        problems = [f"the check itself failed: {type(error).__name__}: {error}"]
    return problems, time.perf_counter() - begun


def report(name: str, problems: list[str], seconds: float) -> bool:
    """Print the verdict; whether it is good."""
    verdict = f"FAILED, {len(problems)} found" if problems else "ok"
    print(f"{name:<14}{verdict} ({seconds:.1f} s)", flush=True)
    for problem in problems[:MOST_SHOWN]:
        print(f"    {problem}")
    if len(problems) > MOST_SHOWN:
        print(f"    and {len(problems) - MOST_SHOWN} more")
    return not problems


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
