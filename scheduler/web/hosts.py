"""Only the configured names are answered, so that a forged Host header can't lead anybody elsewhere.

Flask's own TRUSTED_HOSTS knows no IPv6 addresses and fails before the error page can be made.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from flask import Flask, request

from scheduler.config import Config
from scheduler.errors import SixfoldError

PROBES = {"outbox.healthz", "reports.metrics"}
"""Load balancers and scrapers ask under the machine's number, and the answers name no host."""


class UnknownHostError(SixfoldError):
    """The request came under a name that is not ours."""

    title = "Sixfold does not answer under this address"


def init_hosts(app: Flask, config: Config) -> None:
    """Refuse requests of `app` that came under any other name than `config.trusted_hosts`."""
    is_ours = ours(config)

    @app.before_request
    def _check() -> None:
        if request.endpoint not in PROBES and not is_ours(request.host):
            raise UnknownHostError(
                "Use the address that the clinic gave you. Whoever runs Sixfold sets it as SIXFOLD_BASE_URL."
            )


def ours(config: Config) -> Callable[[str], bool]:
    """Says of a Host header whether it names us."""
    trusted = {host.lower() for host in config.trusted_hosts}
    return lambda host: _host_name(host) in trusted


def _host_name(host: str) -> str | None:
    """The name without the port; None where it can't be one."""
    try:
        name = urlsplit(f"//{host}").hostname
    except ValueError:
        return None
    return name.lower() if name else None
