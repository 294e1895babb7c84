"""PDFs: the same bytes anywhere, nothing fetched, tags and a title for a reader who listens."""

import hashlib
import importlib
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from scheduler.rendering.pdf import CannotMakePdf, make_pdf
from tests.support.pdf import elements, fonts

PAGE = """<!DOCTYPE html><html lang="en"><head><title>Course log</title>
<meta name="dcterms.created" content="2026-05-04T22:20:00Z"/><style> body {{ font-family: Sixfold }}
</style>{head}</head><body><h1>Łukasz Ångström, Ελένη</h1>
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 20"><title>Two lines</title>
<text y="9">180</text></svg>
<table><thead><tr><th scope="col">When</th></tr></thead><tbody><tr><td>Before</td></tr></tbody></table>{body}
</body></html>"""
ALONE = """
import hashlib, sys, warnings
warnings.simplefilter("ignore")  # WeasyPrint warns that it found no fonts: that is the point.
from scheduler.rendering.pdf import make_pdf
print(hashlib.sha256(make_pdf(sys.stdin.read())).hexdigest())
"""


def page(head: str = "", body: str = "") -> str:
    return PAGE.format(head=head, body=body)


def test_the_same_page_is_the_same_bytes_in_another_process_and_without_any_font_of_the_machine(
    tmp_path: Path,
) -> None:
    bare = tmp_path / "fonts.conf"
    bare.write_text('<?xml version="1.0"?><fontconfig/>')
    told = subprocess.run(
        [sys.executable, "-c", ALONE],
        input=page(),
        env={"FONTCONFIG_FILE": str(bare), "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == hashlib.sha256(make_pdf(page())).hexdigest()
    assert make_pdf(page()) == make_pdf(page()) != make_pdf(page(body="<p>More</p>"))


def test_a_pdf_fetches_nothing_whatever_a_page_names(tmp_path: Path) -> None:
    picture = Path(__file__).resolve().parents[2] / "docs" / "images" / "build-390.png"
    sheet = tmp_path / "own.css"
    sheet.write_text("h1 { display: none }")
    assert picture.exists()
    made = PdfReader(
        BytesIO(
            make_pdf(
                page(
                    f'<link rel="stylesheet" href="{sheet.as_uri()}"/>',
                    f'<img alt="a" src="{picture.as_uri()}"/><img alt="b" src="http://127.0.0.1:1/b.png"/>',
                )
            )
        )
    )
    assert "Łukasz" in made.pages[0].extract_text()
    assert not made.pages[0].images


def test_a_reader_who_listens_gets_language_title_headings_tables_and_what_a_drawing_shows() -> None:
    made = PdfReader(BytesIO(make_pdf(page())))
    root = made.root_object
    assert (
        root["/Lang"] == "en"
        and root["/MarkInfo"]["/Marked"]
        and root["/ViewerPreferences"]["/DisplayDocTitle"]
    )
    assert made.trailer["/ID"]
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    assert made.metadata and made.metadata.title == "Course log"
    assert made.metadata.creation_date_raw == "D:20260504222000Z"
    found = elements(made)
    assert {"/H1", "/Table", "/TH", "/TD", "/Figure"} <= {each["/S"] for each in found}
    assert [each["/Alt"] for each in found if each["/S"] == "/Figure"] == ["Two lines"]
    assert fonts(made) == {"Sixfold"}


def test_what_xml_cannot_hold_is_left_out_and_the_outline_leads_to_every_heading() -> None:
    made = PdfReader(BytesIO(make_pdf(page(body="<h2>Note\x0b&lt;b&gt;\x00 quiet</h2>"))))
    assert "Note <b>" in made.pages[0].extract_text()
    top, under = made.outline
    assert isinstance(under, list)
    assert "Łukasz Ångström" in str(top) and "Note" in str(under)


def test_a_machine_without_the_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.import_module

    def without(name: str, package: str | None = None) -> object:
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, package)

    monkeypatch.setattr(importlib, "import_module", without)
    with pytest.raises(CannotMakePdf, match="apt-get install libpango"):
        make_pdf(page())
