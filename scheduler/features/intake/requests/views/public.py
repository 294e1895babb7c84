"""The page on which anybody asks a site for a consultation. It sets no cookie and knows nobody.

A form of it is nobody's in particular: no log-in stands behind it that another site could misuse. What proves
it is the ticket that it carries (`guard`), so it works where cookies are refused, and the usual token against
forged requests, which lives in one, is not asked for.
"""

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.actor import Actor
from scheduler.errors import BusyError, ConflictError, NotFoundError
from scheduler.features.accounts.login import as_nobody
from scheduler.features.accounts.throttle import TooManyTriesError
from scheduler.features.intake.requests.actions.receive import receive
from scheduler.features.intake.requests.forms import Asked, blank, judged, read_asked
from scheduler.features.intake.requests.guard import Ticket, bits_for, new_ticket, read_ticket
from scheduler.features.intake.requests.page import Saying, saying
from scheduler.features.intake.requests.queries import Place, place_of_code, request_of_key
from scheduler.features.intake.requests.throttle import count_request, load_of
from scheduler.rendering.language import codes, load
from scheduler.web import EVERYONE, access, attempt, reading, writing
from scheduler.web.csrf import csrf

public = Blueprint("ask", __name__)
csrf.exempt(public)
TRAP = "website"


@public.before_request
def _guard() -> None:
    as_nobody()


@public.after_request
def _quietly(response: Response) -> Response:
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@public.errorhandler(NotFoundError)
def _gone(error: NotFoundError) -> ResponseReturnValue:
    """To a stranger whose language and country nobody knows, so in all languages."""
    said = [(code, load(code).say) for code in codes()]
    words = [(code, say("ask.gone"), say("ask.gone_text")) for code, say in said]
    return render_template("portal/said.html", words=words), error.status


@public.get("/ask/<code>")
@access(EVERYONE)
def page(code: str) -> ResponseReturnValue:
    """The empty form, or that this site takes no requests here."""
    w = _words(code)
    return _shown(w, blank()) if w.place.is_on else _off(w)


@public.post("/ask/<code>")
@access(EVERYONE)
def ask(code: str) -> ResponseReturnValue:
    """Take a request; each copy of one form gets the same acknowledgement."""
    w, now = _words(code), clock.now()
    if not w.place.is_on:
        return _off(w), 409
    ticket = read_ticket(_secret(), w.place.code, request.form.get("ticket", ""))
    asked = read_asked(request.form, w.place.halves)
    if ticket is None:
        return _shown(w, asked, "stale"), 400
    if _is_taken(ticket):
        return _thanks(w, ticket)
    notice = _suspicion(ticket)
    if notice:
        return _shown(w, asked, notice, None if notice == "stale" else ticket), 422
    asked = judged(
        asked,
        w.place,
        key=ticket.key,
        language=w.language.code,
        words=w.say("agree"),
        today=now.date(),
    )
    return _taken(w, asked, ticket) if asked.order else (_shown(w, asked, ticket=ticket), 422)


@public.get("/ask/<code>/received/<ticket>")
@access(EVERYONE)
def received(code: str, ticket: str) -> ResponseReturnValue:
    """The acknowledgement. Whoever opens it with a ticket under which nothing came gets the form."""
    w = _words(code)
    known = read_ticket(_secret(), w.place.code, ticket)
    if known is None or not _is_taken(known):
        return redirect(url_for("ask.page", code=code, lang=w.language.code), 303)
    return render_template("intake/requests/received.html", w=w)


def _taken(w: Saying, asked: Asked, ticket: Ticket) -> ResponseReturnValue:
    """Count it and take it, or say why it has to wait."""
    now, worked = clock.now(), ticket.is_worked(request.form.get("work", ""))
    with reading() as session:
        price = bits_for(load_of(session, now, w.place.site_id))
    if worked and ticket.bits < price - 1:  # The form was given when less was going on.
        return _shown(w, asked, "many"), 429
    address, order = request.remote_addr or "", asked.order
    try:
        with writing() as session:
            count_request(session, now, w.place.site_id, address, worked=worked)
        if order:
            attempt(lambda session: receive(session, Actor(None, "request page", address), now, order))
    except TooManyTriesError as error:
        return _shown(w, asked, "wait", ticket), error.status
    except BusyError as error:
        return _shown(w, asked, "busy", ticket), error.status
    except ConflictError:
        pass  # Another copy of the same form was faster: it has the same acknowledgement.
    return _thanks(w, ticket)


def _suspicion(ticket: Ticket) -> str:
    """What speaks against a person at the keyboard, as the phrase that says so."""
    now = clock.now()
    if ticket.is_old(now):
        return "stale"
    if request.form.get(TRAP, ""):
        return "trapped"
    return "hasty" if ticket.is_hasty(now) else ""


def _is_taken(ticket: Ticket) -> bool:
    with reading() as session:
        return request_of_key(session, ticket.key) is not None


def _thanks(w: Saying, ticket: Ticket) -> ResponseReturnValue:
    return redirect(url_for("ask.received", code=w.place.code, ticket=ticket.text, lang=w.language.code), 303)


def _words(code: str) -> Saying:
    with reading() as session:
        place = place_of_code(session, code)
    return saying(place, request.values.get("lang", ""), request.accept_languages)


def _shown(w: Saying, asked: Asked, notice: str = "", ticket: Ticket | None = None) -> str:
    return render_template(
        "intake/requests/ask.html",
        w=w,
        asked=asked,
        notice=notice,
        ticket=ticket or _ticket(w.place),
        trap=TRAP,
    )


def _ticket(place: Place) -> Ticket:
    now = clock.now()
    with reading() as session:
        bits = bits_for(load_of(session, now, place.site_id))
    return new_ticket(_secret(), place.code, now, bits)


def _off(w: Saying) -> str:
    return render_template("intake/requests/off.html", w=w)


def _secret() -> str:
    return str(current_app.secret_key)
