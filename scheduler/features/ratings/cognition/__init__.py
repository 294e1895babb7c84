"""Three short cognitive tasks, done by the patient on a phone or a tablet of the clinic.

The tasks, their symbols and their pictures are designs of our own; nothing of a published test is in them,
and there are no norms: what one person did is set beside what the same person did before, with the warning
that people get better at a task by doing it. The browser shows a form and sends back which answer was given
when; which form it is, what is right and what it comes to is decided by the server alone.
"""
