"""The patient's page of questions, behind a link. It never shows what was answered before."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError

from scheduler import clock
from scheduler.actor import Actor
from scheduler.errors import ConflictError, NotFoundError, RuleError, SixfoldError
from scheduler.features.accounts.link_throttle import count_answer, count_dead_link
from scheduler.features.accounts.login import as_nobody
from scheduler.features.capacity.kept import kept
from scheduler.features.ratings.actions.answer import answer_link
from scheduler.features.ratings.cognition.sitting import sitting_of
from scheduler.features.ratings.queries.links import Questions, Stage, opened
from scheduler.features.ratings.sheet import Sheet, read_age, read_sheet, screens
from scheduler.rendering.crisis import Crisis, crisis_of, crisis_of_all
from scheduler.rendering.language import Language, codes, load
from scheduler.tokens import token_hash
from scheduler.web import EVERYONE, access, attempt, reading, writing
from scheduler.web.csrf import check_without_referrer, csrf

blueprint = Blueprint("questions", __name__)
# The usual check asks for a Referer on https, which these pages never send: `_guard` has its own.
csrf.exempt(blueprint)

SAID = {400: "stale", 404: "over", 429: "wait"}


@dataclass(frozen=True)
class Saying:
    """The words of the page, in the patient's language."""

    language: Language
    phone: str
    crisis: Crisis

    @cached_property
    def _whom(self) -> dict[str, str]:
        return self.crisis.said(self.language)

    def say(self, key: str, **facts: object) -> str:
        """A phrase of the sheet; the clinic's phone, and whom to call in a crisis, are at hand in each."""
        return self.language.say(f"sheet.{key}", phone=self.phone, **self._whom, **facts)


@blueprint.before_request
def _guard() -> None:
    as_nobody()
    check_without_referrer()


@blueprint.after_request
def _quietly(response: Response) -> Response:
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@blueprint.errorhandler(SixfoldError)
def _refused(error: SixfoldError) -> ResponseReturnValue:
    return said(error.status)


@blueprint.errorhandler(CSRFError)
def _stale(_error: CSRFError) -> ResponseReturnValue:
    return said(400)


@blueprint.get("/r/<token>")
@access(EVERYONE)
def sheet(token: str) -> ResponseReturnValue:
    """The questions, or that they are answered or closed."""
    questions = open_link(token)
    if questions.stage is not Stage.OPEN or questions.closes_at <= clock.now():
        tasks = _tasks(questions, token)
        return redirect(tasks, 303) if tasks else ended(questions)
    return sheet_page(questions, url_for("questions.answer", token=token), token_hash(token)[:16])


@blueprint.post("/r/<token>")
@access(EVERYONE)
def answer(token: str) -> ResponseReturnValue:
    """Take the answers; the same ones again get the same thanks."""
    now = clock.now()
    questions = open_link(token)
    with writing() as session:
        count_answer(session, now, f"questions {questions.link_id}")
    if questions.stage is Stage.CLOSED:
        return ended(questions), 409
    form = read_sheet(request.form, questions.asked)
    if form.trouble:
        keep = token_hash(token)[:16]
        return sheet_page(questions, url_for("questions.answer", token=token), keep, form), 422
    age = timedelta(seconds=read_age(request.form))
    actor = Actor(None, "patient", request.remote_addr or "")
    try:
        crisis = attempt(lambda session: answer_link(session, actor, now, questions, form.answers, age))
    except (ConflictError, RuleError, NotFoundError) as error:
        return ended(open_link(token)), error.status
    return thanks(questions, crisis, more=_tasks(questions, token))


def sheet_page(
    questions: Questions, action: str, keep: str, form: Sheet | None = None, slot: str = ""
) -> str:
    """The form: all questions on one page, one at a time where scripts run.

    `keep` names the place on the phone in which answers wait until they have arrived; empty for none.
    `slot` is sent along from a tablet, which asks one occasion after the other at one address.
    """
    return render_template(
        "ratings/sheet.html",
        questions=questions,
        w=words_of(questions),
        screens=screens(questions.asked, questions.language),
        form=form,
        action=action,
        keep=keep,
        slot=slot,
    )


def thanks(
    questions: Questions,
    crisis: bool,
    title: str = "thanks",
    words: str = "thanks_text",
    staff: str = "",
    more: str = "",
) -> str:
    """That the answers have arrived, and the crisis notice where they ask for it.

    `staff` is where the staff sign in on a tablet, empty on a phone; `more` where the short tasks are.
    """
    return _ended_page(questions, title, words, crisis, staff, more)


def ended(questions: Questions) -> str:
    """That nothing can be answered here any more, and why."""
    title = "used" if questions.stage is Stage.USED else "closed"
    return _ended_page(questions, title, f"{title}_text")


def _ended_page(
    questions: Questions, title: str, text: str, crisis: bool = False, staff: str = "", more: str = ""
) -> str:
    return render_template(
        "ratings/ended.html",
        questions=questions,
        w=words_of(questions),
        title=title,
        text=text,
        crisis=crisis,
        staff=staff,
        more=more,
    )


def _tasks(questions: Questions, token: str) -> str:
    """The address of the short tasks of the occasion; empty where none is left or their time is over."""
    with reading() as session:
        sitting = sitting_of(session, questions.course_id, questions.slot, clock.now())
    return url_for("questions.tasks", token=token) if sitting.is_open else ""


def said(status: int) -> ResponseReturnValue:
    """What is said to somebody of whom nothing is known: the same bytes for every link that opens nothing."""
    group = SAID.get(status, "broken")
    with reading() as session:
        crisis = crisis_of_all(site.country for site in kept(session).sites)
    words = [
        (one.code, one.say(f"{group}.title"), one.say(f"{group}.text", **crisis.said(one)))
        for one in map(load, codes())
    ]
    return render_template("portal/said.html", words=words), status


def words_of(questions: Questions) -> Saying:
    """The words of a page, in the language of who is asked."""
    return Saying(load(questions.language), questions.phone, crisis_of(questions.country))


def open_link(token: str) -> Questions:
    """What the link opens. One that opens nothing is counted, whatever it once was."""
    try:
        with reading() as session:
            return opened(session, token, clock.now())
    except NotFoundError:
        with writing() as session:
            count_dead_link(session, clock.now(), request.remote_addr or "")
        raise
