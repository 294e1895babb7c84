"""Where somebody may be sent after signing in."""

import pytest

from scheduler.web.local_paths import local_path, path_of


@pytest.mark.parametrize("path", ["/", "/today", "/patients?q=lin&page=2", "/board?day=2026-11-02", "/a//b"])
def test_a_path_of_our_own_is_taken_as_it_is(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        None, "", "today",
        "//evil.example", "///evil.example", "/\\evil.example", "/today\\..\\x", "\\/evil.example",
        "http://evil.example", "javascript:alert(1)", "/to\nday", "/to\rday", "/\t/evil.example",
        "/today\x00",
        " /today", "/today ", "/to\u2028day", "/" + "a" * 2000,
    ],
)  # fmt: skip
def test_anything_a_browser_could_read_as_another_place_is_refused(path: str | None) -> None:
    assert local_path(path) is None


def test_an_address_gives_its_path_only_where_it_is_ours() -> None:
    ours = {"https://book.example.org"}
    assert path_of("https://book.example.org/courses/7?x=1", ours) == "/courses/7?x=1"
    assert path_of("https://book.example.org", ours) == "/"
    for foreign in (
        "https://evil.example/courses/7", "http://book.example.org/", "https://book.example.org@evil.example/",
        "https://book.example.org.evil.example/", "https://book.example.org//evil.example", "https://[",
        "", None,
    ):  # fmt: skip
        assert path_of(foreign, ours) is None
