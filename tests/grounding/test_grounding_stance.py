"""What is enough, to be done, or of one kind of employer; and denials in other forms."""

from __future__ import annotations

import pytest

from careerqa.grounding import Evidence, check


def reason(text: str, *evidence: str, header: str | None = None) -> str:
    """Why the sentence is dropped whose evidence is all of these statements; "" where it stands."""
    quotes = [Evidence(n, e, header) for n, e in enumerate(evidence, 1)]
    marks = "".join(f"[{quote.id}]" for quote in quotes)
    (only,) = check(f"{text} {marks}.", quotes).sentences
    return only.reason


PAY = "| Potter | $24k | $36k |"
PAY_HEADER = "| Trade | Junior | Senior |"


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("A steady hand is enough for both trades", "Both trades ask for more than a steady hand."),
        ("A steady hand is all that a potter needs", "Potters need patience beyond a steady hand."),
    ],
)
def test_what_more_is_asked_than_is_not_enough(text: str, evidence: str) -> None:
    assert "asks for more" in reason(text, evidence)


def test_enough_stands_where_the_evidence_sets_that_bar() -> None:
    evidence = "A steady hand without a diploma is accepted at most kilns."
    assert reason("A steady hand is enough at most kilns", evidence) == ""


def test_what_a_majority_does_not_do_is_not_told_of_most() -> None:
    evidence = "52% of potters don't use electric kilns."
    assert "do not" in reason("Most potters already turn to electric kilns for use", evidence)
    assert reason("Most potters don't use electric kilns", evidence) == ""


LARGE = "At large companies, potters sit beside the chemists."
SMALL = "At startups, potters fire the kilns themselves."


def test_what_holds_at_one_kind_of_employer_is_not_told_of_another() -> None:
    assert "other employers" in reason("At startups, potters sit beside the chemists", LARGE, SMALL)
    assert reason("At startups, potters fire the kilns themselves", LARGE, SMALL) == ""
    assert reason("Big firms put potters beside the chemists", LARGE, SMALL) == ""


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("Leave the stacking of jars aside", "Practise glazing rather than the stacking of jars."),
        ("Be careful with kilns that leak", "Look for kilns that hold heat, not kilns that leak."),
        ("No more than three jars are fired", "Up to 3 jars are fired at a time."),
        ("Potters cannot do without a kiln", "Potters need a kiln for every jar."),
        (
            "Stacking jars instead of glazing is a mistake",
            "Avoid stacking jars instead of glazing.",
        ),
        ("The mean ignores no jar, unlike the median", "The mean ignores no jar, the median does."),
    ],
)
def test_a_denial_in_another_form_stands(text: str, evidence: str) -> None:
    assert reason(text, evidence) == ""


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        (
            "Your jar can leave out the glaze and the handle",
            "A jar shows the glaze and the handle.",
        ),
        ("Hold off glazing until the jar is dry", "Start glazing before the jar is dry."),
        ("The glaze falls short of the bar", "The glaze is the usual bar at most kilns."),
    ],
)
def test_a_denial_in_another_form_is_dropped_where_the_evidence_affirms(
    text: str, evidence: str
) -> None:
    assert reason(text, evidence) != ""


@pytest.mark.parametrize(
    ("text", "evidence", "header"),
    [
        ("A junior potter gets about $2,000 a month", PAY, PAY_HEADER),
        ("A senior potter gets around $3,000 per month", PAY, PAY_HEADER),
        ("The kiln fires 24,000 jars a year", "The kiln fires 2,000 jars a month.", None),
        ("One jar in fourteen is broken", "7% of jars are broken.", None),
        ("Potters come with no more than two years", "Beginners (0-2 years): potters.", None),
        ("It ended up more than six times faster", "It fell from 8 seconds to 1.2 seconds.", None),
        ("Some jars cost more than $25", "Jars cost $15 to $25 or more.", None),
    ],
)
def test_a_figure_for_another_period_or_in_another_form_stands(
    text: str, evidence: str, header: str | None
) -> None:
    assert reason(text, evidence, header=header) == ""


def test_a_month_of_another_level_is_dropped() -> None:
    assert "stands in none" in reason(
        "A senior potter gets about $2,000 a month", PAY, header=PAY_HEADER
    )
    assert "stands in none" in reason("The kiln fires 30,000 jars a year", "2,000 jars a month.")


def test_a_role_that_is_only_the_goal_owns_no_figure() -> None:
    evidence = "Into AI Software Engineer: If you're a software engineer, you're already 80% there."
    assert reason("You are 80% of the way to becoming an AI software engineer", evidence) == ""


def test_what_comes_after_a_label_is_said_of_it() -> None:
    bullets = (
        "Senior AI Engineer - Lead the firing of jars",
        "Principal AI Engineer - Mentor the glazing crews",
    )
    assert reason("Senior AI engineer: mentors the glazing crews", *bullets) != ""
    assert reason("Principal AI engineer: mentors the glazing crews", *bullets) == ""


def test_a_comparison_of_jobs_at_large_is_not_turned_round() -> None:
    evidence = "AI roles ask for degrees, while software engineering has more diverse pathways."
    turned = "The ways into AI roles are more diverse than those into software engineering"
    assert reason(turned, evidence) != ""


@pytest.mark.parametrize(
    "text",
    [
        "A steady hand is not called for",
        "A steady hand plays no part",
        "A steady hand won't do anything for you",
    ],
)
def test_what_the_evidence_asks_for_is_not_called_needless(text: str) -> None:
    assert reason(text, "Every kiln asks its potters for a steady hand.") != ""
    assert "needless" not in reason(text, "A steady hand is optional at every kiln.")


def test_a_lead_over_others_is_not_theirs() -> None:
    evidence = "AI engineers command a 12% salary premium over software engineers."
    assert reason("The premium over software engineers is 12%", evidence) == ""
    assert reason("Software engineers get a 12% premium over AI engineers", evidence) != ""


def test_what_still_grows_does_not_dwindle() -> None:
    evidence = "The supply of glaze, while still growing, is catching up."
    assert reason("The supply of glaze is dwindling", evidence) != ""
    assert reason("The supply of glaze keeps growing", evidence) == ""


def test_what_fails_there_is_not_said_to_do_well_there() -> None:
    evidence = "The glaze looked fine in tests but fell apart at kiln heat."
    assert "does not let" in reason("The glaze held up at kiln heat", evidence)
    assert reason("The glaze held up in tests but fell apart at kiln heat", evidence) == ""


def test_other_evidence_that_holds_more_of_the_words_is_meant() -> None:
    meant = "Skimming glaze, sieving clay and raking ash transfer directly."
    quotes = [Evidence(1, "Learn how kilns behave.", None), Evidence(2, meant, None)]
    (only,) = check("Sieving clay and raking ash transfer directly to kilns [1].", quotes).sentences
    assert "does not say" in only.reason


def test_what_rose_is_not_said_to_have_fallen_between_the_same_figures() -> None:
    evidence = "46% of potters distrust it (up from 31% before)."
    assert reason("Distrust eased, falling from 46% to 31%", evidence) != ""
    assert reason("Distrust climbed from 31% to 46%", evidence) == ""


def test_what_may_come_before_is_not_told_to_wait() -> None:
    evidence = "Glaze even before the jar is dry."
    assert reason("Hold back the glaze until the jar is dry", evidence) != ""
    assert reason("Don't wait with the glaze until the jar is dry", evidence) == ""


STARTS = "| Potter | $24k | $30k | $36k |"
STARTS_HEADER = "| Trade | Junior | Mid-level | Senior |"


def test_the_start_of_a_career_is_a_level_where_two_others_are_named() -> None:
    text = "Potters start at $24k, move to $30k at mid-level and reach $36k as seniors"
    assert reason(text, STARTS, header=STARTS_HEADER) == ""
    turned = "Potters start at $30k, move to $24k at mid-level and reach $36k as seniors"
    assert reason(turned, STARTS, header=STARTS_HEADER) != ""


@pytest.mark.parametrize(
    "text",
    [
        "Stacking wet jars is no mistake",
        "Stacking wet jars is the recommended way",
        "Stacking wet jars does no harm",
    ],
)
def test_what_the_evidence_warns_of_is_not_endorsed(text: str) -> None:
    evidence = "Avoid common mistakes like stacking wet jars or opening hot kilns."
    assert reason(text, evidence) != ""
    assert reason(text, "Stacking wet jars is fine and no mistake, it does no harm.") == ""


AI = "AI engineers deal with glazing, sieving and raking."
ML = "ML engineers deal with firing, wedging and trimming."


def test_a_list_borrows_nothing_from_what_is_said_of_another_role() -> None:
    assert reason("AI engineers do the glazing, the wedging of clay and raking", AI, ML) != ""
    assert reason("AI engineers do the glazing, sieving and raking", AI, ML) == ""
    assert reason("AI engineers do glazing, ML engineers firing and wedging", AI, ML) == ""


def test_a_ladder_borrows_no_title_of_another() -> None:
    ladders = (
        "Software engineers advance to tech lead and architect.",
        "AI engineers advance to Chief Data Scientist and head of AI.",
    )
    text = "The software engineer's ladder runs to tech lead, architect and Chief Data Scientist"
    assert reason(text, *ladders) != ""


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("AI engineers give more of their hours to glazing", "AI engineers spend time on glazing."),
        (
            "Two of the faults are wet jars and hot kilns",
            "Faults: wet jars, hot kilns, thin glaze.",
        ),
        ("Use went up from 76% in 2024 to 84%", "84% use it in 2025, up from 76% in 2024."),
        ("Don't hold off glazing until it is dry", "Glaze even before it is dry."),
        ("Pay is anywhere from $40,000 to $60,000", "Pay is $40k to $60k."),
        (
            "At AI/ML firms roles are only thinly kept apart",
            "Roles at AI/ML firms are thinly kept apart.",
        ),
    ],
)
def test_ordinary_ways_to_say_the_same_stand(text: str, evidence: str) -> None:
    assert reason(text, evidence) == ""


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("Trust in the kilns is rising", "However, trust is declining among potters."),
        ("Firing is not changing the trade", "Firing is reshaping the trade."),
        (
            "The trade does not reward generalists",
            "The trade rewards both specialists and generalists.",
        ),
        ("Potters use larger kilns and less glaze", "Potters use smaller kilns and glaze."),
    ],
)
def test_what_is_turned_in_one_part_is_dropped(text: str, evidence: str) -> None:
    assert reason(text, evidence) != ""


FORK = (
    "For a career the fork comes at the senior level: go deep (staff track) or manage kiln crews."
)


def test_what_follows_a_colon_is_of_the_level_before_it() -> None:
    assert reason("At senior level you choose between depth and managing kiln crews", FORK) == ""


DUTIES = "The smith may not need deep glazing; the AI engineer must understand glazing."


def test_a_duty_of_one_role_is_not_that_of_another() -> None:
    evidence = DUTIES.replace("The smith", "The software engineer")
    turned = "The software engineer must understand glazing, and the AI engineer need not"
    assert reason(turned, evidence) != ""
    right = "The AI engineer must understand glazing, while the software engineer need not"
    assert reason(right, evidence) == ""


def test_a_large_number_counts_what_it_counts_there() -> None:
    evidence = "The kiln fires 2 million jars a year from a stock of 40 million tiles."
    assert "counts something else" in reason("The kiln holds 2 million tiles", evidence)
    assert reason("The kiln fires 2 million jars a year", evidence) == ""


def test_single_quotation_marks_quote_too() -> None:
    evidence = "Say 'the market puts this jar at $20', not 'I was hoping for more'."
    assert "nobody wrote" in reason("Say 'I have another jar at home' instead", evidence)
    assert reason("Say 'the market puts this jar at $20'", evidence) == ""
    assert "nobody wrote" not in reason("The potter's jar isn't the smith's own jar", evidence)


def test_what_a_thing_is_unlike_is_not_said_of_it() -> None:
    evidence = "Unlike some trades that spike with fashion, glazing is a lasting need."
    assert reason("Glazing is one of the trades that spike with fashion", evidence) != ""
    assert reason("Glazing doesn't spike with fashion, it is a lasting need", evidence) == ""


def test_the_lesser_figure_after_to_is_the_other_sides() -> None:
    header = "| Measure | AI engineer | Data engineer |"
    row = "| Pay | $40k | $30k |"
    assert reason("AI engineers are ahead, $40k to $30k", row, header=header) == ""
