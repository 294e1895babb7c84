"""When patients are reminded, and in which words: changed, tried on a visit that there might be, reset."""

from dataclasses import dataclass, replace

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from scheduler import clock
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.outbox.actions.staff_mail import send_test
from scheduler.features.reminders.rules import queries
from scheduler.features.reminders.rules.kinds import Kind, shipped
from scheduler.features.reminders.rules.preview import Preview, sample, tried
from scheduler.features.reminders.rules.timing import add_rule, remove_rule, switch_rule
from scheduler.features.reminders.rules.wording import judge, reset_words, save_words
from scheduler.features.settings.sections import ADMINISTRATOR
from scheduler.features.settings.views.blueprint import blueprint
from scheduler.features.settings.words_form import read_kind, read_own, read_rule, read_seen
from scheduler.rendering.words import Own
from scheduler.web import access, current_actor, reading, writing
from scheduler.web.inputs import any_text

SECTION = "messages"
DEEDS = {"on": "It is on.", "off": "It is off.", "remove": "The reminder is removed."}


@blueprint.post("/settings/messages/rules")
@access(ADMINISTRATOR)
def add_reminder() -> ResponseReturnValue:
    """Remind at one more time, for all protocols or for one."""
    try:
        form = read_rule(request.form)
        with writing() as session:
            add_rule(session, current_actor(), clock.now(), form.protocol_id, form.channel, form.days)
    except (RuleError, ConflictError, NotFoundError) as error:
        flash(error.sentence, "stop")
        return _section()
    flash("The reminder is set. It is for what falls due from now on.", "ok")
    return _section()


@blueprint.post("/settings/messages/rules/<int:rule_id>")
@access(ADMINISTRATOR)
def reminder_deed(rule_id: int) -> ResponseReturnValue:
    """Switch a reminder on or off, or remove it."""
    do, actor, now = request.form.get("do", ""), current_actor(), clock.now()
    if do not in DEEDS:
        raise RuleError("Choose whether to switch the reminder on or off, or to remove it.")
    with writing() as session:
        if do == "remove":
            remove_rule(session, actor, now, rule_id)
        else:
            switch_rule(session, actor, now, rule_id, do == "on")
    flash(DEEDS[do], "ok")
    return _section()


@blueprint.route("/settings/messages/words/<purpose>/<channel>/<language>", methods=["GET", "POST"])
@access(ADMINISTRATOR)
@any_text
def words(purpose: str, channel: str, language: str) -> ResponseReturnValue:
    """The words of one message in one language, with what a patient would read.

    A mail has paragraphs, so line breaks come in here; `judge` refuses all else that can't be seen.
    """
    kind = read_kind(purpose, channel, language, request.args.get("protocol", ""))
    page = _page(kind)
    if request.method != "POST":
        return page.show()
    do = request.form.get("do", "preview")
    if do == "preview":
        return page.show()
    if do == "test":
        return _test(page)
    return _save(page, do)


@dataclass(frozen=True)
class WordsPage:
    """What holds, what was typed, what a patient would read, and what stands in the way."""

    kind: Kind
    held: queries.Wording
    typed: Own
    version: int
    site_id: int
    sites: list[tuple[int, str]]
    protocols: list[tuple[int, str]]
    past: list[queries.Saved]
    errors: dict[str, str]
    preview: Preview | None
    trouble: str = ""
    clash: bool = False

    @property
    def address(self) -> str:
        """The page's own."""
        kind = self.kind
        return url_for(
            "settings.words",
            purpose=kind.purpose.value,
            channel=kind.channel.value,
            language=kind.language,
            protocol=kind.protocol_id,
        )

    def show(self) -> str:
        """The page; for htmx the preview alone."""
        live = bool(request.headers.get("HX-Request"))
        template = "settings/_words_preview.html" if live else "settings/words.html"
        return render_template(template, page=self, shipped=shipped(self.kind))


def _page(kind: Kind) -> WordsPage:
    again = request.method == "POST"
    with reading() as session:
        held = queries.wording(session, kind)
        sites = queries.sites_in_use(session)
        asked = request.form.get("site", str(current_user.site_id or ""))
        site = next((each for each in sites if str(each.id) == asked), sites[0])
        typed = read_own(request.form) if again else held.own
        base_url = current_app.extensions["sixfold"].base_url
        now = clock.now()
        errors = judge(kind, typed, sites, now, base_url) if again else {}
        shown, wrong = tried(kind, typed, site, sample(site, now, base_url))
        return WordsPage(
            kind=kind,
            held=held,
            typed=typed,
            version=read_seen(request.form) if again else held.version,
            site_id=site.id,
            sites=[(each.id, each.name) for each in sites],
            protocols=[(each.id, each.name) for each in queries.protocols(session)],
            past=queries.saved_before(session, kind),
            errors={**({"body": wrong} if wrong else {}), **errors},
            preview=shown,
        )


def _save(page: WordsPage, do: str) -> ResponseReturnValue:
    actor, now = current_actor(), clock.now()
    base_url = current_app.extensions["sixfold"].base_url
    try:
        with writing() as session:
            if do == "reset":
                reset_words(session, actor, now, page.kind, seen=page.version)
            else:
                save_words(session, actor, now, page.kind, page.typed, seen=page.version, base_url=base_url)
    except RuleError as error:
        return replace(page, trouble="" if page.errors else error.sentence).show(), 422
    except ConflictError as error:
        # The form goes on from what the other person saved, whose words are shown beside the typed ones.
        return replace(page, clash=True, version=page.held.version).show(), error.status
    flash(
        "Sixfold’s own words hold again." if do == "reset" else "Saved. Messages written from now on say it.",
        "ok",
    )
    return _section()


def _test(page: WordsPage) -> ResponseReturnValue:
    if page.errors or page.preview is None:
        return page.show(), 422
    subject = page.preview.subject or f"Test of a text message: {page.held.label}"
    with writing() as session:
        send_test(session, current_actor(), clock.now(), subject, page.preview.shown)
    flash("A test is on its way to your own e-mail address. Nothing was saved by it.", "ok")
    return page.show()


def _section() -> ResponseReturnValue:
    return redirect(url_for("settings.section", section=SECTION), 303)
