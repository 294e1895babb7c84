"""Answers to invitations as Gmail, Outlook and Apple mail them, and reports of mail that came back.

Written after what these programs are publicly known to send. `answer` fills one in; `raw` gives the calendar.
"""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime

OURS = "appointments@riverside.example"
GMAIL = """BEGIN:VCALENDAR
PRODID:-//Google Inc//Google Calendar 70.9054//EN
VERSION:2.0
CALSCALE:GREGORIAN
METHOD:{method}
BEGIN:VEVENT
DTSTART:20261130T143000Z
DTEND:20261130T163000Z
DTSTAMP:{stamp}
ORGANIZER:mailto:appointments@riverside.example
UID:{uid}
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={said};CN=Marta L
 indqvist;X-NUM-GUESTS=0:mailto:{attendee}
CREATED:20261102T150000Z
DESCRIPTION:Mon 30 Nov 2026\\, 09:30 (EST)
LAST-MODIFIED:{stamp}
LOCATION:Riverside Clinic\\, 12 Harbor Street\\, Riverside
SEQUENCE:{sequence}
STATUS:CONFIRMED
SUMMARY:Appointment
TRANSP:OPAQUE
{more}END:VEVENT
END:VCALENDAR
"""
OUTLOOK = """BEGIN:VCALENDAR
METHOD:{method}
PRODID:Microsoft Exchange Server 2010
VERSION:2.0
BEGIN:VTIMEZONE
TZID:Eastern Standard Time
BEGIN:STANDARD
DTSTART:16010101T020000
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=1SU;BYMONTH=11
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=2SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
ATTENDEE;{sent_by}PARTSTAT={said};CN="Lindqvist, Marta":MAILTO:{attendee}
COMMENT;LANGUAGE=en-US:{comment}
UID:{uid}
SUMMARY;LANGUAGE=en-US:Declined: Appointment
DTSTART;TZID=Eastern Standard Time:20261130T093000
DTEND;TZID=Eastern Standard Time:20261130T113000
CLASS:PUBLIC
PRIORITY:5
DTSTAMP:{stamp}
TRANSP:OPAQUE
STATUS:CONFIRMED
SEQUENCE:{sequence}
LOCATION;LANGUAGE=en-US:Riverside Clinic
X-MICROSOFT-CDO-APPT-SEQUENCE:{sequence}
X-MICROSOFT-CDO-OWNERAPPTID:0
X-MICROSOFT-CDO-BUSYSTATUS:BUSY
X-MICROSOFT-CDO-INTENDEDSTATUS:BUSY
X-MICROSOFT-CDO-ALLDAYEVENT:FALSE
X-MICROSOFT-CDO-IMPORTANCE:1
X-MICROSOFT-CDO-INSTTYPE:0
X-MICROSOFT-DISALLOW-COUNTER:FALSE
{more}END:VEVENT
END:VCALENDAR
"""
APPLE = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Apple Inc.//macOS 14.4//EN
CALSCALE:GREGORIAN
METHOD:{method}
BEGIN:VEVENT
CREATED:20261102T150000Z
UID:{uid}
DTEND:20261130T163000Z
TRANSP:OPAQUE
ATTENDEE;CN="Marta Lindqvist";CUTYPE=INDIVIDUAL;EMAIL="{attendee}";PARTSTAT
 ={said};ROLE=REQ-PARTICIPANT;RSVP=TRUE:mailto:{attendee}
SUMMARY:Appointment
LAST-MODIFIED:{stamp}
DTSTAMP:{stamp}
DTSTART:20261130T143000Z
LOCATION:Riverside Clinic\\, 12 Harbor Street\\, Riverside
SEQUENCE:{sequence}
ORGANIZER:mailto:appointments@riverside.example
CLASS:PRIVATE
{more}END:VEVENT
END:VCALENDAR
"""
SHAPES = {"gmail": GMAIL, "outlook": OUTLOOK, "apple": APPLE}
EARLY = datetime(2026, 11, 2, 16, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Said:
    """What is answered, by whom, to what."""

    uid: str
    said: str = "ACCEPTED"
    sequence: int = 0
    attendee: str = "marta1@example.org"
    sender: str | None = None
    sent_by: str = ""
    comment: str = ""
    at: datetime = EARLY
    method: str = "REPLY"
    more: str = ""


def raw(program: str, said: Said) -> bytes:
    """The calendar of one program's answer."""
    text = SHAPES[program].format(
        uid=said.uid,
        said=said.said,
        sequence=said.sequence,
        attendee=said.attendee,
        sent_by=f'SENT-BY="mailto:{said.sent_by}";' if said.sent_by else "",
        comment=said.comment,
        stamp=f"{said.at:%Y%m%dT%H%M%SZ}",
        method=said.method,
        more=said.more,
    )
    return text.replace("\n", "\r\n").encode()


def answer(program: str, said: Said, number: str = "one") -> bytes:
    """The mail of one program's answer; `number` makes its Message-ID."""
    calendar = raw(program, said)
    sender = said.sender if said.sender is not None else said.attendee
    head = f"From: Marta Lindqvist <{sender}>\nTo: {OURS}\nMessage-ID: <{program}-{number}@mail.example>\n"
    head += f"Subject: {said.said.title()}: Appointment\nMIME-Version: 1.0\n"
    coded = base64.encodebytes(calendar).decode()
    if program == "outlook":  # Exchange: two bodies, and the calendar in base64.
        head += 'Content-Type: multipart/alternative; boundary="_000_AB_"\nX-MS-Has-Attach:\n\n'
        body = '--_000_AB_\nContent-Type: text/plain; charset="us-ascii"\n\n\n'
        body += f'--_000_AB_\nContent-Type: text/calendar; charset="utf-8"; method={said.method}\n'
        body += f"Content-Transfer-Encoding: base64\n\n{coded}\n--_000_AB_--\n"
    elif program == "gmail":  # The calendar as it is beside the bodies, and once more as a file.
        head += "Auto-Submitted: auto-generated\n"
        head += 'Content-Type: multipart/mixed; boundary="0000f1"\n\n'
        body = '--0000f1\nContent-Type: multipart/alternative; boundary="0000f2"\n\n'
        body += '--0000f2\nContent-Type: text/plain; charset="UTF-8"; format=flowed; delsp=yes\n\nAccepted.\n'
        body += f'--0000f2\nContent-Type: text/calendar; charset="UTF-8"; method={said.method}\n'
        body += f"Content-Transfer-Encoding: 7bit\n\n{calendar.decode()}\n--0000f2--\n"
        body += '--0000f1\nContent-Type: application/ics; name="invite.ics"\n'
        body += 'Content-Disposition: attachment; filename="invite.ics"\n'
        body += f"Content-Transfer-Encoding: base64\n\n{coded}\n--0000f1--\n"
    else:  # Apple Mail: the calendar as a file that is shown.
        head += 'Content-Type: multipart/mixed; boundary="Apple-Mail=_7A"\nX-Mailer: iCalendar\n\n'
        body = "--Apple-Mail=_7A\nContent-Type: text/plain; charset=utf-8\n\nMarta accepted.\n"
        body += f"--Apple-Mail=_7A\nContent-Type: text/calendar; method={said.method}; charset=UTF-8;\n"
        body += ' name="iCal-20261102.ics"\nContent-Disposition: inline; filename="iCal-20261102.ics"\n'
        body += f"Content-Transfer-Encoding: base64\n\n{coded}\n--Apple-Mail=_7A--\n"
    return (head + body).replace("\r\n", "\n").replace("\n", "\r\n").encode()


def bounce(
    recipient: str,
    about: str = "",
    status: str = "5.1.1",
    *,
    action: str = "failed",
    words: str = "550 5.1.1 No such user",
    number: str = "one",
) -> bytes:
    """A delivery report as Postfix writes it; `about` is the Message-ID of the mail that is brought along."""
    original = f"Message-ID: {about}\n" if about else ""
    text = f"""From: MAILER-DAEMON@mx.example (Mail Delivery System)
To: {OURS}
Message-ID: <bounce-{number}@mx.example>
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B1"

--B1
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--B1
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
Arrival-Date: Mon,  2 Nov 2026 11:00:00 -0500 (EST)

Final-Recipient: rfc822; {recipient}
Original-Recipient: rfc822;{recipient}
Action: {action}
Status: {status}
Remote-MTA: dns; mail.example.org
Diagnostic-Code: smtp; {words}

--B1
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

From: Riverside Clinic <{OURS}>
{original}Subject: Appointment

--B1--
"""
    return text.replace("\n", "\r\n").encode()
