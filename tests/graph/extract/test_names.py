"""People, organizations, places and roles, as ``extract`` finds them in sentences of our own."""

from datetime import date

import pytest

from graph.article import Article
from graph.extract.individuals import individuals
from graph.extract.model import Extraction, PlaceKind
from graph.extract.people import Run
from graph.extract.pipeline import extract


def _extract(text: str) -> Extraction:
    return extract(Article.create(text, published=date(2019, 7, 1)))


def _people(text: str) -> dict[str, list[str]]:
    return {p.name: [m.text for m in p.mentions] for p in _extract(text).people}


def _roles(text: str) -> dict[str, list[str]]:
    return {p.name: [r.span.text for r in p.roles] for p in _extract(text).people}


def _organizations(text: str) -> dict[str, list[str]]:
    return {o.name: [m.text for m in o.mentions] for o in _extract(text).organizations}


def _places(text: str) -> dict[str, PlaceKind]:
    return {p.name: p.kind for p in _extract(text).places}


def test_a_family_name_stands_for_the_full_name_before_it() -> None:
    text = "Foreign Minister Ana Petrova arrived. Petrova smiled. Mr. Harding did not; Tom Harding was tired."
    assert _people(text) == {"Ana Petrova": ["Ana Petrova", "Petrova"], "Tom Harding": ["Harding", "Tom Harding"]}


def test_initials_and_swapped_letters_stand_for_a_full_name() -> None:
    runs = [Run(i, i + 1, tuple(name.split())) for i, name in enumerate(("Tom Harding", "TH", "Hadring", "Ho", "Hard"))]
    assert [(p.words, sorted(p.forms)) for p in individuals(runs)] == [
        (("Tom", "Harding"), [("Hadring",), ("TH",), ("Tom", "Harding")]),
        (("Ho",), [("Ho",)]),
        (("Hard",), [("Hard",)]),
    ]


def test_mentions_are_without_title_and_possessive() -> None:
    assert _people("Senator Mary Poole's aide said that Poole’s plane was late.") == {
        "Mary Poole": ["Mary Poole", "Poole"]
    }


def test_a_title_tells_two_people_of_one_family_name_apart() -> None:
    found = _people("Mrs. Mary Poole and Mr. John Poole came by train. Mr. Poole left early.")
    assert found == {"Mary Poole": ["Mary Poole"], "John Poole": ["John Poole", "Poole"]}


@pytest.mark.parametrize(
    "name",
    [
        "Ban Ki-moon", "Kim Jong-un", "He Lifeng", "Otto von Bismarck", "Mohammed bin Salman", "Charles de Gaulle",
        "Martin Luther King, Jr.", "John F. Kennedy", "Mary Poole-Selby",
    ],
)  # fmt: skip
def test_names_of_many_forms(name: str) -> None:
    assert list(_people(f"The guests of President {name} waited.")) == [name]


def test_people_in_names_of_other_things() -> None:
    found = _people("The Clayton-Bulwer Treaty was older than the Monroe Doctrine, and the Albany Plan older still.")
    assert list(found) == ["Clayton", "Bulwer", "Monroe"]


@pytest.mark.parametrize(
    "text",
    [
        "The Treaty was signed. General Motors and the Middle District were not. Hello, everybody.",
        "Secretary of State for Foreign Affairs is an old office.",
        "On Monday the Cold War ended. In June Congress met. New Year came.",
    ],
)
def test_what_is_no_person(text: str) -> None:
    assert _people(text) == {}


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("Zubrowkan Foreign Minister Ana Petrova waited.", ["Zubrowkan Foreign Minister"]),
        ("Ana Petrova, the former governor of Alaska, waited.", ["the former governor of Alaska"]),
        ("Ana Petrova, who served as adviser on fisheries to two governments, left.",
         ["adviser on fisheries to two governments"]),
        ("He wrote to the minister. Ana Petrova never answered.", []),
        ("The post was under Secretary of State Ana Petrova.", ["Secretary of State"]),
        ("Mr. Ana Petrova waited.", []),
    ],
)  # fmt: skip
def test_roles(text: str, roles: list[str]) -> None:
    assert _roles(text) == {"Ana Petrova": roles}


def test_in_a_list_each_has_a_title_and_none_is_in_apposition() -> None:
    text = "President Ana Petrova, Chancellor Tom Harding and Prime Minister Ivo Novak were among the witnesses."
    assert _roles(text) == {
        "Ana Petrova": ["President"], "Tom Harding": ["Chancellor"], "Ivo Novak": ["Prime Minister"],
    }  # fmt: skip
    text = "Ngozi Okoro, an aide to President Ana Petrova, waited."
    assert _roles(text)["Ngozi Okoro"] == ["an aide to President Ana Petrova"]


def test_a_role_knows_its_organization() -> None:
    found = _extract("Tom Harding, spokesman for the State Department, was late.")
    (role,) = found.people[0].roles
    assert role.organization == "organization/state-department"
    assert role.organization in {o.key for o in found.organizations}


def test_acronyms_and_short_forms_are_mentions() -> None:
    text = (
        "The Palestine Liberation Organization (PLO) met in Tunis. The PLO wrote to the Ministry of Fisheries of "
        "Norway. The Ministry was late."
    )
    assert _organizations(text) == {
        "Palestine Liberation Organization": ["Palestine Liberation Organization", "PLO", "PLO"],
        "Ministry of Fisheries of Norway": ["Ministry of Fisheries of Norway", "Ministry"],
    }


def test_the_name_is_the_fullest_form_and_the_key_that_of_the_customary_name() -> None:
    found = _extract("The State Department waited. The U.S. Department of State was closed.").organizations
    assert [(o.name, o.key, o.label, o.aliases) for o in found] == [
        ("U.S. Department of State", "organization/state-department", "State Department", ("State Department",))
    ]


@pytest.mark.parametrize(
    ("full", "short"), [("Harbour Unity Party", "Unity Party"), ("Unity Party of Norway", "Unity Party")]
)
def test_a_part_of_the_name_of_one_organization_stands_for_it(full: str, short: str) -> None:
    assert _organizations(f"The {full} won. The {short} sang.") == {full: [full, short]}


def test_a_known_organization_is_no_part_of_another() -> None:
    text = "The Christian Democratic Party of Norway won. The Democratic Party and the Republican Party lost."
    assert len(_organizations(text)) == 3


def test_a_college_is_where_people_meet_or_where_they_work() -> None:
    assert _places("Ana Petrova met Tom Harding at Northfield College.") == {"Northfield College": PlaceKind.SITE}
    assert _organizations("Ana Petrova is a professor of law at Northfield College.") == {
        "Northfield College": ["Northfield College"]
    }


def test_people_that_no_list_knows() -> None:
    text = (
        "The talks were led by Zorvak Melidu and by Dursan Okpelle. Mr. Melidu told reporters that he was glad. "
        "Okpelle, a spokesman, said that Melidu had won."
    )
    assert _people(text) == {
        "Zorvak Melidu": ["Zorvak Melidu", "Melidu", "Melidu"],
        "Dursan Okpelle": ["Dursan Okpelle", "Okpelle"],
    }


def test_words_beside_a_name_tell_what_it_is() -> None:
    text = "The newspaper Brenfield Dispatch wrote of the town of Tirsk in Ostral province. Tirsk is small."
    assert _organizations(text) == {"Brenfield Dispatch": ["Brenfield Dispatch"]}
    assert _places(text) == {"Tirsk": PlaceKind.CITY, "Ostral": PlaceKind.REGION}
    assert _places("The capital of Norway is small.") == {"Norway": PlaceKind.COUNTRY}


def test_governments_have_one_name() -> None:
    assert set(_organizations("The Japanese Government waited. The Government of Japan waited.")) == {
        "Government of Japan"
    }


def test_a_person_may_be_called_house() -> None:
    text = "Edward M. House sailed in May. House wrote to Wilson. The House and the Senate voted."
    assert _people(text)["Edward M. House"] == ["Edward M. House", "House"]
    house = next(o for o in _extract(text).organizations if o.name == "House")
    assert (house.key, house.label) == ("organization/house-of-representatives", "House of Representatives")


def test_places_have_kinds() -> None:
    assert _places("Envoys came to Bonn, Germany, to Bavaria and to Fort Halvorsen on Lake Sundal.") == {
        "Bonn": PlaceKind.CITY,
        "Germany": PlaceKind.COUNTRY,
        "Bavaria": PlaceKind.REGION,
        "Fort Halvorsen": PlaceKind.SITE,
        "Lake Sundal": PlaceKind.SITE,
    }


def test_capitals_are_cities() -> None:
    assert _places("Washington answered Pyongyang.") == {
        "Washington, D.C.": PlaceKind.CITY,
        "Pyongyang": PlaceKind.CITY,
    }


def test_capitals_have_a_position_however_their_accents_are_written() -> None:
    for written in ("Reykjavik", "Reykjavík"):
        (place,) = _extract(f"The envoys met in {written}.").places
        assert (place.name, place.key) == (written, "place/reykjavik")
        assert place.latitude == pytest.approx(64.1, abs=0.1)


def test_demonyms_are_no_places() -> None:
    assert _places("The Norwegians and a Turkish envoy waited.") == {}


def test_aliases_lead_to_one_place() -> None:
    found = _extract("The U.S. and the PRC talked; the United States and China agreed.")
    assert [(p.name, [m.text for m in p.mentions]) for p in found.places] == [
        ("United States", ["U.S.", "United States"]),
        ("China", ["PRC", "China"]),
    ]


def test_georgia_is_a_state_among_states() -> None:
    assert _places("Voters in Ohio, Texas and Georgia waited.")["Georgia"] == PlaceKind.REGION
    assert _places("Envoys of Georgia and Russia waited.")["Georgia"] == PlaceKind.COUNTRY


def test_one_person_has_one_key_however_the_name_is_printed() -> None:
    found = extract(Article.create("President Richard M. Nixon flew to Beijing. Nixon met Mao Zedong."))
    nixon = next(person for person in found.people if "Nixon" in person.name)
    assert (nixon.key, nixon.name, nixon.label) == ("person/richard-nixon", "Richard M. Nixon", "Richard Nixon")
