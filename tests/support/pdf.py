"""What a PDF holds for a reader who listens: its tags, and the fonts that it brings."""

from typing import Any

from pypdf import PdfReader


def elements(pdf: PdfReader) -> list[Any]:
    """All elements of the structure tree, in the order they are read."""
    found: list[Any] = []

    def walk(node: Any) -> None:
        node = node.get_object()
        if isinstance(node, list):
            for each in node:
                walk(each)
        elif isinstance(node, dict):
            if "/S" in node:
                found.append(node)
            if "/K" in node:
                walk(node["/K"])

    walk(pdf.root_object["/StructTreeRoot"])
    return found


def resolved(found: Any) -> Any:
    """What a reference of a file stands for."""
    return found.get_object()


def fonts(pdf: PdfReader) -> set[str]:
    """The families of all fonts, without the mark of a subset and the weight behind."""
    names = {
        str(font.get_object()["/BaseFont"])
        for page in pdf.pages
        for font in resolved(resolved(page["/Resources"])["/Font"]).values()
    }
    return {name.lstrip("/").split("+")[-1].split("-")[0] for name in names}
