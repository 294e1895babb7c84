"""Calendar files of a course and of one visit, to download and hand on."""
