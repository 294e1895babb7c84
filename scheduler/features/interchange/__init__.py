"""What leaves for other programs: charts as FHIR R4, one patient's, one course's or the whole clinic's."""
