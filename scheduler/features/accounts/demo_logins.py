"""The log-ins of the demo clinic. Their password is no secret, so they open nothing but loopback."""

import ipaddress
from urllib.parse import urlsplit

from scheduler.config import LOOPBACK, Config

DEMO_PASSWORD = "sixfold-demo-2026"  # noqa: S105 - shown on the sign-in page on purpose
REFUSAL = (
    "This database holds demo log-ins, whose password is public, so it is served on this machine alone. "
    "Set HOST=127.0.0.1 and leave SIXFOLD_BASE_URL out, or use an empty database."
)


def demo_allowed(config: Config) -> bool:
    """Whether the application listens on, and is reached at, nothing but loopback."""
    return config.host in LOOPBACK and urlsplit(config.base_url).hostname in LOOPBACK


def is_local(address: str | None) -> bool:
    """Whether a request came from this machine."""
    try:
        return ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        return False
