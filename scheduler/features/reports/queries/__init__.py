"""Reading the counts. Each report is one grouped query a site, however many visits there are."""
