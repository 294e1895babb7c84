"""Texts that come in: proven to be the gateway's, counted once, understood, acted on, answered."""
