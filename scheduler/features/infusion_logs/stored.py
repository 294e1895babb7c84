"""Fields on the row of a log: discharge answers stand together in one column, all others in their own."""

from scheduler.features.infusion_logs.fields import CHECK, Field
from scheduler.features.infusion_logs.place import Place
from scheduler.features.infusion_logs.values import Value, show_field
from scheduler.models import InfusionLog


def value_of(log: InfusionLog | None, field: Field) -> Value:
    """What stands in a field; None where nothing does, or there is no log yet."""
    if log is None:
        return None
    if field.name.startswith(CHECK):
        return log.checks.get(field.name.removeprefix(CHECK))
    found: Value = getattr(log, field.name)
    return found


def put(log: InfusionLog, field: Field, value: Value) -> None:
    """Write a field. A changed dictionary is a new one, or the change would go unnoticed."""
    if not field.name.startswith(CHECK):
        setattr(log, field.name, value)
        return
    rest = {key: kept for key, kept in log.checks.items() if key != field.name.removeprefix(CHECK)}
    log.checks = rest if value is None else {**rest, field.name.removeprefix(CHECK): str(value)}


def text_of(log: InfusionLog | None, field: Field, place: Place) -> str:
    """The text that stands in a field."""
    return show_field(field, value_of(log, field), place)
