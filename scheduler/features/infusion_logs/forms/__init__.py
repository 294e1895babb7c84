"""From what a form sends to what an action takes. What was typed is kept, right or wrong."""
