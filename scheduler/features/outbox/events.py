"""The events that other programs can be told of, by name, and how the settings page says them.

An event names what happened and to which numbers. Whoever is told reads the rest through the API, with a
token that may: so no name, no date and no clinical word leaves by this door.

Phone calls are in the history and are no events: whom the desk tried to reach is its own notebook. What came
of a call is told like anything else; who said on the phone that they come is `infusion.confirmed`.
"""

EVENTS = {
    "course.booked": "A course was booked",
    "course.entered": "A course that began elsewhere was entered",
    "course.held": "A course was put on hold",
    "course.released": "Kept visits of a held course were released",
    "course.resumed": "A course goes on",
    "course.discontinued": "A course was ended early",
    "course.completed": "A course is completed",
    "course.undone": "A change of a course was undone",
    "infusion.moved": "A visit was moved, or got a date",
    "infusion.arrived": "A patient arrived",
    "infusion.started": "A visit began",
    "infusion.completed": "A visit was completed",
    "infusion.stopped": "A visit was stopped early",
    "infusion.missed": "A visit was missed",
    "infusion.cancelled": "A visit was cancelled",
    "infusion.held_back": "A patient was held back",
    "infusion.corrected": "A step was corrected",
    "infusion.expected": "A late patient said when they come",
    "infusion.confirmed": "A patient said that they come",
    "infusion.change_asked": "A patient asked for another time",
    "infusion.counted": "A clinician said whether a visit counts",
    "infusion.replaced": "A visit got a new date",
    "infusion.undone": "A change of a visit was undone",
}
TEST = "test"
"""What the button on the settings page sends."""
