"""HTML as a tagged PDF: the same words and the same picture, on paper, for good (PDF/UA-1).

A record that is filed must be the same file whoever asks for it, so the same HTML gives the same bytes: the
font is shipped with the program and not the machine's, the file's number is the digest of its content, and
its date is a fact of the record. Only letters that the font lacks (it has Latin, Greek and Cyrillic) are
taken from the machine's own fonts, because a name that can be read is worth more than equal bytes.

A page is written as XML, which is read at once, its style sheet is read once, and the ground of all styles is
that of the few elements a sheet has (`ground.css`). WeasyPrint would read the page as whatever people call
HTML and ask of every element all that HTML knows: together that was a quarter of its work.

WeasyPrint is handed two font files and nothing else: whatever an address in the HTML points to, on the
network or on the disk, is refused. It is loaded with the first PDF, because that takes a third of a second
and because it stands on Pango, a system library that pip cannot bring: all of Sixfold but this runs without.
"""

import gc
import hashlib
import importlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import Any
from xml.etree import ElementTree as ET

from scheduler.errors import SixfoldError

FAMILY = "Sixfold"
FACES = "".join(
    f"@font-face{{font-family:{FAMILY};font-weight:{weight};src:url(font:{weight})}}" for weight in (400, 600)
)
NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that XML can't hold, and no paper shows: they come with what was pasted from elsewhere."""
FOLDER = Path(__file__).with_name("fonts")
GROUND = Path(__file__).with_name("ground.css")
FONTS = {400: "IBMPlexSans-Regular.woff2", 600: "IBMPlexSans-SemiBold.woff2"}
PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
"""Debian's names of what WeasyPrint stands on; tools/system_packages.py installs the same."""
_ONE_AT_A_TIME = Lock()


class CannotMakePdf(SixfoldError):
    """This machine lacks what PDFs are made with; the sentence names it."""

    status = 503
    title = "This machine can't make PDFs yet"


def make_pdf(html: str) -> bytes:
    """Give a whole HTML page, written as XML, as the bytes of a PDF/UA-1 file.

    The page needs `lang`, a title and a `dcterms.created` of its own; the font is called FAMILY. Raises
    CannotMakePdf where Pango is missing, and ParseError for a page that is no XML.
    """
    weasyprint = _weasyprint()
    # A drawing names no font, because on a page it takes the page's; here it would take the machine's.
    html = NO_XML.sub(" ", html).replace("<svg ", f'<svg font-family="{FAMILY}" ')
    number = hashlib.sha256(html.encode()).hexdigest()[:32].encode("ascii")
    # Pango's font maps are not made for threads; a course takes less than a second.
    with _ONE_AT_A_TIME, _no_collection():
        fonts = importlib.import_module("weasyprint.text.fonts").FontConfiguration()
        root = ET.fromstring(html)  # noqa: S314 - our own templates, in which all facts are escaped
        styles = [_style(text) for text in _styles_taken_out(root)]
        page = _page(weasyprint, root, _fetcher(weasyprint))
        faces = weasyprint.CSS(string=FACES, url_fetcher=page.url_fetcher, font_config=fonts)
        made: bytes = page.write_pdf(
            font_config=fonts, stylesheets=[faces, *styles], pdf_variant="pdf/ua-1", pdf_identifier=number
        )
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


def _page(weasyprint: ModuleType, root: ET.Element, fetcher: Any) -> Any:
    """The page for WeasyPrint: all that its own reading would have set, and our ground."""
    wrapper = importlib.import_module("cssselect2").ElementWrapper.from_html_root(root, content_language=None)
    ground = [_style(GROUND.read_text())]
    page = weasyprint.HTML.__new__(weasyprint.HTML)
    vars(page).update(
        wrapper_element=wrapper,
        etree_element=wrapper.etree_element,
        base_url="",
        url_fetcher=fetcher,
        media_type="print",
        _ua_stylesheets=lambda forms: ground,  # noqa: ARG005 - no form is ever printed
    )
    return page


def _styles_taken_out(root: ET.Element) -> list[str]:
    """The texts of all style elements, which are no longer there afterwards."""
    found = [(parent, each) for parent in root.iter() for each in parent if each.tag == "style"]
    for parent, each in found:
        parent.remove(each)
    return [each.text or "" for _, each in found]


@lru_cache(maxsize=8)
def _style(text: str) -> Any:
    """A style sheet read once: the pages of one kind and paper have the same."""
    return _weasyprint().CSS(string=text)


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
