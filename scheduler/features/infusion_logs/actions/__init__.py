"""What is written into the chart, one deed a file."""
