"""The waiting list: who wants an earlier or better time, and what the clinic can offer them now.

Where does freed room come from? It could be taken down when a visit is cancelled or moved. But room also
comes free without any visit being touched: a nurse's shift is added, a closure ends, a chair comes back;
and room that was freed may be gone a minute later. A list of freed slots would have to be kept true
against all of that. So nothing is written down: what could be offered is asked anew, whenever somebody looks
and whenever the worker notices that a course or the capacity has changed, from the planner's own view of the
days (`finds.py`). What is shown is therefore free at that moment, however it became free.

An offer holds nothing. It is the move in writing, with a time until which the patient may think about it. To
hold the room would mean a visit that nobody booked, which the planner, the board and every other patient
would have to step around; the clinic would lose the room each time a patient does not call back. Accepting
goes through `place_visits` with its locks, as any move does: two who accept the same room are told apart
there, and the second reads who was faster. An offer whose room is gone says so on the list.
"""
