"""Reading the chart."""
