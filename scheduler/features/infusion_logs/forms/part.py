"""The form of one part of the log."""

from scheduler.features.infusion_logs.actions.save import Wrote
from scheduler.features.infusion_logs.fields import BY_NAME, CHECK, FIELDS, Kind, Part
from scheduler.features.infusion_logs.forms.typed import Sent

MOST_CHECKS = 50


def read_part(part: Part, sent: Sent, names: list[str], now: str, *, by_clinician: bool) -> Wrote:
    """What was written into a part.

    `names` are those of the form's fields; `now` is the time as it is written, for a button that says "now".
    """
    texts = {}
    for field in FIELDS:
        if field.part is part and sent.has(field.name):
            texts[field.name] = sent.time(field.name) if field.kind is Kind.TIME else sent.text(field.name)
    if part is Part.DISCHARGE:
        texts |= {name: sent.text(name) for name in names[:MOST_CHECKS] if name.startswith(CHECK)}
    pressed = BY_NAME.get(sent.text("now"))
    if pressed and pressed.part is part and pressed.kind is Kind.TIME:
        texts[pressed.name] = now
    return Wrote(part, sent.whole("seen") or 0, texts, sent.sure(), by_clinician)
