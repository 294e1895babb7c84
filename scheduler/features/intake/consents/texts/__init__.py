"""The clinic's own consent texts: drafts, versions that never change, and where each is needed."""
