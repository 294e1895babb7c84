"""Seals over the audit trail, so that a change made past the program shows (SECURITY.md, section 12).

The chain is not made in the writer's path: a booking would wait for the one before it. One sealer in the
worker chains what is settled: events of which no transaction that is still open can come to lie before.
"""
