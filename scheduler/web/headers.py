"""Headers that hold on every answer (SECURITY.md, section 7)."""

from collections.abc import Mapping

from flask import Flask, Response, request

DIRECTIVES = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
)
USUAL = {"Content-Security-Policy": "; ".join(DIRECTIVES), "Referrer-Policy": "same-origin"}
"""What holds where a view says nothing else."""
UNSEEN = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
"""The same, of all but the static files: web/assets.py says how long those may be kept."""
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
ON_HTTPS = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}


def init_headers(app: Flask, *, https: bool) -> None:
    """Set the security headers, and no-store on everything but the static files."""
    always = {**ALWAYS, **(ON_HTTPS if https else {})}

    @app.after_request
    def _set(response: Response) -> Response:
        headers = response.headers
        usual = USUAL if request.endpoint == "static" else {**USUAL, **UNSEEN}
        for name, value in usual.items():
            headers.setdefault(name, value)
        headers.update(always)
        return response


def whole(own: Mapping[str, str], *, https: bool) -> dict[str, str]:
    """All headers of an answer with `own` ones that is given outside the application's usual way."""
    return {**USUAL, **UNSEEN, **own, **ALWAYS, **(ON_HTTPS if https else {})}
