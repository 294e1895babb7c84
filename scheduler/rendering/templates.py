"""The templates that rendering fills: mail bodies and charts. A missing fact is an error, never an
empty place, and everything that ends in HTML or SVG is escaped."""

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from scheduler.rendering.language import TEMPLATES


def _escapes(name: str | None) -> bool:
    return name is not None and not name.endswith(".txt.jinja")


ENVIRONMENT = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=_escapes,  # noqa: S701 - on for all that is not plain text
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


def fill(name: str, **facts: object) -> str:
    """Fill the template of that name (relative to `templates/`) with the facts."""
    return ENVIRONMENT.get_template(name).render(**facts)
