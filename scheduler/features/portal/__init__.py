"""The patient's own page of one visit, behind the link of a message: no account, no name on it.

Whoever holds the link is taken for the patient, so the page tells no more than the message did, and what can
be done on it is small: to say that one comes, to ask for another time, to tick what is ready. Nothing on it
moves a visit; a person at the desk does that.
"""
