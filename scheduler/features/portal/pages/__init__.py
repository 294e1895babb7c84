"""The patient's own pages: all appointments, what waits for them, how they are written to, what is theirs.

A link opens them together with the birth date (`accounts/devices`), and from then on a cookie of its own
holds the browser's secret; it has nothing to do with a log-in of the staff. Each page reads by the patient of
that browser and takes no number of a person from outside, so that two people with one mail address never see
each other's pages. What anybody reads here was said in a message to this patient, or by them; no score is on
them and no log.
"""
