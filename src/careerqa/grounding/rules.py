"""The rules of the grounding check, in order: each gives the reason why a sentence fails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from careerqa.grounding import direction
from careerqa.grounding.absolute import ends, seasoned, without_exception
from careerqa.grounding.before import alike, than_before
from careerqa.grounding.beside import counted, measured, neighbours, things_counted, years
from careerqa.grounding.borrowed import borrowed
from careerqa.grounding.carried import carried, level, subject
from careerqa.grounding.case import Case
from careerqa.grounding.crossed import crossed, exchanged
from careerqa.grounding.employers import employer
from careerqa.grounding.figures import figures, measures, ownership
from careerqa.grounding.heads import heads, labelled
from careerqa.grounding.links import cause, outcome
from careerqa.grounding.multiples import multiples
from careerqa.grounding.names import (
    foreign,
    kinds,
    named_levels,
    named_roles,
    names,
    ordinals,
    quotation,
)
from careerqa.grounding.needs import duty, enough, needed, needless, precondition
from careerqa.grounding.opposites import contrary
from careerqa.grounding.places import doer, preposition
from careerqa.grounding.polarity import denied_majority, denied_share, outright
from careerqa.grounding.scope import scope
from careerqa.grounding.stance import endorsed, fares
from careerqa.grounding.stitched import stitched
from careerqa.grounding.terms import certainty, conditions, dated, moved, periods
from careerqa.grounding.turned import degree, denied, motion
from careerqa.grounding.whole import choice, other_level, whole_range


def way(case: Case) -> str | None:
    """Comparison, direction and negation agree with the evidence."""
    return direction.disagreement(case.text, case.roles, case.cited)


RULES: Final[Sequence[tuple[bool, Callable[[Case], str | None]]]] = (
    (False, foreign),
    (False, quotation),
    (False, figures),
    (False, multiples),
    (True, ownership),
    (False, measures),
    (False, named_roles),
    (False, named_levels),
    (False, names),
    (True, cause),
    (False, outcome),
    (False, scope),
    (False, way),
    (False, than_before),
    (False, alike),
    (False, conditions),
    (False, certainty),
    (False, periods),
    (False, moved),
    (True, dated),
    (False, denied_share),
    (False, denied_majority),
    (False, enough),
    (True, duty),
    (False, employer),
    (False, needed),
    (False, outright),
    (False, precondition),
    (False, degree),
    (False, motion),
    (False, fares),
    (False, endorsed),
    (False, denied),
    (False, without_exception),
    (False, ends),
    (True, seasoned),
    (False, choice),
    (False, whole_range),
    (False, other_level),
    (False, counted),
    (False, things_counted),
    (False, measured),
    (False, contrary),
    (False, kinds),
    (False, ordinals),
    (True, years),
    (True, neighbours),
    (True, subject),
    (True, doer),
    (True, preposition),
    (True, level),
    (True, heads),
    (True, borrowed),
    (True, labelled),
    (True, stitched),
    (True, crossed),
    (True, exchanged),
    (False, carried),
    (False, needless),
)
"""Each rule, and whether a sentence that breaks it is stitched rather than fabricated."""
