"""Facts in, bytes out: everything that leaves the building is made here, and nothing here can
read a clock, a database or a request. The same facts therefore always give the same bytes."""
