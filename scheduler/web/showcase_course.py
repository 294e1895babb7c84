"""The invented course that the living page draws: two instruments, doses, an event, medicines."""

from datetime import UTC, datetime, timedelta

from scheduler.rendering.trajectory import (
    NARROW,
    WIDE,
    Band,
    Event,
    Line,
    Medicine,
    Pair,
    Past,
    PastPoint,
    Point,
    Track,
    TrajectoryFacts,
    Visit,
    trajectory_svg,
)

FIRST = datetime(2026, 4, 22, 9, 30, tzinfo=UTC)
DAYS = (0, 2, 5, 7, 13, 16)
STARTS = [FIRST + timedelta(days=day) for day in DAYS]
ANXIETY = ((8, 5), (7, 4), (7, None), (6, 3), (6, None), (None, None))
BASELINE, MIDDLE = FIRST - timedelta(days=3), STARTS[3]
COURSE = TrajectoryFacts(
    tracks=[
        Track(
            "GAD-7",
            "last two weeks",
            21,
            bands=[
                Band(0, 4, "minimal"),
                Band(5, 9, "mild"),
                Band(10, 14, "moderate"),
                Band(15, 21, "severe"),
            ],
            points=[Point(BASELINE, 17), Point(MIDDLE, 12)],
            lines=[Line(13, "meaningful change"), Line(8, "response"), Line(4, "remission")],
            past=Past(
                [PastPoint(BASELINE, 13, 17, 31), PastPoint(MIDDLE, 9, 14, 28)],
                "Middle half of 28 to 31 past courses",
            ),
            is_primary=True,
        ),
        Track(
            "Anxiety now",
            "",
            10,
            pairs=[
                Pair(at, number, pre, post, post_missing=number == 3)
                for number, (at, (pre, post)) in enumerate(zip(STARTS, ANXIETY, strict=True), 1)
            ],
        ),
    ],
    visits=[
        Visit(number, at, 35.0 if number < 6 else None, "35 mg" if number < 6 else "", is_ahead=number == 6)
        for number, at in enumerate(STARTS, 1)
    ],
    events=[Event(STARTS[1], "Dizziness", 1)],
    medicines=[Medicine("Sertraline 100 mg"), Medicine("Ondansetron 4 mg", STARTS[1], once=True)],
)
CHARTS = [trajectory_svg(COURSE, width) for width in (WIDE, NARROW)]
SCORES = [
    (
        pair.number,
        pair.at,
        "" if pair.pre is None else pair.pre,
        "not given" if pair.post_missing else pair.post,
    )
    for pair in COURSE.tracks[1].pairs
]
