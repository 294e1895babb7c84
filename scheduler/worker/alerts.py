"""Keeping the alerts true as time passes: an infusion was completed, a booster falls due, a rule was changed.

What a rating or an event sets off is raised with it. For the rest each tick looks at the next hundred courses
in care, or that ended not long ago, and begins again after the last: a course is looked at every few minutes,
however many there are, and no tick takes long. Where a worker stands in this round matters to speed alone.
"""

from dataclasses import dataclass

from scheduler.actor import WORKER
from scheduler.features.ratings.alerts.settle import followed_courses, settle_course, stale
from scheduler.worker.deliver import Post

BATCH = 100


@dataclass
class Watch:
    """The last course that one worker looked at."""

    after: int = 0

    def look(self, post: Post) -> None:
        """Bring the next courses up to date. What breaks is looked at again in the next round."""
        now = post.now()
        with post.database.read() as session:
            course_ids = followed_courses(session, now, self.after, BATCH)
            found = stale(session, now, course_ids) if course_ids else []
        self.after = course_ids[-1] if len(course_ids) == BATCH else 0
        for course_id in found:
            with post.database.write() as session:
                settle_course(session, WORKER, now, course_id)
