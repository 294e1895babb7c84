"""Reasons without addresses, for administrators: mail servers repeat in their answers whom they refused."""

import re
from dataclasses import replace

from scheduler.features.outbox.queries import MessageLine

ADDRESS = re.compile(r"[^\s<>\"'(),;:]+@[^\s<>\"'(),;:]+")
NUMBER = re.compile(r"\+?\d[\d ().-]{6,}\d")


def without_addresses(text: str) -> str:
    """The sentence with every mail address and phone number taken out."""
    return NUMBER.sub("(number)", ADDRESS.sub("(address)", text))


def anonymous(line: MessageLine) -> MessageLine:
    """The line of a list without whom it went to: the record number alone, and why without the address."""
    whom = f"Request {line.request_id}" if line.request_id else line.record_number or line.patient
    return replace(line, patient=whom, reason=without_addresses(line.reason))
