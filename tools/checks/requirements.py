"""The hashed requirement files say what the short ones ask for; needs no network. `make lock` mends most."""

from __future__ import annotations

from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PRODUCT = "requirements"
DEVELOPMENT = "requirements-dev"


def check(root: Path) -> list[str]:
    """What is asked for and not pinned; pins without hashes, or that differ between the two files."""
    product, development = read_pins(root / f"{PRODUCT}.txt"), read_pins(root / f"{DEVELOPMENT}.txt")
    asked = _wishes(root / f"{PRODUCT}.in")
    return [
        *_unmet(asked, product, PRODUCT),
        *_unmet([*asked, *_wishes(root / f"{DEVELOPMENT}.in")], development, DEVELOPMENT),
        *_different(product, development),
        *_without_hash(product, PRODUCT),
        *_without_hash(development, DEVELOPMENT),
    ]


def read_pins(file: Path) -> dict[str, tuple[str, int]]:
    """Name to version and number of hashes."""
    pins: dict[str, tuple[str, int]] = {}
    for entry in file.read_text().replace("\\\n", " ").splitlines():
        first, _, hashes = entry.strip().partition(" ")
        name, equals, version = first.partition("==")
        if equals:
            pins[canonicalize_name(name.partition("[")[0])] = (version, hashes.count("--hash="))
    return pins


def _wishes(file: Path) -> list[Requirement]:
    lines = (line.partition("#")[0].strip() for line in file.read_text().splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith("-")]


def _unmet(asked: list[Requirement], pins: dict[str, tuple[str, int]], file: str) -> list[str]:
    problems = []
    for wish in asked:
        version, _ = pins.get(canonicalize_name(wish.name), ("", 0))
        if not version or not wish.specifier.contains(version, prereleases=True):
            problems.append(
                f"{file}.txt: {wish} is asked for, {version or 'nothing'} is pinned; run make lock"
            )
    return problems


def _different(product: dict[str, tuple[str, int]], development: dict[str, tuple[str, int]]) -> list[str]:
    """What the tests would run on other versions of than the product does."""
    return [
        f"{DEVELOPMENT}.txt: {name} is not pinned to the product's {version}"
        for name, (version, _) in product.items()
        if development.get(name, ("", 0))[0] != version
    ]


def _without_hash(pins: dict[str, tuple[str, int]], file: str) -> list[str]:
    return [
        f"{file}.txt: {name} has no hash; run make lock" for name, (_, hashes) in pins.items() if not hashes
    ]
