"""Reading charts for interchange, each table once for all patients of a batch."""

from scheduler.features.interchange.queries.charts import charts, course_chart, patient_chart, unowned
from scheduler.features.interchange.queries.people import count_patients, merges, next_patients
from scheduler.features.interchange.queries.runs import runs

__all__ = [
    "charts",
    "count_patients",
    "course_chart",
    "merges",
    "next_patients",
    "patient_chart",
    "runs",
    "unowned",
]
