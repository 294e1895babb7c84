"""create_app(): the only file that wires everything together."""

from flask import Blueprint, Flask
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from scheduler.config import ROOT, Config
from scheduler.db import Database
from scheduler.features.accounts import views as accounts
from scheduler.features.accounts.bearer import init_bearer
from scheduler.features.accounts.denials import init_denials
from scheduler.features.accounts.login import init_login
from scheduler.features.accounts.views.locked import init_lock
from scheduler.features.audit import views as audit
from scheduler.features.backups import views as backups
from scheduler.features.calendars import views as calendars
from scheduler.features.capacity import api as capacity_api
from scheduler.features.courses import api as courses_api
from scheduler.features.courses import views as courses
from scheduler.features.desk import views as desk
from scheduler.features.emergency import views as emergency
from scheduler.features.infusion_logs import views as infusion_logs
from scheduler.features.intake.consents import views as consents
from scheduler.features.intake.consents.texts import views as consent_texts
from scheduler.features.intake.consultations import views as consultations
from scheduler.features.intake.requests import views as requests
from scheduler.features.intake.screening import views as screening
from scheduler.features.interchange import views as interchange
from scheduler.features.outbox import views as outbox
from scheduler.features.path import views as path
from scheduler.features.patients import api as patients_api
from scheduler.features.patients import views as patients
from scheduler.features.portal import views as portal
from scheduler.features.portal.consultation import views as talk
from scheduler.features.portal.dates import views as dates
from scheduler.features.portal.documents import views as documents
from scheduler.features.portal.pages import views as pages
from scheduler.features.portal.reminding import views as reminding
from scheduler.features.ratings import views as ratings
from scheduler.features.ratings.views import questions
from scheduler.features.ratings.views.kiosk import init_kiosk
from scheduler.features.records import views as records
from scheduler.features.reminders import hooks
from scheduler.features.reminders import views as reminders
from scheduler.features.reports import views as reports
from scheduler.features.reports.follow_up import views as follow_up
from scheduler.features.reports.outcomes import views as outcomes
from scheduler.features.review import views as review
from scheduler.features.review.medicines import views as medicines
from scheduler.features.settings import views as settings
from scheduler.features.tasks import views as tasks
from scheduler.features.waiting import api as waiting_api
from scheduler.features.waiting import views as waiting
from scheduler.web import living_page
from scheduler.web.access import init_access
from scheduler.web.api import ApiDocument
from scheduler.web.api import page as api_page
from scheduler.web.assets import init_assets
from scheduler.web.csrf import init_csrf
from scheduler.web.errors import init_errors
from scheduler.web.filters import init_filters
from scheduler.web.headers import init_headers
from scheduler.web.hosts import init_hosts
from scheduler.web.inputs import init_inputs
from scheduler.web.logs import init_logs
from scheduler.web.navigation import init_navigation
from scheduler.web.settings_tabs import init_settings_tabs
from scheduler.web.uploads import init_uploads

BLUEPRINTS: tuple[Blueprint, ...] = (
    accounts.blueprint,
    accounts.links,
    api_page.blueprint,
    audit.blueprint,
    backups.blueprint,
    calendars.blueprint,
    consultations.blueprint,
    consent_texts.blueprint,
    consents.blueprint,
    courses.blueprint,
    dates.blueprint,
    desk.blueprint,
    documents.blueprint,
    documents.door,
    documents.tablet,
    hooks.blueprint,
    emergency.blueprint,
    follow_up.blueprint,
    infusion_logs.blueprint,
    interchange.blueprint,
    living_page.blueprint,
    medicines.blueprint,
    outbox.blueprint,
    outcomes.blueprint,
    pages.blueprint,
    pages.door,
    pages.staff,
    path.blueprint,
    patients.blueprint,
    portal.blueprint,
    questions.blueprint,
    ratings.blueprint,
    records.blueprint,
    reminding.blueprint,
    reminders.blueprint,
    reports.blueprint,
    requests.blueprint,
    requests.public,
    review.blueprint,
    screening.blueprint,
    settings.blueprint,
    talk.blueprint,
    tasks.blueprint,
    waiting.blueprint,
)

API = (patients_api.blueprint, capacity_api.blueprint, courses_api.blueprint, waiting_api.blueprint)


def create_app(config: Config, database: Database | None = None) -> Flask:
    """The web application for one configuration; `database` is made from it unless tests give theirs."""
    app = Flask("sixfold", root_path=str(ROOT), template_folder="templates", static_folder="static")
    app.config.update(
        SECRET_KEY=config.secret_key,
        MAX_CONTENT_LENGTH=2 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        MAX_FORM_PARTS=1000,
        SESSION_COOKIE_NAME="__Host-sixfold" if config.is_https else "sixfold",
        SESSION_COOKIE_SECURE=config.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    app.extensions["sixfold"] = config
    app.extensions["database"] = database or Database(config.database_url)
    app.wsgi_app = calendars.at_the_door(app, config)  # type: ignore[assignment,method-assign]
    if config.proxies:
        hops = config.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    _prepare_templates(app)
    init_logs(app, config.log_level)
    init_errors(app)
    init_hosts(app, config)
    init_uploads(app)
    init_inputs(app)
    init_kiosk(app)
    init_csrf(app)
    init_headers(app, https=config.is_https)
    init_login(app, config)
    init_lock(app)
    init_denials(app)
    init_bearer(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    document = ApiDocument(app)
    for blueprint in API:
        document.add(blueprint)
    init_access(app)
    init_navigation(app, desk.COUNTERS)
    init_settings_tabs(app)
    return app


def _prepare_templates(app: Flask) -> None:
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.undefined = StrictUndefined
    init_filters(app)
    init_assets(app)
