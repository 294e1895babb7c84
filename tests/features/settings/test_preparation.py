"""The administrator's list of what patients have ready: worded, put in order, put away, put back."""

import re

from flask.testing import FlaskClient

from tests.features.conftest import SignedIn
from tests.support.sign_in import csrf_token

LABELS = re.compile(r'<th scope="row"><a href="/settings/preparation/\d+">([^<]+)</a>')
PAGE = "/settings/preparation"


def send(client: FlaskClient, path: str, **form: str) -> int:
    return client.post(path, data={"csrf_token": csrf_token(client), **form}).status_code


def test_items_are_added_worded_ordered_and_put_away(as_role: SignedIn) -> None:
    admin = as_role("administrator")
    assert "Nothing to have ready" in admin.get(PAGE).text
    for label in ("Escort", "Fasting"):
        form = {"label": label, "protocol": "", "words_en": f"{label} is settled.", "words_es": "Listo."}
        assert send(admin, f"{PAGE}/new", **form) == 303
    assert LABELS.findall(admin.get(PAGE).text) == ["Escort", "Fasting"]
    send(admin, f"{PAGE}/2/order", way="up")
    assert LABELS.findall(admin.get(PAGE).text) == ["Fasting", "Escort"]
    form = {"label": "Driver", "protocol": "1", "words_en": "Somebody drives me.", "words_es": ""}
    assert send(admin, f"{PAGE}/1", version="1", **form) == 303
    page = admin.get(PAGE).text
    assert "Somebody drives me." in page and "Loading, 3 × week" in page
    send(admin, f"{PAGE}/2/archive")
    assert "Archived" in admin.get(PAGE).text
    send(admin, f"{PAGE}/2/archive", back="1")
    assert "Archived" not in admin.get(PAGE).text


def test_what_lacks_is_said_at_its_field_and_nothing_typed_is_lost(as_role: SignedIn) -> None:
    admin = as_role("administrator")
    form = {"label": "", "protocol": "9", "words_en": "", "words_es": "x" * 141}
    data = {"csrf_token": csrf_token(admin), **form}
    answer = admin.post(f"{PAGE}/new", data=data)
    assert answer.status_code == 422 and "x" * 141 in answer.text
    for sentence in ("name is missing", "Choose one of the protocols", "sentence is missing", "at most 140"):
        assert sentence in answer.text
    assert send(admin, f"{PAGE}/1/order", way="sideways") == 422


def test_of_two_who_word_an_item_the_second_sees_both_and_loses_nothing(as_role: SignedIn) -> None:
    admin = as_role("administrator")
    first = {"label": "Escort", "protocol": "", "words_en": "An adult takes me home.", "words_es": ""}
    send(admin, f"{PAGE}/new", **first)
    send(admin, f"{PAGE}/1", version="1", **{**first, "words_en": "Theirs."})
    mine = {**first, "words_en": "Mine.", "words_es": "Yo.", "csrf_token": csrf_token(admin)}
    answer = admin.post(f"{PAGE}/1", data={**mine, "version": "1"})
    assert answer.status_code == 409
    assert "saved Theirs.; your form says Mine." in answer.text and 'value="Yo."' in answer.text
    assert 'name="version" value="2"' in answer.text
    kept = {**mine, "version": "2", "do": "keep-theirs", "differs": "words_en"}
    assert admin.post(f"{PAGE}/1", data=kept).status_code == 303
    page = admin.get(PAGE).text
    assert "Theirs." in page and "Yo." in page and "Mine." not in page
