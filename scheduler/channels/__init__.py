"""Bytes in, a result out: the doors through which messages leave. Only the worker opens them."""
