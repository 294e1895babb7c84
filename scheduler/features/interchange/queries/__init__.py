"""Reading charts for interchange, each table once for all patients of a batch."""

from scheduler.features.interchange.queries.charts import charts, course_chart, patient_chart, unowned
from scheduler.features.interchange.queries.people import next_patients

__all__ = ["charts", "course_chart", "next_patients", "patient_chart", "unowned"]
