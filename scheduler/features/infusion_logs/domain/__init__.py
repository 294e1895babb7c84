"""The arithmetic and the rules of the chart: pure, no database, no clock, no HTTP."""
