"""The short cognitive tasks on paper: what each run came to, on which form and which device."""

from scheduler.features.ratings.cognition import words
from scheduler.features.ratings.cognition.tasks import PRACTICE_NOTE
from scheduler.features.review.paper.parts import Row, Table
from scheduler.features.review.paper.tables import WHEN
from scheduler.features.review.paper.wall import Wall
from scheduler.rendering.canonical import Facts, instant


def tasks(record: Facts, wall: Wall) -> Table:
    """All runs by their beginning; one that was interrupted or left out stays, and says why."""
    learned = {run["id"]: run for run in record["tasks"]}
    rows = [_run(run, learned.get(run["learned_id"]), wall) for run in record["tasks"]]
    columns = ("When", "Day and time", "Task", "Result", "Form", "Device and input")
    return Table("Short cognitive tasks", columns, rows, note=PRACTICE_NOTE)


def _run(run: Facts, learned: Facts | None, wall: Wall) -> Row:
    cells = (
        WHEN[run["time_point"]].format(run["number"] or run["week"]),
        wall.on(run["begun_at"]),
        run["name"],
        _result(run),
        "" if run["form"] is None else f"No. {run['form']}",
        words.used(run["device"], run["input"]),
    )
    after = (
        instant(run["begun_at"]) - instant(learned["ended_at"]) if learned and learned["ended_at"] else None
    )
    under = words.why(run["state"], run["reason"]) or words.details(run["task"], run["score"] or {}, after)
    return Row(cells, "", (under,) if under else ())


def _result(run: Facts) -> str:
    """`41 right in 90 s`; nothing is claimed of a run that was not done to its end."""
    if run["state"] == "left_out":
        return "Left out"
    return f"{run['score']['value']} {run['unit']}" if run["score"] else "Interrupted"
