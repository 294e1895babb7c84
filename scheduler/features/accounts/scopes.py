"""What a token of a program may be allowed to do, and how the settings page says it."""

SCOPES = {
    "patients:read": "Find and read patients",
    "patients:write": "Add and change patients",
    "protocols:read": "Read protocols",
    "courses:read": "Read courses and visits, search for dates",
    "courses:write": "Book courses",
    "infusions:write": "Move and cancel visits, and take their steps",
    "waiting:read": "Read the waiting list and what could be offered",
    "waiting:write": "Put patients on the waiting list, offer and accept",
}
LONGEST_TOKEN_NAME = 80
