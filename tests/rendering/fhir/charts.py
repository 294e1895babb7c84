"""Charts as a clinic could hold them, and some that nobody meant, for tests of what becomes of them."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from hypothesis import strategies as st

from scheduler.rendering.fhir.facts import (
    Addendum,
    Answer,
    Caution,
    Chart,
    Course,
    Event,
    Instrument,
    Log,
    Medicine,
    Pause,
    Person,
    Rating,
    Reading,
    Rescue,
    Run,
    Signature,
    Signer,
    Site,
    Visit,
)

SITES = (
    Site(1, "Riverside", "America/New_York", "12 Harbor Street", "+12125550100", True),
    Site(2, "Adelaide", "Australia/Adelaide", "", "", False),
)
GAD7 = Instrument(
    "gad7",
    1,
    "GAD-7",
    "Over the last 2 weeks",
    "Free.",
    0,
    {"en": ("Nervous", "Worrying"), "es": ("Nervioso/a", "Preocuparse")},
    ("Not at all", "Several days", "More than half the days", "Nearly every day"),
    "69737-5",
    ("69725-0", "68509-9"),
    "70274-6",
    ("LA6568-5", "LA6569-3", "LA6570-1", "LA6571-9"),
)
ANXIETY = Instrument("anxiety_now", 2, "Anxiety now", "", "Free.", 0, {"en": ("Anxious now?",)})

words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12).filter(str.strip)
maybe_words = st.sampled_from(["", "  "]) | words
instants = st.integers(0, 300_000_000).map(lambda s: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=s))
days = st.dates(date(2020, 1, 1), date(2030, 1, 1))
tens = st.none() | st.integers(0, 900_000)


def fresh() -> Callable[[], st.SearchStrategy[int]]:
    """Ids of rows: none twice in one chart."""
    rows = count(1)
    return lambda: st.builds(lambda: next(rows))


@st.composite
def ratings(draw: st.DrawFn, id_: st.SearchStrategy[int]) -> Rating:
    """Answers, some left out, and then no total."""
    instrument = draw(st.sampled_from([GAD7, ANXIETY]))
    values = st.none() | st.integers(0, 3 if instrument is GAD7 else 10)
    answers = [draw(values) for _ in instrument.items["en"]]
    total = None if None in answers else sum(each for each in answers if each is not None)
    point = draw(st.sampled_from(["baseline", "pre", "post_2h", "day_2_7", "weekly"]))
    return Rating(
        draw(id_), instrument, draw(st.sampled_from(["en", "es"])), point, "Before", answers, total,
        draw(st.booleans()), draw(instants), draw(maybe_words).strip(),
    )  # fmt: skip


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    """A patient with up to two courses."""
    ids = fresh()
    few: dict[str, Any] = {"max_size": 2}
    reading = st.builds(
        Reading, ids(), instants, st.none() | st.integers(60, 300), st.none() | st.integers(20, 59),
        st.none() | st.integers(20, 250), st.none() | st.integers(30, 100), st.none() | st.integers(0, 5),
        st.none() | st.integers(1, 9), maybe_words,
    )  # fmt: skip
    outcome = st.sampled_from(["ongoing", "better", "resolved", "lasting", "fatal", "unknown", "other"])
    event = st.builds(
        Event, ids(), words, instants, st.integers(1, 5), st.just("2, moderate"), words, outcome,
        maybe_words, instants,
    )  # fmt: skip
    rescue = st.builds(
        Rescue, ids(), words, st.sampled_from(["4 mg", "0,5 mg", "2 tablets", "100 mcg", "4.0 mL"]), words,
        instants, maybe_words, maybe_words,
    )  # fmt: skip
    log = st.builds(
        Log, ids(), st.booleans(), tens, tens, tens, tens, st.none() | words, st.none() | words,
        st.none() | days, st.sampled_from([None, "iv", "im", "sc", "other"]), st.none() | instants,
        st.none() | instants, st.none() | st.integers(0, 24), maybe_words, instants,
        st.lists(st.builds(Answer, words, words, words), **few), st.lists(reading, **few),
        st.lists(event, **few), st.lists(rescue, **few),
        st.lists(st.builds(Pause, instants, st.none() | instants, maybe_words), **few),
    )  # fmt: skip
    by = st.builds(Signer, ids(), words)
    added = st.lists(st.builds(Addendum, ids(), instants, by, words, maybe_words, words), max_size=1)
    signature = st.builds(Signature, ids(), instants, by, words, st.booleans())
    states = ["scheduled", "arrived", "in_progress", "completed", "missed", "cancelled", "by_mistake"]
    visit = st.builds(
        Visit, ids(), st.integers(1, 6), st.sampled_from(states), st.none() | maybe_words, instants, instants,
        days, st.booleans(), st.none() | instants, st.none() | instants, st.none() | instants, st.booleans(),
        st.none() | st.booleans(), st.none(), st.none() | log, st.none() | signature,
        added,
    )  # fmt: skip
    medicine = st.builds(
        Medicine, ids(), words, maybe_words, st.none() | days, st.none() | days, instants, maybe_words
    )
    run = st.builds(
        Run, ids(), words, st.integers(1, 9), st.sampled_from(["baseline", "day_2_7"]), words,
        st.sampled_from(["complete", "interrupted", "left_out"]), maybe_words, st.none() | st.integers(0, 90),
        words, st.lists(st.tuples(st.sampled_from(["Wrong", "Typical, ms"]), st.integers(0, 900)), **few),
        st.none() | st.integers(0, 9), st.integers(0, 3), maybe_words, maybe_words, instants,
        st.none() | instants, words,
    )  # fmt: skip
    course = st.builds(
        Course, ids(), st.sampled_from(SITES), words, st.integers(1, 9), st.integers(1, 24),
        st.sampled_from(["active", "on_hold", "completed", "discontinued", "by_mistake"]),
        st.none() | maybe_words, instants, st.none() | instants, st.lists(visit, max_size=3),
        st.lists(ratings(ids()), max_size=3), st.lists(run, **few), st.lists(medicine, **few),
        st.lists(signature, **few), added,
    )  # fmt: skip
    kinds = st.sampled_from(["allergy", "no_allergies", "interpreter"])
    cautions = st.lists(st.builds(Caution, ids(), kinds, maybe_words, instants), **few)
    about = (words, words, words, days, st.none() | words, st.none() | words, st.sampled_from(["en", "es"]))
    site = st.sampled_from(SITES)
    kept = st.builds(Person, st.just(1), *about, st.just(True), site, st.none(), st.just([2]), cautions)
    merged = st.builds(Person, st.just(2), *about, st.just(False), site, st.just(1), st.just([]), cautions)
    return Chart(draw(kept), draw(st.lists(course, **few)), [draw(merged)])
