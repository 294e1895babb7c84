"""What is read from a real IMAP server: each mail once, in order, whole or known to be too large."""

from datetime import timedelta

import pytest

from scheduler.channels.imap import LARGEST, ImapSettings, MailboxError, open_folder
from tests.support.clinic import NOW
from tests.support.imap_server import ImapServer, imap_server
from tests.support.smtp_server import CERTIFICATE, free_port

MAIL = b"Message-ID: <one@mail.example>\r\n\r\nhello\r\n"


def settings(server: ImapServer) -> ImapSettings:
    return ImapSettings.from_url(server.url)


def test_new_mails_come_in_order_and_stay_unread() -> None:
    with imap_server() as server:
        first, second = server.add(MAIL), server.add(MAIL)
        with open_folder(settings(server)) as folder:
            assert folder.newer(0) == [first, second]
            assert folder.newer(first) == [second]
            assert folder.newer(second) == []
            fetched = folder.fetch(first)
            assert fetched is not None
            assert (fetched.content, fetched.is_whole) == (MAIL, True)
            assert server.seen() == []
            folder.mark_seen(second)
            assert folder.fetch(second + 7) is None
        assert server.seen() == [second]


def test_the_first_look_goes_back_some_days_only() -> None:
    with imap_server() as server:
        server.add(MAIL, NOW - timedelta(days=400))
        fresh = server.add(MAIL, NOW)
        with open_folder(settings(server)) as folder:
            assert folder.newer(0, NOW.date()) == [fresh]


def test_of_a_huge_mail_only_the_beginning_is_fetched() -> None:
    with imap_server() as server:
        uid = server.add(MAIL + b"x" * LARGEST)
        with open_folder(settings(server)) as folder:
            fetched = folder.fetch(uid)
    assert fetched is not None
    assert (len(fetched.content), fetched.is_whole) == (LARGEST, False)


def test_an_encrypted_mailbox_must_show_the_certificate_of_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    with imap_server(tls=True) as server:
        with pytest.raises(MailboxError, match="certificate"), open_folder(settings(server)):
            pass
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
        with open_folder(settings(server)) as folder:
            assert folder.newer(0) == []


def test_what_goes_wrong_is_said_in_a_sentence() -> None:
    with imap_server() as server:
        uid = server.add(MAIL)
        whole = server.url
        for url, said in (
            (whole.replace("right", "wrong"), "refused our log-in"),
            (whole.replace("INBOX", "Elsewhere"), "no folder of that name"),
            (f"imap://desk:right@localhost:{free_port()}/", "No mail server answers"),
        ):
            with pytest.raises(MailboxError, match=said), open_folder(ImapSettings.from_url(url)):
                pass
        server.hang_up_after = 0
        with pytest.raises(MailboxError, match="read next time"), open_folder(settings(server)) as folder:
            folder.fetch(uid)


def test_a_server_that_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    with imap_server() as server:
        server.is_mute = True
        with pytest.raises(MailboxError, match="in time"), open_folder(settings(server), timeout=0.3):
            pass
        with pytest.raises(MailboxError), open_folder(settings(server), timeout=5, total=0.2):
            pass


def test_the_address_of_a_mailbox_tells_no_secret_and_is_never_read_in_the_clear_elsewhere() -> None:
    found = ImapSettings.from_url("imaps://desk%40clinic.example:p%40ss@mail.example/Replies%20in")
    assert found == ImapSettings("mail.example", 993, "desk@clinic.example", "p@ss", "Replies in")
    assert found.name == "desk@clinic.example@mail.example/Replies in"
    assert "p@ss" not in repr(found)
    for wrong in ("imap://desk:right@mail.example/INBOX", "imaps://mail.example/INBOX", "https://a:b@c/"):
        with pytest.raises(ValueError, match="mailbox"):
            ImapSettings.from_url(wrong)
