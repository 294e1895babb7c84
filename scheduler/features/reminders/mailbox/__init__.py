"""The clinic's mailbox: answers of calendars, mail that came back, and what people wrote."""
