"""Who an amount comes from, as its sentence says: named in words, else the site it cites."""

from __future__ import annotations

import re

from careerqa.datatypes import Span

_WORD = r"[A-Z][\w&’'-]*(?:\.(?=\w)[\w-]+)?"
_NAME = rf"(?P<name>{_WORD}(?:\s+(?:(?:of|for)\s+)?{_WORD}){{0,5}})"
_VERB = (
    r"(?:reports?|reported|projects|projected|cites?|cited|shows?(?! up)|showed|found|finds"
    r"|estimates?|estimated|notes?|noted|puts|lists|surveyed|says|said|expects|forecasts?)\b"
)
_NOUN = (
    r"(?:reports?|surveys?|research|figures|study|studies|analysis|statistics|index"
    r"|data(?=\s+(?:show|indicat|suggest|confirm|put|reveal)))\b"
)
_TO = r"(?:[Aa]ccording to|[Pp]er|[Cc]iting|[Dd]ata from|[Rr]eported by|[Ss]urvey by|[Ss]tudy by)"
_ACCORDING = re.compile(rf"\b{_TO}\s+(?:the\s+|an?\s+)?(?:(?:19|20)\d\d\s+)?{_NAME}")
_BACKED = re.compile(r"\b(?P<name>[A-Z][\w&’'.]*)-(?:backed|sponsored|funded|commissioned|led)\b")
_ACRONYM = re.compile(rf"\((?P<name>[A-Z]{{3,6}})\)\s+{_VERB}")
_SAYS = re.compile(
    rf"\b{_NAME}(?:['’]s)?\s*(?:[“\"][^”\"]{{1,60}}[”\"]\s+)?(?:{_VERB}|(?:[\w-]+\s+){{0,2}}?{_NOUN})"
)
_BRACKETED = re.compile(r"\((?P<name>[A-Z]{3,6})\b[^()]*\)")
_BASED_ON = re.compile(rf"\bbased on\s+(?:the\s+)?{_NAME}\s+data")
_TRAILING = re.compile(
    r"(?:['’]s)?(?:\s+(?:Reports?|Surveys?|Data|Stud(?:y|ies)|Index|Developer|Annual|Analysis))*"
    r"(?:['’]s)?$"
)
_NO_SOURCE = re.compile(
    r"^(?:AI|ML|LLM|RAG|U\.?S|US|The|These|This|Those|It|They|One|Another|Some|Most|Many|A|An|In"
    r"|As|By|At|For|And|But|Industry|Recent|Reports?|Surveys?|Data|Companies|Job|Salary|Employment"
    r"|Senior|Junior|Entry|Mid|Staff|Software|Machine|Engineers?|Developers?|Our|Your|We|You|If"
    r"|Search|Skill|Across|Median|Average|Base|Total|Remote|Specialized|However|Both|Each)\b",
    re.IGNORECASE,
)
_SITE = re.compile(
    r"(?<![\w@/.-])(?:www\.)?((?:[a-z0-9-]+\.)+(?:com|org|net|co|io|ai|work|team|blog|fyi|edu|gov|space"
    r"|dev|app|eu|uk))(?![\w-])",
    re.IGNORECASE,
)
_PLAIN_ENDS = (".com", ".org", ".net")


def origin_of(raw: str, text: str, span: Span) -> str | None:
    """The origin of the amount at `span`, or None.

    Args:
        raw: The sentence as it stands, with its citations.
        text: The same, as long, without citations and emphasis.
        span: Where the amount stands in both.
    """
    start, end = _sentence(text, span)
    sentence = text[start:end]
    for pattern in (_BACKED, _ACCORDING, _ACRONYM, _SAYS, _BRACKETED, _BASED_ON):
        for match in pattern.finditer(sentence):
            name = _tidy(match.group("name"))
            if name and not _NO_SOURCE.match(name) and _reaches(match, sentence, span, start):
                return name
    sites = [
        (match.start(), match.group(1).casefold()) for match in _SITE.finditer(raw, start, end)
    ]
    after = [site for at, site in sites if at >= span.end]
    if after:
        return _site_name(after[0])
    return _site_name(sites[-1][1]) if sites else None


def _sentence(text: str, span: Span) -> tuple[int, int]:
    """The sentence around the amount, in a unit that holds several."""
    starts = [m.end() for m in re.finditer(r"(?<![A-Z])[.!?]\s+(?=[A-Z“\"])", text[: span.start])]
    end = re.compile(r"(?<![A-Z])[.!?]\s+(?=[A-Z“\"])").search(text, span.end)
    return (starts[-1] if starts else 0), (end.start() if end else len(text))


def _reaches(match: re.Match[str], sentence: str, span: Span, start: int) -> bool:
    """Whether the name speaks for the amount: no other sentence part with a reporter between."""
    low, high = sorted((match.end() + start, span.start))
    between = sentence[max(0, low - start) : max(0, high - start)]
    return not re.search(
        rf",\s+and\s+(?:the\s+)?{_WORD}.{{0,60}}\b(?:reports|projects|cites)\b", between
    )


def _tidy(name: str) -> str:
    name = re.sub(r"\s+", " ", name).strip()
    name = re.sub(r"^(?:The|A|An)\s+", "", name)
    return _TRAILING.sub("", name).strip(" '’")


def _site_name(site: str) -> str:
    """A site as people call it: `ravio.com` is ravio; others keep their ending (levels.fyi)."""
    for end in _PLAIN_ENDS:
        if site.endswith(end) and site.count(".") == 1:
            return site.removesuffix(end)
    return site
