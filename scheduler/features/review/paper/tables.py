"""The course in short, as tables: its infusions, its ratings, where it left the protocol, its alerts."""

from scheduler.features.review.paper.parts import Row, Table
from scheduler.features.review.paper.visit import dose_said, status_said
from scheduler.features.review.paper.vitals import highest
from scheduler.features.review.paper.wall import Wall, said_day, short_day, thousandth
from scheduler.rendering.canonical import Facts

ALERTS = {
    "item_9": "PHQ-9, item 9", "worsening": "Worsening", "adverse_event": "Adverse event",
    "no_response": "No response yet", "relapse": "Symptoms returning", "booster": "Booster due",
}  # fmt: skip
WHEN = {
    "baseline": "Before the course", "pre": "No. {}, before", "post_2h": "No. {}, 2 h after",
    "day_1": "No. {}, day after", "day_2_7": "No. {}, days 2 to 7", "weekly": "Week {} after",
}  # fmt: skip


def infusions(record: Facts, wall: Wall) -> Table:
    """One line for each visit, those that did not take place too."""
    columns = (
        "No.",
        "Day",
        "State",
        "Weight",
        "Per kg",
        "Given",
        "Highest pressure",
        "Adverse events",
        "Log",
    )
    rows = [_infusion(visit, record, wall) for visit in record["visits"]]
    return Table("Infusions", columns, rows, frozenset({3, 4, 5, 6}), "No visit was booked.")


def ratings(record: Facts, wall: Wall) -> Table:
    """All ratings by their true time; one that was corrected stays, with its reason."""
    columns = ("When", "Day and time", "Rating", "Answers", "Entered by")
    rows = [_rating(each, wall) for each in record["ratings"]]
    return Table("Ratings", columns, rows, empty="No rating was given.")


def deviations(record: Facts, wall: Wall) -> Table:
    """Where the course left its protocol, and why."""
    rows = [
        Row((_number(each), each["rule"], each["was"], _reason(each, wall))) for each in record["deviations"]
    ]
    columns = ("Infusion", "Protocol", "Was", "Reason")
    return Table("Deviations from the protocol", columns, rows, empty="The course kept to its protocol.")


def medicines(record: Facts, wall: Wall) -> Table:
    """What was taken beside the course; what was struck out stays, with its reason."""
    rows = []
    for each in record["medicines"]:
        cells = (
            f"{each['name']} {each['dose']}",
            said_day(each["from_day"]) if each["from_day"] else "Before the course",
            said_day(each["until_day"]) if each["until_day"] else "Taken on",
            f"{_name(each)}, {wall.on(each['noted_at'])}",
        )
        why = (
            (f"Struck out, {wall.on(each['struck_at'])}: {each['struck_reason']}",)
            if each["struck_at"]
            else ()
        )
        rows.append(Row(cells, "struck" if why else "", why))
    return Table("Medicines beside the course", ("Medicine", "From", "Until", "Noted by"), rows)


def missing(record: Facts, wall: Wall) -> Table:
    """Ratings that were not given in their time."""
    rows = [Row((each["words"], each["name"], _reason(each, wall))) for each in record["missing"]]
    return Table("Ratings not given", ("When", "Instrument", "Reason"), rows)


def alerts(record: Facts, wall: Wall) -> Table:
    """What a clinician had to look at, and what was done."""
    rows = [
        Row(
            (
                ALERTS[each["kind"]],
                wall.on(each["raised_at"]),
                each["what_was_done"] or "Open",
                f"{_name(each)}, {wall.on(each['acknowledged_at'])}" if each["acknowledged_at"] else "",
            )
        )
        for each in record["alerts"]
    ]
    return Table("Alerts", ("About", "Raised", "What was done", "By"), rows)


def _infusion(visit: Facts, record: Facts, wall: Wall) -> Row:
    log = visit["log"]
    per_kg = log and log["dose_ug_per_kg"]
    events = [row for row in log["events"] if not row["struck_at"]] if log else []
    signature = record["log_signatures"].get(str(visit["id"]))
    return Row(
        (
            str(visit["number"]),
            short_day(visit["day"]),
            status_said(visit),
            wall.weight(log["weight_g"]) if log and log["weight_g"] else "",
            f"{thousandth(per_kg)} mg" if per_kg else "",
            dose_said(log),
            highest(log) if log else "",
            ", ".join(f"{row['term']} ({row['grade']})" for row in events),
            f"Signed by {_name(signature)}" if signature else "Not signed" if log else "",
        )
    )


def _rating(row: Facts, wall: Wall) -> Row:
    total = "incomplete" if row["total"] is None else f"{row['total']} of {row['total_most']}"
    band = f", {row['band']}" if row["band"] else ""
    answers = " ".join("–" if each is None else str(each) for each in row["answers"])
    by = row["by"]["name"] if row["by"] else "Patient"
    cells = (
        WHEN[row["time_point"]].format(row["number"] or row["week"]),
        wall.on(row["rated_at"]),
        f"{row['name']}: {total}{band}",
        answers,
        by,
    )
    if row["voided_at"]:
        return Row(cells, "struck", (f"Not counted since {wall.on(row['voided_at'])}: {row['void_reason']}",))
    return Row(cells)


def _number(each: Facts) -> str:
    return f"No. {each['number']}" if each["number"] else "Course"


def _reason(each: Facts, wall: Wall) -> str:
    if not each["reason"]:
        return "None given"
    return f"{each['reason']} ({_name(each)}, {wall.on(each['at'])})" if each["by"] else each["reason"]


def _name(row: Facts) -> str:
    return row["by"]["name"] if row["by"] else "Sixfold"
