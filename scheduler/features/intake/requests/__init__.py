"""How somebody asks for a consultation: on a site's public page, or on the phone while the desk writes.

The page is for whoever finds it, so everything about it expects strangers: who they are is never asked of a
third party, nothing they send costs the clinic more than a few rows, and what they typed comes back with
every refusal. Why it is built this way stands in docs/adr/0012-the-public-request-page.md.
"""
