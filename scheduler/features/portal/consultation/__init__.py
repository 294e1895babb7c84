"""The page of a consultation behind the link of its mail, for somebody who is no patient (yet)."""
