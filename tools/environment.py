"""Makes `.venv` what the requirement files say: python -m tools.environment run|dev

Runs with the machine's own Python, before anything is installed, so it uses the standard library alone.

The stamp inside `.venv` is written last. An installation that was cut short has none and is made again from
the start; so is one of another Python, of a checkout that has moved, or of other requirements: what an older
list left behind would hide that something is missing from the new one. Only the step from `run` to `dev` adds
to what is there.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.system_packages import bring_pdf_libraries, install, install_command

ROOT = Path(__file__).resolve().parent.parent
STAMP = "sixfold-stamp.json"
REQUIREMENTS = {"run": "requirements.txt", "dev": "requirements-dev.txt"}


def main(kind: str, root: Path = ROOT) -> int:
    """Make `root`/.venv ready for `kind`; 0 where it is."""
    with _alone(root):
        if is_ready(root, kind):
            return 0
        return build(root, kind)


def wanted(root: Path, kind: str) -> dict[str, str]:
    """What the stamp says of an environment that serves `kind`."""
    stamp = {
        "python": sys.version.split()[0],
        "base": os.path.realpath(sys.executable),
        "place": str(root / ".venv"),
        "run": _digest(root / REQUIREMENTS["run"]),
    }
    if kind == "dev":
        stamp["dev"] = _digest(root / REQUIREMENTS["dev"])
    return stamp


def is_ready(root: Path, kind: str) -> bool:
    """Whether the environment there is whole and of today's requirements."""
    return wanted(root, kind).items() <= _read_stamp(root).items()


def build(root: Path, kind: str) -> int:
    """Install into `.venv`, new or, from `run` to `dev`, on top; 0 where it went well."""
    venv = root / ".venv"
    only_dev_is_missing = kind == "dev" and is_ready(root, "run")
    if not only_dev_is_missing:
        if not _can_make_venvs():
            return 1
        print(f"Making .venv with Python {sys.version.split()[0]}; this happens once.", flush=True)
        shutil.rmtree(venv, ignore_errors=True)
        # The real one: started from within `.venv`, ours has just been removed.
        if subprocess.run(
            [os.path.realpath(sys.executable), "-m", "venv", str(venv)], check=False
        ).returncode:
            return 1
    else:
        (venv / STAMP).unlink(missing_ok=True)
    print(f"Installing {REQUIREMENTS[kind]}.", flush=True)
    pip = [str(venv / "bin" / "python"), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    # Python compiles what is imported; compiling all that nobody ever imports takes pip twenty seconds.
    words = [*pip, "--no-compile", "--require-hashes", "-r", REQUIREMENTS[kind]]
    done = subprocess.run(words, cwd=root, check=False)
    if done.returncode:
        print(f"{REQUIREMENTS[kind]} could not be installed; pip says why above.", file=sys.stderr)
        return 1
    # Here and not at each start: it may ask the network, and a clinic's server is started often.
    bring_pdf_libraries()
    write_stamp(root, kind)
    return 0


def write_stamp(root: Path, kind: str) -> None:
    """Say what has been installed, in one step: a stamp is whole or absent."""
    stamp = root / ".venv" / STAMP
    draft = stamp.with_suffix(".draft")
    draft.write_text(json.dumps(wanted(root, kind), indent=1))
    draft.replace(stamp)


def _read_stamp(root: Path) -> dict[str, str]:
    try:
        stamp = json.loads((root / ".venv" / STAMP).read_text())
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) and (root / ".venv/bin/python").exists() else {}


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _can_make_venvs() -> bool:
    """Debian's python3 has `venv` in a package of its own."""
    if _has_venv():
        return True
    ours = sys.version_info[:2] == _distribution_python()
    package = "python3-venv" if ours else f"python3.{sys.version_info.minor}-venv"
    if install([package]) and _has_venv():
        return True
    print(f"This Python cannot make virtual environments. Run: {install_command([package])}", file=sys.stderr)
    return False


def _has_venv() -> bool:
    """Asked of a new process: this one remembers what was missing."""
    asked = subprocess.run([sys.executable, "-c", "import venv, ensurepip"], capture_output=True, check=False)
    return asked.returncode == 0


def _distribution_python() -> tuple[int, int] | None:
    """The version of the distribution's own python3, whose venv has the plain name."""
    name = Path("/usr/bin/python3").resolve().name.removeprefix("python")
    major, _, minor = name.partition(".")
    return (int(major), int(minor)) if major.isdigit() and minor.isdigit() else None


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Two `make`s at once: the second waits, then finds everything done."""
    handle = os.open(root, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
