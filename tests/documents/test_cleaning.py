from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from careerqa.documents.cleaning import clean, joints, split_joints
from layouts import texts

marks = st.lists(
    st.sampled_from(
        ["a", "B", "é", " ", "*", "_", "\\", "&amp;", "&lt;", "[1]", "^", "(", ")", "[", "]", "{",
         "}", "<b>", "https://a.org", "x.com", "1.", "-", "#", "\n", "⁽¹⁾", "~~", "`", "\u200b",
         "]("]
    ),
    max_size=16,
).map("".join)  # fmt: skip


@given(st.one_of(texts, marks))
@example("&amp;amp;lt;b&amp;amp;gt;")
@example(r"\*kept\*")
@example("- - nested")
@example("a*B*a*B*a*B")
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(texts)
def test_cleaned_text_is_one_line_without_outer_whitespace(text: str) -> None:
    cleaned = clean(text)
    assert cleaned == " ".join(cleaned.split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The **AI engineer** role, *new* and `hot`", "The AI engineer role, new and hot"),
        ("Demand grew [1], then fell.^[12]", "Demand grew, then fell."),
        ("It grew ^{([5](#))} by half", "It grew by half"),
        ("It grew ⁽¹²⁾ by half", "It grew by half"),
        ("“turn data into decisions” (^[13] [www.hirewithnear.com](#)).",
         "“turn data into decisions”."),
        ("follow a [software development lifecycle](#) here",
         "follow a software development lifecycle here"),
        ("see <https://a.example/x> for more", "see for more"),
        ("half (stackoverflow.blog).", "half."),
        ("A.Team hires", "A.Team hires"),
        ("<b>Tea &amp; trade</b>", "Tea & trade"),
        ("### 3. Pay ##", "Pay"),
        ("  • Wind the clockwork", "Wind the clockwork"),
        ("\ufeffzero\u200bwidth", "zerowidth"),
        ("$93K\\–$148K \\$5", "$93K\\–$148K $5"),
        ("RagAwsRustPython", "Rag, Aws, Rust, Python"),
        ("GitHub and LinkedIn", "GitHub and LinkedIn"),
        ("3–6 years; 7+ years (2034)", "3–6 years; 7+ years (2034)"),
        ("", ""),
        ("** []() [1]", ""),
    ],
)  # fmt: skip
def test_what_is_removed_and_what_is_kept(text: str, expected: str) -> None:
    assert clean(text) == expected


def test_run_together_words_are_counted_and_split() -> None:
    assert joints("RagAwsPrompt Engineering") == 2
    assert split_joints("RagAwsPrompt Engineering") == ["Rag", "Aws", "Prompt Engineering"]
    assert joints("plain words") == 0
