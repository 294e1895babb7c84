"""What the names of exported resources begin with.

They are this clinic's own and stay the same as long as its address does. Nothing answers there: in FHIR they
are names, by which a receiver tells the records of two clinics apart.
"""

from scheduler.config import Config


def base_of(config: Config) -> str:
    """Such as `https://clinic.example/fhir`."""
    return f"{config.base_url}/fhir"
