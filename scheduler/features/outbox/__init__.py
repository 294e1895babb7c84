"""The outbox: messages are written with the change that causes them, and sent afterwards.

A mail that is sent inside a transaction goes out even when the transaction fails; one that is sent
after it is lost when the program stops in between. So a change writes a row in its own
transaction, and the worker claims the row, sends it and records what came of it, in three short
steps. E-mail is **at least once**: the Message-ID is fixed when the row is written, and a duplicate
is possible only if the worker dies between the server's 250 and the commit.
"""
