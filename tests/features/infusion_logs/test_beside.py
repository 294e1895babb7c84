"""What a page that stands open learns of others: each new row once, in words; else nothing."""

import re
from datetime import timedelta

import pytest

from scheduler import clock
from scheduler.config import Config
from scheduler.errors import NotFoundError
from scheduler.features.infusion_logs.actions.vitals import Correction
from scheduler.features.infusion_logs.queries.beside import NOTHING, Mark, mark_of, news, read_mark
from scheduler.features.infusion_logs.queries.chart import chart_of
from tests.features.conftest import clients_of
from tests.features.desk.test_board import counted
from tests.features.infusion_logs.conftest import Chair
from tests.support.clinic import NOW

MINUTE = timedelta(minutes=1)


def told(chair: Chair, seen: Mark, own_id: int | None) -> str:
    with chair.database.read() as session:
        chart = chart_of(session, chair.infusion_id, NOW)
    return news(chart.readings, seen, own_id, chart.place)


def mark(chair: Chair) -> Mark:
    with chair.database.read() as session:
        return mark_of(session, chair.infusion_id)


def test_a_colleagues_rows_are_told_once_and_ones_own_never(chair: Chair) -> None:
    before = mark(chair)
    first = chair.measure("row-0001", at=NOW - 20 * MINUTE, sbp=128, dbp=80)
    after = mark(chair)
    assert (before, after.reading) == (NOTHING, first.id)
    assert told(chair, before, chair.ada.user_id) == "Nurse wrote the row of 09:40: 128/80."
    assert told(chair, before, chair.ben.user_id) == told(chair, after, chair.ada.user_id) == ""
    chair.measure(
        "row-0002", correction=Correction(first.id, "Misread"), at=NOW - 20 * MINUTE, sbp=138, dbp=80
    )
    assert told(chair, after, chair.ada.user_id) == "Nurse corrected the row of 09:40: 138/80."
    chair.save("dose", weight_g="70")
    assert mark(chair).save > after.save
    for number in range(3, 7):
        chair.measure(f"row-000{number}", at=NOW - number * MINUTE, sbp=120, dbp=80)
    assert told(chair, after, chair.ada.user_id) == "5 rows of vitals were written by others."


def test_whatever_a_page_sends_back_is_a_mark_and_a_visit_that_is_not_there_is_said(chair: Chair) -> None:
    texts = ("", "1-2-3", "1-2-3-4-5", "x-1-2-3", "-1-2-3", "٣-1-2-3", f"{10**20}-1-1-1")
    assert {read_mark(text) for text in texts} == {NOTHING}
    assert read_mark(str(Mark(1, 2, 3, 4))) == Mark(1, 2, 3, 4)
    with chair.database.read() as session, pytest.raises(NotFoundError):
        mark_of(session, 999)


def test_an_open_page_asks_cheaply_and_gets_rows_only_when_there_are_new_ones(
    chair: Chair, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    clinician = clients_of(config, chair.database, chair.clinic)("clinician")
    address = re.search(r'hx-get="(/infusions/1/log/beside[^"]+)"', clinician.get("/infusions/1/log").text)
    assert address
    with counted(chair.database) as nothing_new:
        assert clinician.get(address[1]).status_code == 204
    assert len(nothing_new) <= 4
    chair.measure("row-0001", at=NOW - 20 * MINUTE, sbp=184, dbp=102)
    answer = clinician.get(address[1])
    assert 'data-told="Nurse wrote the row of 09:40: 184/102."' in answer.text
    assert "184/102 at 09:40 is at or above" in answer.text
    following = re.search(r'hx-get="(/infusions/1/log/beside[^"]+)"', answer.text)
    assert following and clinician.get(following[1]).status_code == 204
