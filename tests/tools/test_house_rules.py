"""Each check of the house finds what it is there to find, and nothing else."""

import re
from pathlib import Path

import pytest

from tests.tools.house import House
from tools.checks import (
    commits,
    dead_code,
    long_files,
    migrations,
    orphans,
    requirements,
    styles,
    templates,
    tests_run,
    traces,
)

ROOT = Path(__file__).resolve().parents[2]
HASH = "--hash=sha256:" + "0" * 64


def test_only_the_database_floor_ends_a_transaction(house: House) -> None:
    house.put("scheduler/db/database.py", "def end(session):\n    session.commit()\n")
    house.put("scheduler/features/courses/book.py", "def book(session):\n    session.commit()\n")
    house.put("scheduler/worker/tick.py", "def tick(session, after):\n    after(session.rollback)\n")
    house.put("tests/test_it.py", "def test(session):\n    session.rollback()\n")
    assert commits.check(house.root) == [
        "scheduler/features/courses/book.py:2: commit() outside scheduler/db",
        "scheduler/worker/tick.py:2: rollback() outside scheduler/db",
    ]


def test_a_long_file_states_its_reason_and_a_stale_reason_goes(house: House) -> None:
    house.put("scheduler/long.py", "x = 1\n" * 301)
    house.put("scheduler/table.py", "x = 1\n" * 301)
    house.put("scheduler/fits.py", "x = 1\n" * 300)
    house.put("tests/test_long.py", "x = 1\n" * 501)
    house.put("tests/test_fits.py", "x = 1\n" * 500)
    reasons = "scheduler/table.py: one table\nscheduler/fits.py: once long\nscheduler/long.py:\n"
    house.put("tools/long_files.txt", reasons)
    assert long_files.check(house.root) == [
        "scheduler/long.py: 301 lines",
        "tests/test_long.py: 501 lines",
        "tools/long_files.txt: scheduler/fits.py is not long any more",
    ]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("<p>{{ patient.name|safe }}</p>", "become markup"),
        ("{% autoescape false %}{{ x }}{% endautoescape %}", "never switched off"),
        ('<p style="color:red">x</p>', "inline style"),
        ("<style>p{}</style>", "inline style sheet"),
        ("<script>alert(1)</script>", "inline script"),
        ('<button class="x"\n onclick="go()">x</button>', "event handler"),
        ('<div hx-on:click="go()"></div>', "evaluate a string"),
        ('<script src="https://cdn.example/x.js"></script>', "third party"),
        ('<img src="//cdn.example/x.png">', "third party"),
        ('<a href="javascript:go()">x</a>', "runs a script"),
    ],
)
def test_a_page_holds_nothing_that_the_policy_refuses(house: House, line: str, why: str) -> None:
    house.put("templates/today/list.html", line)
    [found] = templates.check(house.root)
    assert found.startswith("templates/today/list.html:")
    assert why in found


def test_a_good_page_and_a_letter_with_its_own_style_pass(house: House) -> None:
    house.put(
        "templates/today/list.html", '<script src="/static/x.js" defer></script>{# no |safe here #}<p>once=1'
    )
    house.put(
        "templates/mail/letter.html.jinja",
        '<p style="color:#333"><a href="https://clinic.example/c">x</a></p>',
    )
    assert templates.check(house.root) == []


def test_a_letter_fetches_nothing_when_it_is_opened(house: House) -> None:
    house.put("templates/mail/letter.html.jinja", '<p>x</p>\n<img src="https://clinic.example/seen.png">')
    assert templates.check(house.root) == [
        "templates/mail/letter.html.jinja:2: opening the letter would tell a third party"
    ]


def test_a_template_that_nothing_names_is_found(house: House) -> None:
    house.put("scheduler/views.py", "a = render('today/list.html')\nb = render(f'mail/{kind}.txt.jinja')\n")
    house.put(
        "templates/today/list.html", '{% include "today/row.html" %}<link href="{{ url(\'calm.css\') }}">'
    )
    for name in ("templates/today/row.html", "templates/mail/reminder.txt.jinja", "static/calm.css"):
        house.put(name, "x")
    house.put("templates/today/old.html", '{# see "today/old.html" #}')
    house.put("tests/test_old.py", "name = 'today/old.html'\n")
    assert orphans.check(house.root) == ["templates/today/old.html: nothing names it"]


def test_a_class_that_no_page_has_is_found(house: House) -> None:
    house.put(
        "static/calm.css",
        "/* .comment */ .card > .title { margin: 1.5rem }\n"
        "@media (width < 40rem) { .narrow, .state-held { color: red } }",
    )
    house.put("templates/today/list.html", '<div class="card state-{{ visit.state }}"><p class="subtitle">')
    assert styles.check(house.root) == [
        "static/calm.css: nothing has the class narrow",
        "static/calm.css: nothing has the class title",
    ]


def test_tests_that_pytest_would_not_run_are_found(house: House) -> None:
    house.put("tests/web/rules.py", "def test_lost():\n    assert False\n")
    house.put("tests/test_web.py", "class Roles:\n    def test_lost(self):\n        assert False\n")
    house.put("tests/test_good.py", "class TestRoles:\n    def test_found(self):\n        assert True\n")
    assert tests_run.check(house.root) == [
        "tests/test_web.py:2: test_lost never runs: pytest does not look inside Roles",
        "tests/web/rules.py:1: test_lost never runs: pytest reads only files named test_*.py",
    ]


def test_no_test_is_excused_or_waits_for_time_to_pass(house: House) -> None:
    house.put("tests/test_a.py", "@pytest.mark.skipif(True)\ndef test_a():\n    time.sleep(1)\n")
    house.put("tests/support/wait.py", "def until(ready):\n    time.sleep(0.01)\n")
    assert tests_run.check(house.root) == [
        "tests/test_a.py:1: skipif: a test runs everywhere, or says in a failure what is missing",
        "tests/test_a.py:3: a test waits for what happens, not for time to pass",
    ]


def test_a_machines_paths_and_registries_leave_no_trace(house: House) -> None:
    registry = "pypi" + ".org"
    house.put(
        "docs/a.md", f"See {house.root.parent}/notes\nand /home/desk/x\nfrom https://{registry}/simple\n"
    )
    house.put("docs/b.md", "Backups go to /tmp/backup on /srv/sixfold.\n")
    assert traces.check(house.root, home=Path("/home/desk")) == [
        f"docs/a.md:1: {house.root.parent}",
        "docs/a.md:2: /home/desk",
        f"docs/a.md:3: {registry}",
    ]
    # A home that many machines have gives nothing away.
    assert not [line for line in traces.check(house.root, home=Path("/srv")) if "docs/b.md" in line]


def _requirement_files(house: House, product: str, development: str) -> None:
    house.put("requirements.in", "Flask~=3.1\npsycopg[binary]~=3.3  # the driver\n")
    house.put("requirements-dev.in", "-r requirements.in\npytest~=9.2\n")
    house.put("requirements.txt", product)
    house.put("requirements-dev.txt", development)


def test_hashed_requirements_in_step_pass(house: House) -> None:
    product = f"flask==3.1.3 \\\n    {HASH} \\\n    {HASH}\npsycopg[binary]==3.3.9 \\\n    {HASH}\n"
    _requirement_files(house, product, product + f"pytest==9.2.0 \\\n    {HASH}\n")
    assert requirements.check(house.root) == []


def test_requirements_out_of_step_are_named(house: House) -> None:
    product = f"flask==3.0.0 \\\n    {HASH}\npsycopg[binary]==3.3.9\n"
    _requirement_files(
        house, product, f"flask==3.1.3 \\\n    {HASH}\npsycopg[binary]==3.3.9 \\\n    {HASH}\n"
    )
    found = "\n".join(requirements.check(house.root))
    assert re.search(r"requirements.txt: Flask~=3.1 is asked for, 3.0.0 is pinned", found)
    assert re.search(r"requirements-dev.txt: pytest~=9.2 is asked for, nothing is pinned", found)
    assert "requirements-dev.txt: flask is not pinned to the product's 3.0.0" in found
    assert "requirements.txt: psycopg has no hash" in found


def _dead_code_house(house: House) -> None:
    house.put("pyproject.toml", '[tool.vulture]\nignore_names = ["test_*"]\nignore_decorators = ["@*.get"]\n')
    house.put("tools/dead_code.txt", "called_by_name: the server calls it\ngone: it was here once\n")
    house.put("templates/today.html", "{% for visit in day.visits_left() %}{{ visit }}{% endfor %}")


def test_code_that_only_its_test_calls_is_dead(house: House) -> None:
    _dead_code_house(house)
    house.put("scheduler/audit.py", "def record():\n    return 1\n\n\ndef called_by_name():\n    return 2\n")
    house.put(
        "tests/test_audit.py", "from scheduler.audit import record\n\n\ndef test_it():\n    assert record()\n"
    )
    assert dead_code.check(house.root) == [
        "scheduler/audit.py:1: unused function record",
        "tools/dead_code.txt: gone needs no exception",
    ]


def test_a_rule_without_its_prefix_never_runs_and_is_found(house: House) -> None:
    _dead_code_house(house)
    house.put("scheduler/audit.py", "def called_by_name():\n    return 2\n")
    house.put("tests/test_audit.py", "def second_patient_cannot_take_the_last_chair():\n    assert True\n")
    assert "unused function second_patient_cannot_take_the_last_chair" in dead_code.check(house.root)[0]


def test_what_templates_databases_and_libraries_use_is_alive(house: House) -> None:
    _dead_code_house(house)
    house.put(
        "scheduler/models/day.py",
        "class State(StrEnum):\n    HELD = 'held'\n\n\n"
        "class Day(Base):\n    note = column()\n    stray = column()\n\n"
        "    def visits_left(self):\n        return State\n\n\nprint(Day(note='x'))\n",
    )
    house.put("scheduler/app.py", "def called_by_name(app):\n    app.jinja_env.trim_blocks = True\n")
    found = dead_code.check(house.root)
    assert [line for line in found if "tools/" not in line] == [
        "scheduler/models/day.py:7: unused variable stray"
    ]


@pytest.mark.postgres
def test_the_migrations_here_go_there_and_back() -> None:
    assert migrations.check(ROOT) == []


def test_a_migration_that_cannot_come_down_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(_url: str, _revision: str) -> None:
        raise ValueError("no way back")

    monkeypatch.setattr(migrations.migrate, "downgrade", refuse)
    found = migrations.there_and_back(f"sqlite:///{tmp_path}/down.sqlite3")
    assert found == ["down: ValueError: no way back"]
