"""A patient's documents: read and signed on their own phone, or on a tablet of the clinic.

On their own phone they lie behind the same door as all their pages: a link and the birth date, then a browser
that is known. A mailed link to documents has an address of its own (`/d/`) and opens the same pages, so that
signing out everywhere ends this too. On a tablet nobody signs in: the desk hands it over for one patient.
"""
