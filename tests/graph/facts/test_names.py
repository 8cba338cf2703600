"""Names in the records: offices, customary forms, whom a traveller met, one key for one person."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.extract.customary import customary_name, known_people, plain_name
from graph.facts.names import Named, People, find_people, split_office


@pytest.mark.parametrize(
    ("words", "office", "name"),
    [
        ("President Petrova", "President", "Petrova"),
        ("President-elect Ana Petrova", "President-elect", "Ana Petrova"),
        ("President- elect Ana Petrova", "President-elect", "Ana Petrova"),
        ("Prime Minster Ana Petrova", "Prime Minister", "Ana Petrova"),
        ("Prime MinisterAna Petrova", "Prime Minister", "Ana Petrova"),
        ("President Dr. Ana B. Petrova", "President", "Ana B. Petrova"),
        ("Chairman of the Presidency Ana Petrova", "Chairman of the Presidency", "Ana Petrova"),
        ("Ana Petrova", "", "Ana Petrova"),
        ("Presidential Petrova", "", "Presidential Petrova"),
    ],
)
def test_offices(words: str, office: str, name: str) -> None:
    assert split_office(words) == (office, name)


@pytest.mark.parametrize(
    ("remarks", "met"),
    [
        ("Met with President Petrova.", [("President", "Petrova", "Peru")]),
        (
            "Official visit; met with King Tomas IV and Prime Minister Ana Petrova; addressed Parliament.",
            [("King", "Tomas IV", "Peru"), ("Prime Minister", "Ana Petrova", "Peru")],
        ),
        (
            "Discussed trade with British Foreign Secretary Harding and President Okoro of Ghana.",
            [("Foreign Secretary", "Harding", "United Kingdom"), ("President", "Okoro", "Ghana")],
        ),
        ("Accompanied President Harding to meetings with President Petrova.", [("President", "Petrova", "Peru")]),
        ("Accompanied President Harding.", []),
        ("Attended the funeral of President Petrova.", []),
        ("Attended President Petrova's funeral and met with officials.", []),
        (
            "Met with King Tomas while attending the funeral of the late President Petrova.",
            [("King", "Tomas", "Peru")],
        ),
        ("Also met with the Prime Ministers of Greece and Belgium.", []),
        ("Attended UN General Assembly; met with General Assembly officials.", []),
        ("Met with President Petrova. Visited a school with King Tomas.", [("President", "Petrova", "Peru")]),
        ("Met with PLO Chairman Okoro.", [("PLO Chairman", "Okoro", "Palestine")]),
        ("Met with President Petrova May 4.", [("President", "Petrova", "Peru")]),
    ],
)
def test_whom_they_met(remarks: str, met: list[tuple[str, str, str]]) -> None:
    assert find_people(remarks, "Peru") == [Named(*each) for each in met]


@given(st.text(max_size=200), st.text(max_size=20))
def test_any_remarks(remarks: str, country: str) -> None:
    for person in find_people(remarks, country):
        assert person.name
        assert person.office
    split_office(remarks)
    plain_name(remarks)


def key(people: People, office: str, name: str, country: str, day: str) -> str:
    return people.resolve(Named(office, name, country), date.fromisoformat(day))[0]


def noted(*mentions: tuple[str, str, str, str]) -> People:
    people = People()
    for office, name, country, day in mentions:
        people.note(Named(office, name, country), date.fromisoformat(day), sure=True)
    return people


def test_a_surname_is_completed_where_one_person_has_it() -> None:
    people = noted(("President", "Ana Petrova", "Peru", "1990-01-01"), ("President", "Petrova", "Peru", "1991-01-01"))
    assert key(people, "President", "Petrova", "Peru", "1991-01-01") == "person/ana-petrova"
    assert key(people, "President-elect", "Petrova", "Peru", "1989-01-01") == "person/ana-petrova"
    assert key(people, "President", "Petrova", "Chile", "1991-01-01") == "person/petrova-chile"
    assert key(people, "Foreign Minister", "Petrova", "Peru", "1991-01-01") == "person/petrova-peru"
    assert key(people, "President", "Petrova", "Peru", "1975-01-01") == "person/petrova-peru"


def test_a_surname_of_two_people_stays_alone() -> None:
    people = noted(
        ("President", "Ana Petrova", "Peru", "1990-01-01"), ("President", "Ivo Petrova", "Peru", "1991-01-01")
    )
    assert key(people, "President", "Petrova", "Peru", "1991-01-01") == "person/petrova-peru"


def test_a_surname_after_a_generation_is_somebody_else() -> None:
    people = noted(("King", "Tomas", "Peru", "1930-01-01"), ("King", "Tomas", "Peru", "1970-01-01"))
    assert key(people, "King", "Tomas", "Peru", "1930-01-01") == "person/tomas-peru"
    assert key(people, "King", "Tomas", "Peru", "1970-01-01") == "person/tomas-peru-1970"


def test_two_people_of_one_name_have_two_keys() -> None:
    people = noted(
        ("President", "Ana Petrova", "Peru", "1990-01-01"), ("President", "Ana Petrova", "Ghana", "1990-01-01")
    )
    assert key(people, "President", "Ana Petrova", "Peru", "1990-01-01") == "person/ana-petrova-peru"
    assert key(people, "President", "Ana Petrova", "Ghana", "1990-01-01") == "person/ana-petrova-ghana"


@pytest.mark.parametrize(("day", "name"), [("1990-06-01", "George H. W. Bush"), ("2005-06-01", "George W. Bush")])
def test_presidents_by_their_time(day: str, name: str) -> None:
    assert People().resolve(Named("President", "Bush", "United States"), date.fromisoformat(day))[1] == name


@pytest.mark.parametrize(
    ("day", "office", "name", "country", "key"),
    [
        # Two people of one name in one country, told apart by their time.
        ("1969-01-01", "Prime Minister", "Bjarni Benediktsson", "Iceland", "person/bjarni-benediktsson-1908-1970"),
        ("2024-07-09", "Prime Minister", "Bjarni Benediktsson", "Iceland", "person/bjarni-benediktsson"),
        ("1978-06-01", "Prime Minister", "Konstandinos Karamanlis", "Greece", "person/konstantinos-karamanlis"),
        ("2005-05-01", "Prime Minister", "Konstandinos Karamanlis", "Greece", "person/kostas-karamanlis"),
        ("1982-09-01", "President", "Ferdinand Marcos", "Philippines", "person/ferdinand-marcos"),
        ("2024-04-01", "President", "Ferdinand Marcos", "Philippines", "person/ferdinand-marcos-jr"),
        ("1943-01-01", "Prime Minister", "Sikorski", "Poland", "person/wladyslaw-sikorski"),
        ("2010-07-01", "Foreign Minister", "Sikorski", "Poland", "person/radoslaw-sikorski"),
        ("1974-06-16", "President", "Assad", "Syria", "person/hafez-al-assad"),
        ("2001-02-26", "President", "Assad", "Syria", "person/bashar-al-assad"),
        ("1989-12-01", "President", "Kim", "South Korea", "person/kim-south-korea"),
        # One person, spelt and titled in several ways.
        ("2015-05-13", "Emir", "Sheikh Tamim bin Hamad al-Thani", "Qatar", "person/tamim-bin-hamad-al-thani"),
        ("2015-05-13", "Amir", "Tameem bin Hamad Al-Thani", "Qatar", "person/tamim-bin-hamad-al-thani"),
        ("2013-10-01", "Foreign Minister", "Sheikh Hamad al-Thani", "Qatar", "person/hamad-bin-jassim-al-thani"),
        ("1959-06-01", "King", "Hussein", "Jordan", "person/hussein-of-jordan"),
        ("2023-02-01", "Crown Prince", "Hussein", "Jordan", "person/hussein-bin-abdullah"),
        ("1977-12-01", "Prime Minister", "Begin", "Egypt", "person/menachem-begin"),
    ],
)
def test_people_who_could_be_confused(day: str, office: str, name: str, country: str, key: str) -> None:
    assert People().resolve(Named(office, name, country), date.fromisoformat(day))[0] == key


def test_names_of_articles_have_the_key_of_the_records() -> None:
    for name, customary in {
        "Donald J. Trump": "Donald Trump",
        "Richard M. Nixon": "Richard Nixon",
        "George H.W. Bush": "George H. W. Bush",
        "Sergey Lavrov": "Sergei Lavrov",
        "Dwight Eisenhower": "Dwight D. Eisenhower",
        "Ana Petrova": "Ana Petrova",
        "George Bush": "George Bush",  # two of them
        "Bush": "Bush",
    }.items():
        assert customary_name(name) == customary


def test_the_table_of_people() -> None:
    for person in known_people():
        assert person.start <= person.end
        assert person.name
        assert person.name not in person.aliases, f"{person.name} is its own alias"
