"""Reading what the pages of the desk show. Each page takes a fixed number of queries."""
