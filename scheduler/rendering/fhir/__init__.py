"""FHIR R4: what other programs read of a chart.

Three rules made these files what they are.

*Nothing is said that the record does not say.* Our states and FHIR's are not the same words. A rating with a
question left out is a response `in-progress` and has no total at all. Vitals are `preliminary` until a
clinician signed their log. Nobody says that a drug caused an event, so no event names a suspect; nobody
says who held the cuff, so nothing has a performer. A code stands only where its meaning is exactly ours: the
drug is what somebody typed, so it is text; GAD-7 asked since the last session is not the instrument that
LOINC names, so it has no code. What was struck out is not said again, except where FHIR can say that it was
an error.

*R4 and R4B at once.* The library that checks us has R4B, which changed evidence, citations and the
definitions of products, and nothing in any kind of resource that is made here (AdverseEvent was changed in R5
alone: status, several identifiers, causality). So what is valid there is valid in R4 4.0.1 as well, and no
version is written into a resource.

*The same record gives the same bytes.* Ids are our own row ids, with a word before them where needed, lists
are in the order of time and id, and nothing holds the moment of the export. Numbers are exact: 35 mg is `35`,
never `35.0`, because FHIR reads the digits as the precision.

An instant is written on the wall clock of the site with its distance from UTC: a reader sees both the instant
and the hour that people at the clinic saw. `facts` is what comes in, `records` what goes out.
"""
