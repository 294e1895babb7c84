"""Names of people who do not exist, from many places: given names and family names that go together.

An underscore stands for a space within a name.
Letters beyond ASCII are wanted: search, sorting, mail and calendar files meet them in real life.
"""

from random import Random
from typing import NamedTuple
from unicodedata import normalize


class Name(NamedTuple):
    """A given and a family name; `spanish` where both come from a Spanish-speaking family."""

    given: str
    family: str
    spanish: bool


FAMILIES: tuple[tuple[str, str], ...] = (
    (
        "Grace Arlo Wren Hazel Owen Ruth Miles Clara Jonah Nell Peter Ivy",
        "Whitlock Vance Delaney Harlow Prescott Merriweather Ashby Calloway Thorne Pemberton Quist Langley",
    ),
    (
        "Lucía Mateo Inés Diego Camila Andrés Ximena Rubén Pilar Tomás Sofía Joaquín",
        "Castellanos Ibáñez Núñez Delgado Peña Rentería Zúñiga Valdivia Muñoz Arce Solís Echeverría",
    ),
    (
        "João Beatriz Tiago Luísa Caetano Inácia",
        "Ferreira Conceição Gusmão Abrão Simões Falcão",
    ),
    (
        "Aisha Kwame Adaeze Tunde Ama Chidi Zainab Kofi Ngozi Sekou",
        "Mensah Okafor Adeyemi Boateng Nwosu Diallo Asante Eze Keïta Oyelaran",
    ),
    (
        "Elif Kerem Şirin Emre Ayşe Çağla",
        "Aydın Yıldız Çelik Öztürk Şahin Güneş",
    ),
    (
        "Noor Samir Leïla Yusuf Farah Karim Mina Dariush",
        "Rahimi Haddad El-Amin Najjar Farhadi Mansour Khoury Tehrani",
    ),
    (
        "Haru Yuki Kenji Emi Sora Naoko",
        "Sato Kuramoto Hayashida Onishi Tachibana Morikawa",
    ),
    (
        "Linh Minh Thảo Quân Hạnh Đức",
        "Nguyễn Trần Phạm Đặng Vũ Bùi",
    ),
    (
        "Mei Jun Xiu Wei Lan Bo",
        "Zhao Liang Ouyang Shen Fang Lu",
    ),
    (
        "Priya Arjun Kavya Rohan Meera Vikram Anjali Dev",
        "Raghavan Chatterjee Iyer Kulkarni Menon Bhattacharya Deshpande Nair",
    ),
    (
        "Marta Łukasz Zofia Jiří Božena Tomáš Agnieszka Václav",
        "Wójcik Nowakowska Dvořák Kowalczyk Procházka Žáková Zielińska Hájek",
    ),
    (
        "Søren Åsa Freja Björn Signe Håkon Elin Jürgen",
        "Lindqvist Ødegård Sjöström Brandt Bäcker Nygård Haugen Lindt",
    ),
    (
        "Siobhán Eoin Niamh Ciarán Aoife Séamus",
        "O’Sullivan Ní_Bhriain Gallagher Byrne O’Dowd Kinsella",
    ),
    (
        "Zoé Étienne Chloé Benoît Margaux Rémi",
        "Lefèvre Garçon Béranger Thibault Noël Desrosiers",
    ),
    (
        "Olena Dmytro Iryna Taras Danylo Halyna",
        "Kovalenko Shevchuk Bondar Melnyk Hrytsenko Tkachuk",
    ),
)
SPANISH = 1
SAME_ORIGIN = 0.75
_PLAIN = str.maketrans({"đ": "d", "Đ": "D", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "ı": "i", "’": ""})


def people(chance: Random, count: int) -> list[Name]:
    """So many different names; most given names go with their family name, as they do in most families."""
    given = [row.split() for row, _ in FAMILIES]
    family = [[name.replace("_", " ") for name in row.split()] for _, row in FAMILIES]
    weights = [len(names) for names in given]
    found: dict[tuple[str, str], Name] = {}
    while len(found) < count:
        origin = chance.choices(range(len(FAMILIES)), weights)[0]
        other = origin if chance.random() < SAME_ORIGIN else chance.randrange(len(FAMILIES))
        name = Name(chance.choice(given[origin]), chance.choice(family[other]), origin == other == SPANISH)
        found.setdefault((name.given, name.family), name)
    return list(found.values())


def mailbox(name: Name) -> str:
    """The name as people write it before the @, in plain letters."""
    joined = f"{name.given}.{name.family}".translate(_PLAIN).replace(" ", "").lower()
    return "".join(letter for letter in normalize("NFKD", joined) if letter.isascii())
