"""The course log: a course on one page, what is missing, where it left its protocol, its sign-off."""
