"""Debian packages that pip cannot bring: asked for by name, installed where we may, named where we may not.

Standard library alone: this runs before anything is installed.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Without any font a page has no widths to measure.
BROWSER_PACKAGES = ["chromium", "fonts-liberation"]
# What WeasyPrint lays out a PDF's text with; each package brings the library of its name.
PDF_LIBRARIES = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")
PDF_PACKAGES = ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"]


def main() -> int:
    """See that the tests find a browser and make PDFs; always 0, because the others must run all the same."""
    if not any(shutil.which(name) for name in BROWSERS) and not install(BROWSER_PACKAGES):
        print(
            f"NO BROWSER: the tests that open pages will fail. Run: {install_command(BROWSER_PACKAGES)}",
            file=sys.stderr,
        )
    bring_pdf_libraries()
    return 0


def bring_pdf_libraries() -> None:
    """See that a course log can be had as a PDF; everything else runs without it, so it is only told."""
    if sys.platform == "linux" and not has_pdf_libraries() and not install(PDF_PACKAGES):
        print(
            f"NO PDF: a course log can be read but not filed as a PDF. Run: {install_command(PDF_PACKAGES)}",
            file=sys.stderr,
        )


def has_pdf_libraries() -> bool:
    """Whether this machine has what WeasyPrint loads."""
    try:
        for name in PDF_LIBRARIES:
            ctypes.CDLL(name)
    except OSError:
        return False
    return True


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
