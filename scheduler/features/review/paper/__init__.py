"""The course log on paper: a record's plain facts become words, and the words a page that is filed as a PDF.

Pure, over the same plain data that are signed: what is printed of a signed course is what was signed, also
when the tables have gone on.
"""
