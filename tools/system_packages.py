"""Debian packages that pip cannot bring: asked for by name, installed where we may, named where we may not.

Standard library alone: this runs before anything is installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Without any font a page has no widths to measure.
BROWSER_PACKAGES = ["chromium", "fonts-liberation"]


def main() -> int:
    """See that the tests find a browser; always 0, because the tests without one must run all the same."""
    if any(shutil.which(name) for name in BROWSERS):
        return 0
    # Without any font a page has no widths to measure.
    packages = ["chromium", "fonts-liberation"]
    if not install(packages):
        print(
            f"NO BROWSER: the tests that open pages will fail. Run: {install_command(packages)}",
            file=sys.stderr,
        )
    return 0


def install(packages: list[str]) -> bool:
    """Install `packages` with apt-get, as root or by a sudo that asks nothing; False where that cannot be."""
    before = _privilege()
    if before is None or not shutil.which("apt-get"):
        return False
    print(f"Installing {' '.join(packages)} with apt-get.", flush=True)
    apt = [*before, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
    update = [*apt, "update"]
    fetch = [*apt, "install", "-y", "--no-install-recommends", *packages]
    # A package list that is a little old still serves, so only the second must go well.
    subprocess.run(update, stdout=subprocess.DEVNULL, check=False)
    return subprocess.run(fetch, stdout=subprocess.DEVNULL, check=False).returncode == 0


def install_command(packages: list[str]) -> str:
    """The one command a person types for the same."""
    before = "" if os.geteuid() == 0 else "sudo "
    return f"{before}apt-get install -y {' '.join(packages)}"


def _privilege() -> list[str] | None:
    """The words before a command that needs root; None where we cannot be root."""
    if os.geteuid() == 0:
        return []
    if not shutil.which("sudo"):
        return None
    allowed = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    return ["sudo", "-n"] if allowed else None


if __name__ == "__main__":
    sys.exit(main())
