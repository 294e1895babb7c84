"""From a question to a course: requests, consultations, screening, consents."""
