"""`web`, `worker` and `run` as processes: what they say, how they end, and what they refuse."""

import os
import re
import signal
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from scheduler.actor import COMMAND
from scheduler.cli import main, serve
from scheduler.cli.serve import Server
from scheduler.config import ROOT, Config
from scheduler.db import Database
from scheduler.features.accounts.actions.create_user import create_user
from scheduler.features.accounts.demo_logins import DEMO_PASSWORD
from scheduler.models import Role
from tests.support.clinic import NOW, small_clinic
from tests.support.server import csrf_of
from tests.support.sign_in import CHEAP

LONG = 90
Refusal = Callable[[str, dict[str, str]], str]
ADDRESS = re.compile(r"http://[\d.]+:\d+")


@pytest.fixture
def filled(sqlite: Database) -> Database:
    """The small clinic with one demo log-in."""
    with sqlite.write() as session:
        site = small_clinic(session).site
        create_user(
            session, COMMAND, NOW, email="rosa@sixfold.example", name="Rosa Alvarez", password=DEMO_PASSWORD,
            roles=[Role.FRONT_DESK], site_id=site.id, is_demo=True, hasher=CHEAP,
        )  # fmt: skip
    return sqlite


def environment(home: Path, database: Database | None = None, **more: str) -> dict[str, str]:
    """What the programs are started with: nothing of this machine's own settings, and any free port."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SIXFOLD_")}
    url = {"DATABASE_URL": str(database.engine.url)} if database else {}
    return {**kept, "SIXFOLD_HOME": str(home), "HOST": "127.0.0.1", "PORT": "0", **url, **more}


def refused(command: str, env: dict[str, str]) -> str:
    """What a program says that does not start: one line, and status 1."""
    done = subprocess.run(
        [sys.executable, "-m", "scheduler", command],
        cwd=ROOT, env=env, capture_output=True, text=True, timeout=LONG, check=False,
    )  # fmt: skip
    return one_line(done.returncode, done.stderr)


def one_line(status: object, said: str) -> str:
    """What was said, if it is how a command refuses."""
    assert status == 1, said
    assert "Traceback" not in said and len(said.splitlines()) == 1, said
    return said


@pytest.fixture
def refused_here(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Refusal]:
    """The same within this process, where everything is imported: what is said before anything starts."""

    def call(command: str, env: dict[str, str]) -> str:
        for name in os.environ.keys() - env.keys():
            monkeypatch.delenv(name)
        for name, value in env.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["scheduler", command])
        monkeypatch.setattr(serve, "configure_logs", lambda *_: None)  # Other tests read the log, too.
        with pytest.raises(SystemExit) as ended:
            main()
        return one_line(ended.value.code, capsys.readouterr().err)

    mask = os.umask(0o022)
    os.umask(mask)
    yield call
    os.umask(mask)


class Program:
    """A running program and what it has said."""

    def __init__(self, command: str, env: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "scheduler", command],
            cwd=ROOT,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            process_group=0,
        )
        self.lines: list[str] = []
        self.said = ""

    def until(self, words: str) -> str:
        """Read what it says until a line holds `words`; the line."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.strip())
            if words in line:
                return line
        raise AssertionError(f"it ended without saying {words!r}: {self.end()}")

    def end(self, number: int = signal.SIGTERM) -> int:
        """Tell it to end; its exit status, once its children are gone too and nobody writes any more."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        _, self.said = self.process.communicate(timeout=LONG)
        return self.process.returncode

    def child(self, command: str) -> int:
        """The number of its child process that runs `command`, as soon as there is one."""
        while self.process.poll() is None:
            found = subprocess.run(
                ["pgrep", "-P", str(self.process.pid), "-f", f"scheduler {command} "],
                capture_output=True, text=True, check=False,
            )  # fmt: skip
            if found.stdout:
                return int(found.stdout.split()[0])
        raise AssertionError(f"it has ended: {self.end()} {self.said}")


@contextmanager
def program(command: str, env: dict[str, str]) -> Iterator[Program]:
    """A program that is gone when the block ends, and that a hanging test cannot outlive."""
    running = Program(command, env)
    watchdog = threading.Timer(LONG, running.process.kill)
    watchdog.start()
    try:
        yield running
    finally:
        watchdog.cancel()
        with suppress(ValueError):
            running.end(signal.SIGKILL)


def address(line: str) -> str:
    """The address in what it said."""
    found = ADDRESS.search(line)
    assert found, line
    return found[0]


def test_web_makes_its_folder_and_tables_says_where_it_listens_and_ends_when_told(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with program("web", environment(home)) as running:
        where = address(running.until("Sixfold listens on"))
        assert httpx.get(f"{where}/sign-in", timeout=LONG).status_code == 200
        assert running.end() == 0
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in home.iterdir()} == {0o600}


def test_run_prints_the_log_ins_and_the_address_and_they_work(tmp_path: Path, filled: Database) -> None:
    with program("run", environment(tmp_path / "home", filled)) as running:
        where = address(running.until("Sixfold is at"))
        assert f"front_desk rosa@sixfold.example {DEMO_PASSWORD}" in running.lines
        with httpx.Client(base_url=where, timeout=LONG) as browser:
            assert browser.get("/").headers["Location"] == "/sign-in"
            proof = csrf_of(browser.get("/sign-in").text)
            answer = browser.post(
                "/sign-in",
                data={"email": "rosa@sixfold.example", "password": DEMO_PASSWORD, "csrf_token": proof},
            )
            assert answer.status_code == 303
            assert browser.get("/").headers["Location"] == "/today"
        assert running.end(signal.SIGINT) == 0


def test_a_worker_that_dies_is_started_again(tmp_path: Path, filled: Database) -> None:
    with program("run", environment(tmp_path / "home", filled)) as running:
        running.until("Sixfold is at")
        first = running.child("worker")
        os.kill(first, signal.SIGKILL)
        assert running.process.stderr is not None
        assert "it is started again" in running.process.stderr.readline()
        while running.child("worker") == first:
            pass
        assert running.end() == 0


def test_without_its_web_server_run_ends_and_says_so(tmp_path: Path, filled: Database) -> None:
    with program("run", environment(tmp_path / "home", filled)) as running:
        running.until("Sixfold is at")
        running.child("worker")
        os.kill(running.child("web"), signal.SIGKILL)
        assert running.process.wait(LONG) == 1
        running.end()
        assert "The web server has ended by itself" in running.said


def test_a_run_that_is_killed_leaves_nothing_behind(tmp_path: Path, filled: Database) -> None:
    with program("run", environment(tmp_path / "home", filled)) as running:
        where = address(running.until("Sixfold is at"))
        assert httpx.get(f"{where}/sign-in", timeout=LONG).status_code == 200
        assert running.end(signal.SIGKILL) == -signal.SIGKILL


def test_the_worker_alone_makes_the_tables_and_ends_when_told(tmp_path: Path) -> None:
    with program("worker", environment(tmp_path / "home", SIXFOLD_LOG_LEVEL="info")) as running:
        assert running.process.stderr is not None
        for line in running.process.stderr:
            if "worker_started" in line:
                break
        assert running.end() == 0
    assert "Traceback" not in running.said


@pytest.mark.parametrize("command", ["web", "run"])
def test_a_taken_port_is_said_in_one_sentence(tmp_path: Path, filled: Database, command: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = refused(command, environment(tmp_path / "home", filled, PORT=str(port)))
    assert f"Port {port} of 127.0.0.1 is taken" in said and f"PORT={port + 1}" in said


@pytest.mark.parametrize("command", ["web", "run"])
@pytest.mark.parametrize("public", [{"HOST": "0.0.0.0"}, {"SIXFOLD_BASE_URL": "https://book.example.org"}])  # noqa: S104
def test_demo_log_ins_are_not_served_to_other_machines(
    tmp_path: Path, filled: Database, refused_here: Refusal, command: str, public: dict[str, str]
) -> None:
    refusal = refused_here if command == "web" else refused  # `run` holds its port by then.
    said = refusal(command, environment(tmp_path / "home", filled, **public))
    assert "demo log-ins" in said and "HOST=127.0.0.1" in said


def test_a_clinic_without_demo_log_ins_may_be_public(tmp_path: Path, sqlite: Database) -> None:
    with program("web", environment(tmp_path / "home", sqlite, HOST="0.0.0.0")) as running:  # noqa: S104
        where = address(running.until("Sixfold listens on")).replace("0.0.0.0", "127.0.0.1")  # noqa: S104
        assert httpx.get(f"{where}/sign-in", timeout=LONG).status_code == 200
        assert running.end() == 0


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"HOST": "192.0.2.1"}, "HOST=192.0.2.1 is no address of this machine"),
        ({"HOST": "no such host"}, "HOST=no such host is no address of this machine"),
        ({"PORT": "http"}, "PORT must be a whole number from 0 to 65535"),
        ({"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}, "The database can't be reached"),
        ({"DATABASE_URL": "mysql://x/y"}, "DATABASE_URL must begin with"),
        ({"SIXFOLD_BASE_URL": "book.example.org"}, "SIXFOLD_BASE_URL must be a whole address"),
    ],
)
def test_a_setting_that_cannot_work_is_named(
    tmp_path: Path, refused_here: Refusal, settings: dict[str, str], says: str
) -> None:
    assert says in refused_here("web", environment(tmp_path / "home", **settings))


def test_a_home_that_is_no_folder_is_named(tmp_path: Path, refused_here: Refusal) -> None:
    (tmp_path / "file").write_text("")
    assert "SIXFOLD_HOME can't be used" in refused_here("web", environment(tmp_path / "file"))


def test_a_database_of_a_newer_release_is_left_alone(
    tmp_path: Path, sqlite: Database, refused_here: Refusal
) -> None:
    with sqlite.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert "another release of Sixfold" in refused_here("web", environment(tmp_path / "home", sqlite))


def test_no_connection_is_made_before_the_servers_processes_part(config: Config) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Server(config, socket.socket(fileno=os.dup(listener.fileno())))
        assert server.callable is None and not server.cfg.preload_app
        os.close(server.cfg.address[0])


def test_the_server_believes_no_proxy_of_its_own_accord(config: Config) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Server(config, socket.socket(fileno=os.dup(listener.fileno())))
        assert server.cfg.forwarded_allow_ips == [] and server.cfg.secure_scheme_headers == {}
        os.close(server.cfg.address[0])
