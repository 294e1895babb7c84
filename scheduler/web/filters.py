"""How dates, times and numbers read on the pages. What goes in is local to the site already."""

from datetime import date, datetime, time

from flask import Flask

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LONG_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LONG_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


def day(value: date) -> str:
    """`Fri 15 May`."""
    return f"{DAYS[value.weekday()]} {value.day} {MONTHS[value.month - 1]}"


def day_year(value: date) -> str:
    """`15 May 2026`."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def long_day(value: date) -> str:
    """`Friday 15 May 2026`."""
    return f"{LONG_DAYS[value.weekday()]} {value.day} {LONG_MONTHS[value.month - 1]} {value.year}"


def hm(value: datetime | time) -> str:
    """`09:30`."""
    return f"{value:%H:%M}"


def minute_hm(value: int) -> str:
    """Minutes of the day to `09:30`; 1440 is `24:00`."""
    return f"{value // 60:02d}:{value % 60:02d}"


def day_hm(value: datetime) -> str:
    """`Fri 15 May 09:30`."""
    return f"{day(value)} {hm(value)}"


def count(number: int, one: str, many: str | None = None) -> str:
    """`1 visit`, `6 visits`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def init_filters(app: Flask) -> None:
    """Give the templates the filters."""
    filters = {
        "day": day,
        "day_year": day_year,
        "long_day": long_day,
        "hm": hm,
        "minute_hm": minute_hm,
        "day_hm": day_hm,
        "isodate": lambda value: value.isoformat(),
        "count_of": count,
    }
    app.jinja_env.filters.update(filters)
