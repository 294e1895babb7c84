"""What a move gains, in words for the phone."""


def gain_words(sooner: int, into_wish: bool, evener: int) -> str:
    """`3 days sooner, at a wished time. Gaps closer to the plan by 2 days.`

    sooner: days that the visit comes earlier (below 0: later); into_wish: whether its old time was outside
    the half-days asked for; evener: by how many days the gaps come closer to their target.
    """
    when = [_days(sooner, "sooner")] if sooner > 0 else [_days(-sooner, "later")] if sooner < 0 else []
    if into_wish:
        when.append("at a wished time")
    first = ", ".join(when) or "At another time of the day"
    gaps = ""
    if evener:
        side = "closer to the plan" if evener > 0 else "further from the plan"
        gaps = f" Gaps {side} by {_days(abs(evener), '').strip()}."
    return f"{first[0].upper()}{first[1:]}.{gaps}"


def _days(count: int, word: str) -> str:
    return f"{count} day {word}" if count == 1 else f"{count} days {word}"
