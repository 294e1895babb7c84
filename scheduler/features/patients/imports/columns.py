"""What the columns of a file are: guessed from their names in English and Spanish, changed by a person."""

from collections.abc import Sequence

from scheduler.features.patients.folding import NOT_A_LETTER, fold

FIELDS = {
    "record_number": "Medical record no.",
    "family_name": "Family name",
    "given_name": "Given name",
    "full_name": "Whole name, “Family, Given”",
    "birth_date": "Birth date",
    "phone": "Phone",
    "email": "E-mail",
    "language": "Language",
    "site": "Site",
    "time_zone": "Time zone",
    "guardian_name": "Parent or guardian",
}
NAMES = {
    "record_number": (
        "record number", "medical record no", "medical record number", "record no", "record", "mrn",
        "patient id", "patient number", "patient no", "chart number", "id", "historia clinica",
        "numero de historia", "numero de historia clinica", "n historia clinica", "n historia",
        "n o historia", "no historia", "nhc", "expediente",
        "numero de expediente", "id paciente",
    ),
    "family_name": (
        "family name", "last name", "surname", "lastname", "family", "last", "apellidos", "apellido",
        "primer apellido", "patient last name",
    ),
    "given_name": (
        "given name", "first name", "firstname", "forename", "given", "first", "nombre", "nombres",
        "nombre de pila", "patient first name",
    ),
    "full_name": (
        "name", "full name", "patient name", "patient", "nombre completo", "apellidos y nombre", "paciente",
        "nombre y apellidos",
    ),
    "birth_date": (
        "birth date", "date of birth", "dob", "d o b", "birthdate", "birthday", "born", "fecha de nacimiento",
        "nacimiento", "fecha nacimiento", "f nacimiento", "fec nac", "fecha nac", "f nac",
    ),
    "phone": (
        "phone", "phone number", "telephone", "mobile", "mobile phone", "cell", "cell phone", "tel",
        "telefono", "movil", "celular", "telefono movil", "numero de telefono", "contact number",
    ),
    "email": (
        "email", "e mail", "mail", "email address", "e mail address", "correo", "correo electronico",
        "direccion de correo",
    ),
    "language": ("language", "preferred language", "lang", "idioma", "lengua"),
    "site": ("site", "clinic", "location", "sede", "centro", "clinica"),
    "time_zone": ("time zone", "timezone", "zona horaria", "huso horario"),
    "guardian_name": (
        "parent or guardian", "guardian", "parent", "guardian name", "parent name", "legal guardian",
        "tutor", "tutor legal", "padre madre o tutor", "nombre del tutor",
    ),
}  # fmt: skip
NEEDED = "Say which column holds the {what}."


def guess(head: Sequence[str]) -> list[str]:
    """A field for each column, or "" where its name says none; each field once, the first that fits."""
    found: list[str] = []
    for name in head:
        words = " ".join(NOT_A_LETTER.split(fold(name))).strip()
        field = next((one for one, names in NAMES.items() if words in names and one not in found), "")
        found.append(field)
    if "family_name" not in found and "given_name" in found:
        # “Nombre” alone is the whole name, but the given name beside “Apellidos”.
        place = found.index("given_name")
        if fold(head[place]).strip() == "nombre" and "full_name" not in found:
            found[place] = "full_name"
    return found


def faults(columns: Sequence[str]) -> dict[str, str]:
    """What keeps these columns from making a patient: the id of the field on the page to a sentence."""
    wrong: dict[str, str] = {}
    for place, field in enumerate(columns):
        if field and field in columns[:place]:
            wrong[f"column-{place}"] = (
                f"Two columns can't both be the {FIELDS[field].lower()}. Leave one out."
            )
    if "full_name" not in columns:
        for field in ("family_name", "given_name"):
            if field not in columns:
                wrong.setdefault(
                    "column-0", NEEDED.format(what=f"{FIELDS[field].lower()}, or the whole name")
                )
    if "birth_date" not in columns:
        wrong.setdefault("column-0", NEEDED.format(what="birth date"))
    return wrong
