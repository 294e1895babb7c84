"""A chart that somebody without the right to it opens in an emergency ("break-glass").

A person collapses, and the only one at hand sits at the front desk. Refusing them the chart would be wrong;
giving them the right to all charts for such a day would be too. So they may open one chart, say why, and read
it for a while: a page of its own with what matters then, read-only, so that no other page learns of another
right. Each look is in the trail with the opening that it belongs to, a banner stands on every page while it
lasts, and a clinician is told and writes afterwards what they make of it.
"""
