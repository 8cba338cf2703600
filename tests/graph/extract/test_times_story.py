"""Texts that look back: the year of a day without one follows the order in which they tell."""

from datetime import date

import pytest

from tests.graph.extract.test_times import pairs

RETROSPECT = date(2009, 12, 19)


@pytest.mark.parametrize("published", [None, RETROSPECT])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("On 3 May 1941 they met in Brod. On 7 June they met in Lutz. In August the talks ended.",
         ["1941-05-03", "1941-06-07", "1941-08"]),
        ("In November 1941 they met in Brod. In January the talks ended. In March the pact was signed.",
         ["1941-11", "1942-01", "1942-03"]),
        ("1936\n\nOn 5 September they met in Brod. By the end of September it was over. In May 1937 they met again.",
         ["1936", "1936-09-05", "1936-09", "1937-05"]),
        ("They met in May 1941. That July the talks ended. The following year they signed.",
         ["1941-05", "1941-07", "1942"]),
        ("They met in October 1941. In the spring the talks ended.", ["1941-10", "1942-SP"]),
        ("They met in May 1941. In the summer the talks ended.", ["1941-05", "1941-SU"]),
        ("On 3 May 1941 they met. Two days later they signed. On the same day he left. The next month he died.",
         ["1941-05-03", "1941-05-05", "1941-05-05", "1941-06"]),
        ("On 3 May they met in Brod, and by 4 June 1941 the talks had ended.", ["1941-05-03", "1941-06-04"]),
    ],
)  # fmt: skip
def test_a_story_goes_on(text: str, expected: list[str], published: date | None) -> None:
    assert [value for _, value in pairs(text, published)] == expected


def test_what_is_looked_back_to_is_not_where_the_story_stands() -> None:
    text = "On 3 May 1941 they met. In June 1938 her father had met them. On 9 May they signed."
    assert pairs(text, RETROSPECT)[-1] == ("9 May", "1941-05-09")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("They first met in July 2007. On Monday both said that they will meet on December 28.", "2009-12-28"),
        ("They first met in July 1997. They met again yesterday. She returned in October.", "2009-10"),
        (
            "They first met in July 1997, in Brod.\n\nYesterday they met. He said today that he had left in October.",
            "2009-10",
        ),
        ("He is charged in the May 3, 2001, bombing of a ship. They agreed in April to try him.", "2009-04"),
        ("The guests, who came in July 2007, met.\n\nThey signed it on November 10.", "2009-11-10"),
        ("They will sell preferred shares on December 21.", "2009-12-21"),
        ("He said that the list to be published in January decides it.", "2010-01"),
    ],
)
def test_news_keep_to_their_own_year(text: str, value: str) -> None:
    assert pairs(text, RETROSPECT)[-1][1] == value


def test_a_day_of_today_does_not_move_the_story() -> None:
    text = "In May 1941 they met. In June 1942 they met again. It will open on 30 December. On 4 July they signed."
    assert [value for _, value in pairs(text, RETROSPECT)] == ["1941-05", "1942-06", "2009-12-30", "1942-07-04"]
