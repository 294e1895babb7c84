"""The worker: a process of its own that asks the database what is due and does it.

It keeps no memory between ticks. What a tick does not finish, because the process was stopped, the
network was away or the machine slept, the next one finds again; so a worker can be killed at any
moment, and any number of them may run on one PostgreSQL.
"""
