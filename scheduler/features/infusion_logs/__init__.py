"""Infusion logs: what happened in one infusion, charted at the chair by nurses and clinicians."""
