"""How the courses of the clinic ended: response, remission, drop-out, and adverse events by dose."""
