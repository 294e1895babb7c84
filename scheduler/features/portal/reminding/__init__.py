"""The page on which a patient switches reminders by mail off and on: behind a link in each reminder.

Mail programs press the button themselves, from servers of their own and without anybody's browser (RFC 8058).
So the token in the address is the only proof that is asked for, cookies play no part, pressing twice is the
same as once, and what is answered says of the patient only which language is read.
"""
