"""The rule of the grounding check on a subject of one statement with the predicate of another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from careerqa.grounding.case import Case
from careerqa.grounding.facts import CURRENCIES, quantities
from careerqa.grounding.links import continued
from careerqa.grounding.matching import carries
from careerqa.grounding.normal import with_label
from careerqa.grounding.owners import roles
from careerqa.grounding.sources import Source
from careerqa.grounding.words import (
    is_content,
    is_light_verb,
    is_matter,
    is_titular,
    words,
)

_PARTS = re.compile(
    r"[;:.]\s|\s-\s|,?\s(?:while|whereas|but|yet|though|although|because|since|against|than|"
    r"versus|so|which|who|where|when|if|as)\s|,\s|\s(?:and|or|with|plus)\s(?=\S+\s\S+\s\S+)",
    re.I,
)
_VERBS: Final = (
    r"(?:is|are|was|were|be|been|has|have|had|may|might|can|could|will|would|should|must|do|"
    r"does|did|don't|doesn't|isn't|aren't|tends?|needs?|requires?|means?|makes?|gets?|pays?|"
    r"commands?|earns?|leads?|drives?|offers?|provides?|gives?|takes?|comes?|helps?|matters?|"
    r"counts?|ranks?|grew|grow|grows|rose|rises?|fell|falls?|dropped|drops?|uses?|builds?|works?|"
    r"focus(?:es)?|favou?rs?|prefers?|values?|rewards?|adds?|shows?|starts?|begins?|goes|go|"
    r"remains?|becomes?|became|reflects?|spends?|sits?|runs?|wants?|likes?|learns?|handles?|"
    r"brings?|brought|led|made|raised?|raises|improves?|improved|reduced?|reduces|increased?|"
    r"increases|cuts?|costs?|belongs?|applies|apply|hires?|moves?|"
    r"accepts?|asks?|sells?|writes?|teach(?:es)?|opens?|"
    r"rel(?:y|ies)|deploys?|ships?|finds?|found|covers?|includes?|contains?|involves?|"
    r"typically|usually|often|mostly|generally|also|now|still|already|actually)"
)
_VERB = re.compile(rf"\s{_VERBS}\b", re.I)
_WHOLE = re.compile(
    r"[;:.]\s|\s-\s|,?\s(?:while|whereas|but|yet|though|although|because|since|against|than|versus|"
    r"so|which)\s|,\s(?:and\s)?|\s(?:and|with)\s(?=\S+\s\S+\s\S+)",
    re.I,
)
_OPEN = re.compile(
    r"\W*(?:it|they|this|that|these|those|you|we|one|he|she|there|here|what|so|both|either|"
    r"neither|each|all|such|another|others?|the (?:former|latter|other|two|page|guide|report|"
    r"source|document|faq|table|statement|same)|its|their|according|per|in|on|at|for|by|to|with|"
    r"as|if|when|after|before|from)\b",
    re.I,
)
APART: Final = 0.25  # by which another statement holds more of the predicate


def stitched(case: Case) -> str | None:
    """No clause joins the subject of one statement to what another one says of something else."""
    if len(case.cited) < 2 or continued(case.cited):
        return None
    text = with_label(_ASIDE.sub(" ", case.text))
    clauses = [clause for clause in _WHOLE.split(text) if clause]
    for number, clause in enumerate(clauses):
        found = [q for q in quantities(clause) if q.unit in ("%", "", *CURRENCIES)]
        found = [q for q in found if not (q.low == 50 and q.bound == "near" and len(found) == 2)]
        if len(found) != 1 or any(f.of_row for f in case.matching(found[0])):
            continue  # a cell has no words of its own
        own = [s for s in case.cited if any(carries(f.quantity, found[0]) for f in s.facts)]
        others = [s for s in case.cited if s not in own]
        said = _matter(clause)
        if _LEAD.match(clause):
            said += [w for after in clauses[number + 1 : number + 2] for w in _matter(after)]
        if own and others and len(said) >= 2 and _apart(said, own, others):
            return f"says of {found[0]} what its evidence says of something else"
    joined = [clause for clause in _WHOLE.split(case.text) if _AS_ONE.match(clause)]
    for clause in filter(None, [*_PARTS.split(case.text), *joined]):
        verb = _VERB.search(clause) or _light(clause)
        if verb is None or _OPEN.match(clause):
            continue
        subject = clause[: verb.start()]
        said = _matter(clause[verb.start() :])
        titles = {m.name for m in roles(subject)}
        if len(titles) > 1 or len(said) < 2:
            continue
        about = _matter(subject)
        scores = [_held(about, titles, s) for s in case.cited]
        best = max(scores)
        if best == 0:
            continue
        own = [s for s, score in zip(case.cited, scores, strict=True) if score * 2 >= best]
        others = [s for s, score in zip(case.cited, scores, strict=True) if score * 2 < best]
        if not others:
            continue
        if _apart(said, own, others):
            return f"says of {subject.strip()} what its evidence says of something else"
    return None


_AS_ONE = re.compile(r"(?:\S+\s){1,5}and\s(?:\S+\s){1,3}is\s", re.I)
"""A subject of two words joined by "and", which is one thing: "safety and evaluation is"."""
_ASIDE = re.compile(r"\([^()]*\)")
_LEAD = re.compile(r"\W*(?:with|after)\b", re.I)
"""What leads to a figure that the next clause is about: "With three years, you ..."."""


def _light(clause: str) -> re.Match[str] | None:
    """The first light word after one of matter: the verb, where no common one stands there."""
    found = list(re.finditer(r"\s[A-Za-z]+", f" {clause}"))
    for before, match in pairwise(found[:6]):
        word = match.group().strip().lower()
        if is_matter(before.group().strip().lower()) and is_light_verb(word):
            return re.compile(r"\s[A-Za-z]+").search(clause, match.start() - 1)
    return None


def _apart(said: Sequence[str], own: Sequence[Source], others: Sequence[Source]) -> bool:
    """Whether other statements hold more of a predicate than those of its subject."""
    here = max(_share(said, s) for s in own)
    there = max(_share(said, s) for s in others)
    return there - here >= APART and there >= 0.34


def _held(about: Sequence[str], titles: set[str], source: Source) -> int:
    """How many words and titles of a subject a statement holds, or the document it is of."""
    named = source.roles | {m.name for m in roles(source.context)}
    return sum(source.bag.has(w) for w in about) + len(titles & named)


def _matter(text: str) -> list[str]:
    return [
        w
        for w in dict.fromkeys(words(text))
        if is_content(w) and not is_titular(w) and not any(c.isdigit() for c in w)
    ]


def _share(said: Sequence[str], source: Source) -> float:
    return sum(source.bag.has(w) or source.bag.has_form(w.upper()) for w in said) / len(said)
