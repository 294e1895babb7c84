"""All dates of a course for the patient's calendar, behind the link in the summary of a booking.

A file that is added once knows nothing of later changes; an address that a calendar follows does, hours
later. The page offers both and says so. What it shows is what the message with the link said, as it is now.
"""
