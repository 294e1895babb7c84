"""A patient's browsers: opened by a link and the birth date, held by a row of ours, ended from anywhere.

A link to a patient's pages travels by mail, and mail is forwarded, read by a family and left open on tables.
So the link alone opens nothing: whoever holds it says the birth date, which the message did not. A birth date
is no password. It can be looked up, and there are some 30,000 of them, so what guards it is the count: five
tries, then the link rests for an hour; fifteen, and it has ended for good. A try is counted before it is
looked at, so that racing ones count each other.
"""
