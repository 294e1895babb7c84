"""HTML as a tagged PDF: the same words and the same picture, on paper, for good (PDF/UA-1).

A record that is filed must be the same file whoever asks for it, so the same HTML gives the same bytes: the
font is shipped with the program and not the machine's, the file's number is the digest of its content, and
its date is a fact of the record. Only letters that the font lacks (it has Latin, Greek and Cyrillic) are
taken from the machine's own fonts, because a name that can be read is worth more than equal bytes.

WeasyPrint is handed two font files and nothing else: whatever an address in the HTML points to, on the
network or on the disk, is refused. It is loaded with the first PDF, because that takes a third of a second
and because it stands on Pango, a system library that pip cannot bring: all of Sixfold but this runs without.
"""

import gc
import hashlib
import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import Any

from scheduler.errors import SixfoldError

FAMILY = "Sixfold"
FOLDER = Path(__file__).with_name("fonts")
FONTS = {400: "IBMPlexSans-Regular.woff2", 600: "IBMPlexSans-SemiBold.woff2"}
PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
"""Debian's names of what WeasyPrint stands on; tools/system_packages.py installs the same."""
_ONE_AT_A_TIME = Lock()


class CannotMakePdf(SixfoldError):
    """This machine lacks what PDFs are made with; the sentence names it."""

    status = 503
    title = "This machine can't make PDFs yet"


def font_faces() -> str:
    """The CSS that names the shipped font, for the head of a page that becomes a PDF."""
    return "".join(
        f"@font-face{{font-family:{FAMILY};font-weight:{weight};src:url(font:{weight})}}" for weight in FONTS
    )


def make_pdf(html: str) -> bytes:
    """Give a whole HTML page as the bytes of a PDF/UA-1 file.

    The page needs `lang`, a title, `font_faces()` in its style and a `dcterms.created` of its own. Raises
    CannotMakePdf where Pango is missing.
    """
    weasyprint = _weasyprint()
    # A drawing names no font, because on a page it takes the page's; here it would take the machine's.
    html = html.replace("<svg ", f'<svg font-family="{FAMILY}" ')
    number = hashlib.sha256(html.encode()).hexdigest()[:32].encode("ascii")
    # Pango's font maps are not made for threads; a course takes less than a second.
    with _ONE_AT_A_TIME, _no_collection():
        page = weasyprint.HTML(string=html, base_url="", url_fetcher=_fetcher(weasyprint))
        made: bytes = page.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=number)
    return made


@contextmanager
def _no_collection() -> Iterator[None]:
    """A layout makes a million objects, none of them garbage before its end: looking costs a sixth of it."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _weasyprint() -> ModuleType:
    try:
        return importlib.import_module("weasyprint")
    except OSError as error:
        raise CannotMakePdf(
            "A library for laying out text is missing here. Whoever runs Sixfold installs it with apt-get "
            f"install {PACKAGES}; everything else works without it."
        ) from error


def _fetcher(weasyprint: ModuleType) -> Any:
    """What WeasyPrint asks for files: it is given the two fonts, and refused all else."""

    class OnlyFonts(weasyprint.urls.URLFetcher):  # type: ignore[misc,name-defined]
        def fetch(self, url: str, headers: object = None) -> Any:
            weight = url.removeprefix("font:")
            if not weight.isdigit() or int(weight) not in FONTS:
                raise ValueError("A PDF fetches nothing.")
            return weasyprint.urls.URLFetcherResponse(url, _font(int(weight)))

    return OnlyFonts()


@cache
def _font(weight: int) -> bytes:
    """The font as WeasyPrint wants it; it would unpack the small file anew for every PDF."""
    woff2 = importlib.import_module("fontTools.ttLib.woff2")
    unpacked = BytesIO()
    with (FOLDER / FONTS[weight]).open("rb") as packed:
        woff2.decompress(packed, unpacked)
    return unpacked.getvalue()
