"""The rules of the grounding check: each gives the reason why a sentence does not stand, or None."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Final

from careerqa import grounding_direction as direction
from careerqa.cleaning import clean
from careerqa.grounding_facts import Mention, Quantity, bind, bindings, carries, normal, quantities, roles
from careerqa.grounding_sources import (
    EXCLUSIVE,
    FIELD,
    PIECE,
    Fact,
    Piece,
    Source,
    fits,
    flat,
    level_mentions,
    measure_mentions,
    speaks_of_field,
    starting,
)
from careerqa.grounding_words import (
    GROUPS,
    HEDGES,
    IMPLIED,
    KINDS,
    LEVELS,
    MEASURES,
    OPPOSITES,
    opposite_words,
    REPORTING,
    SCOPE,
    Bag,
    is_content,
    stem,
    words,
)
from careerqa.words import STOP_WORDS

CARRIED: Final = 0.5  # share of a sentence's words that its evidence must hold
TOGETHER: Final = 0.6  # share of a clause's words that one statement must hold
ELSEWHERE: Final = 0.4  # share of its words that belong to another role or level
CLAUSE_CARRIED: Final = 0.34  # the same for each of its clauses


class Case:
    """A sentence and the evidence that it cites."""

    def __init__(self, text: str, cited: Sequence[Source], about: str | None = None) -> None:
        self.raw = text
        self.text = normal(text)
        self.cited = cited
        self.about = about  # the role of the sentence before, for "they" and "their"
        self.bag = Bag([t for s in cited for t in (s.text, s.header)])
        self.wide = Bag([t for s in cited for t in (s.text, s.header, s.context, s.names)])
        self.quantities = quantities(self.text)
        self.roles = roles(self.text)
        self.levels = level_mentions(self.text)

    @cached_property
    def facts(self) -> list[Fact]:
        """Every quantity of the evidence."""
        return [fact for source in self.cited for fact in source.facts]

    @cached_property
    def header_quantities(self) -> list[Quantity]:
        """Quantities of headings, titles and header rows, which a sentence may repeat."""
        return [q for s in self.cited for q in quantities(f"{s.header} ; {s.context} ; {s.label}")]

    @cached_property
    def evidence(self) -> str:
        """The evidence in one, normalised."""
        return " . ".join(f"{s.text} ; {s.header}" for s in self.cited)

    def matching(self, quantity: Quantity) -> list[Fact]:
        """The facts whose quantity is this one."""
        return [f for f in self.facts if carries(f.quantity, quantity)]


def foreign(case: Case) -> str | None:
    """Links, markup or another script than the evidence's: nothing that a document says."""
    if re.search(
        r"https?://|www\.|javascript:|!\[|<[a-z/!][^>]*>|<\||\{\{|\b[\w-]+\.(?:com|org|net|io|example)\b",
        case.raw,
        re.I,
    ):
        return "holds a link or markup"
    letters = [c for c in case.text if c.isalpha()]
    strange = [c for c in letters if ord(c) > 0x24F]
    if strange and not any(c in case.evidence for c in strange):
        return "is written in another script than its evidence"
    return None


_QUOTED = re.compile(r"“([^”]{2,})”|\"([^\"]{2,})\"|„([^“”]{2,})[“”]|«([^»]{2,})»")


def quotation(case: Case) -> str | None:
    """Words between quotation marks stand in the evidence just so."""
    text = clean(case.raw.replace("\\$", "$"))
    for match in _QUOTED.finditer(text):
        quoted = flat(next(g for g in match.groups() if g)).strip(" .,;:!?")
        parts = [p.strip(" .,;:!?[]()") for p in re.split(r"\.\.\.|…|\[[^\]]*\]", quoted)]
        held = [
            s for s in case.cited
            if all(p in s.verbatim or p in flat(f"{s.context} {s.names}") for p in parts if p)
        ]  # fmt: skip
        if not held:
            return f"nobody wrote “{quoted[:60]}”"
    return None


def figures(case: Case) -> str | None:
    """Every number, amount, share and year stands in the evidence, with its unit."""
    for quantity in case.quantities:
        if case.matching(quantity) or any(carries(q, quantity) for q in case.header_quantities):
            continue
        if quantity.unit == "%" and quantity.low == 50 and _about_half(case, quantity):
            continue
        if quantity.unit in ("", "rank", "ordinal") and _counts_off(case, quantity):
            continue
        if _from_two(case, quantity):
            continue
        return f"{quantity} stands in none of its evidence"
    return None


def _about_half(case: Case, half: Quantity) -> bool:
    shares = [f.quantity for f in case.facts if f.quantity.unit == "%"]
    if half.bound == "under":
        return any(q.low < 50 for q in shares)
    return any(50 < q.low < 100 if half.bound == "over" else 48 <= q.low <= 54 for q in shares)


def _counts_off(case: Case, quantity: Quantity) -> bool:
    """A small number that counts things which the evidence lists, or says "both" for two."""
    if quantity.low == 1 and re.search(
        r"\b(?:first|top|number|single|one|a)\b", case.evidence, re.I
    ):
        return True
    after = case.text[quantity.end : quantity.end + 24]
    if re.match(r"\s?(?:years?|months?|days?|hours?|%|times|x\b|percent)", after):
        return False
    if quantity.low == 2:
        named = len({r for s in case.cited for r in s.roles})
        return named == 2 or bool(re.search(r"\bboth\b|\bpair\b|\btwo\b", case.evidence, re.I))
    small = quantity.low == quantity.high and 2 < quantity.low <= 8
    return small and any(
        s.text.count(",") + 1 in (quantity.low, quantity.low - 1) for s in case.cited
    )


def _from_two(case: Case, quantity: Quantity) -> bool:
    """A range whose ends stand as single figures of one row or clause of the same unit."""
    if quantity.low == quantity.high:
        return False
    for source in case.cited:
        singles = [f for f in source.facts if f.quantity.low == f.quantity.high]
        ends = [
            [f for f in singles if f.quantity.unit == quantity.unit and f.quantity.low == value]
            for value in (quantity.low, quantity.high)
        ]
        if not all(ends) or not any(a.role == b.role for a in ends[0] for b in ends[1]):
            continue
        if all(f.of_row for f in ends[0]) or any(
            re.search(r"\b(?:from|against|to|than)\W{0,3}(?:\w+\s){0,2}$", f.text[: f.quantity.start])
            for f in (*ends[0], *ends[1])
        ):
            return True
    return False


def ownership(case: Case) -> str | None:
    """A figure goes with the role, level and measure that its evidence gives it."""
    by_role = bindings(case.quantities, case.roles, case.text)
    by_level = bindings(case.quantities, case.levels, case.text)
    measures = [m for m in measure_mentions(case.text) if m.name in EXCLUSIVE]
    for quantity, role, level in zip(case.quantities, by_role, by_level, strict=True):
        facts = case.matching(quantity)
        if not facts or quantity.unit in ("date", "ordinal", "rank"):
            continue
        compared = len({m.name for m in case.roles}) > 1 and direction.comparisons(case.text)
        if compared and any(direction.comparisons(f.text) for f in facts):
            continue  # a difference between two; `way` looks at it
        if role and not any(f.role in (None, role) for f in facts):
            return f"{quantity} is the figure of {facts[0].role}, not of {role}"
        if role:
            facts = [f for f in facts if f.role in (None, role)]
        if level and not any(f.level in (None, level) for f in facts):
            return f"{quantity} is the figure of level {facts[0].level}, not {level}"
        of_pay = quantity.unit in ("usd", "eur", "gbp")
        if not level and all(f.level and (f.of_row or of_pay) for f in facts) and not _level_told(case, facts):
            return f"{quantity} is the figure of level {facts[0].level} only"
        measure = bind(quantity.start, quantity.end, measures, case.text)
        if measure and not any(f.measure in (None, measure) for f in facts):
            return f"{quantity} is the {facts[0].measure}, not the {measure}"
    return None


def _level_told(case: Case, facts: Sequence[Fact]) -> bool:
    named = {m.name for m in case.levels} | ({"entry"} if starting(case.text) else set())
    if any(f.level in named for f in facts):
        return True
    if re.search(
        r"\b(?:stage|level|step|rung|point|seniority|throughout|progress|experience)", case.text
    ):
        return True
    listed = {f.level for q in case.quantities for f in case.matching(q)}
    return len(listed) >= 3


def measures(case: Case) -> str | None:
    """A term of measuring stands in the evidence, too."""
    said = set(words(case.text))
    for name, listed in MEASURES.items():
        used = said & listed
        if not used or (name == "average" and "on average" in case.text):
            continue
        if name == "base" and not re.search(r"\bbase (?:pay|salar|comp)|[$€£]", case.text):
            continue
        if name == "share" or (
            name in ("minimum", "maximum", "growth")
            and not any(q.unit == "%" for q in case.quantities)
        ):
            continue
        there = case.wide.words & listed
        if name == "growth":
            shares = [f for q in case.quantities for f in case.matching(q) if q.unit == "%"]
            there = there or re.search(r"\b(?:up|down|from)\b", case.evidence) is not None
            of_rows = bool(shares) and all(f.of_row for f in shares)
            there = there or not (of_rows or any(f.text and _NO_GROWTH.search(f.text) for f in shares))
        if not there and not (name == "average" and "mean" in used):
            return f"its evidence gives no {name}"
    return None


def named_roles(case: Case) -> str | None:
    """A role that the sentence names is one that its evidence is about."""
    held = frozenset(r for s in case.cited for r in s.roles)
    around = frozenset(m.name for s in case.cited for m in roles(s.context))
    for mention in case.roles:
        if mention.name in held or _same_title(mention.name, held):
            continue
        silent = any(not s.roles for s in case.cited)
        if silent and (mention.name in around or not around) and _parts_there(case, mention.name):
            continue
        if silent and mention.name in around:
            continue
        return f"its evidence does not speak of {mention.name}"
    return None


def _same_title(name: str, held: frozenset[str]) -> bool:
    loose = {re.sub(r"\b(?:developer|programmer)\b", "engineer", h) for h in held}
    return re.sub(r"\b(?:developer|programmer)\b", "engineer", name) in loose


def _parts_there(case: Case, name: str) -> bool:
    return all(case.wide.has_form(part) for part in re.split(r"[ /]", name)[:-1])


def named_levels(case: Case) -> str | None:
    """A level that the sentence names stands in its evidence."""
    held = frozenset(level for s in case.cited for level in s.levels)
    for mention in case.levels:
        word = case.text[mention.start : mention.end].lower()
        if mention.name not in held and not case.wide.has_form(word):
            return f"its evidence does not speak of level {mention.name}"
    return None


_NAME = re.compile(r"[A-Za-z][A-Za-z\d]*(?:[.&+#-]?[A-Za-z\d]+)*[+#]*|\.NET")


def names(case: Case) -> str | None:
    """Names of products, organisations, places and people stand in the evidence."""
    skip = [(m.start, m.end) for m in (*case.roles, *case.levels)]
    matches = list(_NAME.finditer(case.text))
    for number, match in enumerate(matches):
        token = match.group()
        if any(start <= match.start() < end for start, end in skip) or len(token) < 2:
            continue
        lower = token.lower()
        opening = number == 0 or re.search(r"[.!?:;\"“*-]\s?[\"“*(]*$", case.text[: match.start()])
        shaped = bool(re.search(r"[a-z\d][A-Z]|[A-Z].*[A-Z]|[A-Za-z]\d|\d[A-Za-z]", token))
        if not (token[0].isupper() or shaped) or lower in LEVELS:
            continue
        if lower in STOP_WORDS and (opening or token in ("I", "US") or not token[0].isupper()):
            continue
        if opening and not shaped and not _sounds_like_a_name(case, matches, number):
            continue
        if stem(lower) in REPORTING and not shaped:
            continue
        parts = [p for p in re.split(r"[-/&.]", token) if len(p) > 1] or [token]
        if lower in case.evidence.lower() and len(lower) <= 3 and "&" in token:
            continue
        if case.wide.has_form(token) or all(case.wide.has_form(p) or p.islower() for p in parts):
            continue
        if _abbreviated(case, matches, number):
            continue
        if not shaped and (len(lower) > 3 and case.wide.has(lower) and stem(lower) in GROUPS):
            continue  # an ordinary word, capitalised as in a heading
        return f"its evidence does not name {token}"
    return None


_VERB = re.compile(
    r"^(?:'s\b|\s(?:is|are|was|were|has|have|had|says?|reports?|pays?|cites?|finds?|found|offers?|and|also|ranks?|"
    r"predicts?|projects?|expects?|uses?|gives?|shows?|hires?|belongs?|lists?|notes?|puts?|estimates?)\b)"
)


def _sounds_like_a_name(case: Case, matches: Sequence[re.Match[str]], number: int) -> bool:
    """Whether the capital of a first word is more than the start of the sentence."""
    match = matches[number]
    root = stem(match.group())
    if root in GROUPS or root in REPORTING or match.group().endswith(("ing", "ly")):
        return False
    after = case.text[match.end() :]
    following = matches[number + 1].group() if number + 1 < len(matches) else ""
    return bool(_VERB.match(after)) or (following[:1].isupper() and after.startswith(" "))


def subject_word(case: Case) -> str | None:
    """Who does it: a plural at the head of the sentence stands in the evidence."""
    for word in words(case.text)[:4]:
        if (
            word in ("many", "most", "several", "large", "big", "small", "top", "some")
            or word in STOP_WORDS
            or stem(word) in REPORTING
            or word.endswith(("ly", "ss", "us", "is"))
        ):
            continue
        if (
            word.endswith("s")
            and word.isalpha()
            and not (
                case.wide.has(word) or case.wide.has_form(word.upper()) or level_mentions(word)
            )
        ):
            return f"its evidence does not speak of {word}"
        return None
    return None


def counted(case: Case) -> str | None:
    """What a figure counts, or is a share of, is what it counts in the evidence."""
    for quantity in case.quantities:
        facts = case.matching(quantity)
        if not facts or (quantity.unit != "" and not all(f.text for f in facts)):
            continue
        before, after = case.text[: quantity.start], case.text[quantity.end :]
        if quantity.unit == "%" and re.match(r"\sof\s", after):
            whole = [m for m in case.roles if 0 <= m.start - quantity.end <= 14]
            if whole and all(_no_share(f) for f in facts):
                return f"{quantity} is no share of {whole[0].name}"
        if quantity.unit == "%" and re.match(r"\s(?:of|of the|of all)\s", after):
            heads = [_OF.match(f.text[f.quantity.end :]) for f in facts if f.text]
            mine = _OF.match(after)
            if mine and heads and all(heads):
                bag = Bag([" ".join(_nouns(head[1])) for head in heads if head])
                if not any(bag.has(w) for w in _nouns(mine[1])):
                    return f"{quantity} is a share of others than {mine[1].strip()}"
        if quantity.unit == "%" and _SHARE.search(before):
            if not any(_SHARE_WORD.search(f.text) for f in facts):
                return f"{quantity} is no share in its evidence"
        if quantity.unit == "%" and quantity.low == quantity.high and re.search(r"\bby\s$", before):
            if all(f.quantity.low < f.quantity.high == quantity.high for f in facts):
                return f"{quantity} is reached, not gained"
        if quantity.unit == "" and quantity.low >= 100 and not any(f.text for f in facts):
            labels = Bag([f.label for f in facts])
            if not any(labels.has(w) for w in words(case.text) if w not in STOP_WORDS):
                return f"{quantity} counts {facts[0].label}"
            continue
        if quantity.unit == "" and quantity.low >= 100:
            nouns = [w for w in words(after)[:4] if w not in STOP_WORDS][:2]
            near = [Bag([_around(f)]) for f in facts]
            if nouns and not any(bag.has(w) for bag in near for w in nouns):
                return f"{quantity} does not count {nouns[0]}"
    return None


_OF = re.compile(r"\s?of (?:the |all |these |those )?((?:[\w/,-]+\s?){1,5})")


def _nouns(text: str) -> list[str]:
    """The first two words of a phrase that say what it is about."""
    listed = [w for w in words(text) if w not in STOP_WORDS and not w[0].isdigit()]
    return [w for w in listed[:2] if stem(w) not in REPORTING]


def _around(fact: Fact) -> str:
    """The words that a count may count: some before it, and those after up to the next figure."""
    after = re.split(r"\d|[.;:]\s", fact.text[fact.quantity.end :])[0]
    before = re.split(r"\d|[.;]\s", fact.text[: fact.quantity.start])[-1]
    return f"{' '.join(before.split()[-5:])} {' '.join(after.split()[:7])}"


_SHARE = re.compile(
    r"\b(?:makes? up|made up|accounts? for|constitutes?|represents?|comprises?)\s(?:\w+\s)?$", re.I
)
_NO_GROWTH = re.compile(r"\b(?:makes? up|made up|account|share|constitut|represent|% of|premium)", re.I)
_SHARE_WORD = re.compile(
    r"\b(?:makes? up|made up|account|share|skew|constitut|represent|compris|% of|percent of|mix)",
    re.I,
)


def _no_share(fact: Fact) -> bool:
    after = fact.text[fact.quantity.end :].lower()
    return not re.match(r"\s(?:of|for|in|among|are|is|senior|entry|mid|remote|junior|\w+s\b)", after) and bool(
        after
    )


def _abbreviated(case: Case, matches: Sequence[re.Match[str]], number: int) -> bool:
    """Whether the token is part of a name whose initials stand in the evidence."""
    tokens = [m.group() for m in matches]
    held = {w.replace(".", "") for w in case.wide.words}
    for start in range(max(0, number - 4), number + 1):
        for end in range(number + 1, min(len(tokens), start + 6) + 1):
            run = [p for t in tokens[start:end] for p in re.split(r"[-/]", t) if p]
            letters = "".join(t[0] for t in run if t.lower() not in ("of", "and", "the", "for"))
            if 2 <= len(letters) <= 6 and letters.lower() in held and len(run) > 1:
                return True
    return False


_MAJORITY = re.compile(r"(?:^|(?<!the )(?<!hired )(?<!paid ))\b(?:most|majority|mostly)\b", re.I)


def _minority(case: Case) -> bool:
    """Whether the shares of the level that the sentence names are all below half."""
    named = {m.name for m in case.levels}
    owners = {m.name for m in case.roles}
    shares = [
        f for f in case.facts
        if f.quantity.unit == "%" and f.level in named and (not owners or f.role in owners)
    ]  # fmt: skip
    return bool(shares) and all(f.quantity.high < 50 for f in shares)


def scope(case: Case) -> str | None:
    """All, most, only, required, best: no wider and no firmer than the evidence."""
    said = set(words(case.text))
    phrases = case.evidence.lower()
    for name, listed in SCOPE.items():
        used = said & listed - (direction.negated(case.text) if name == "required" else set())
        evidence = case.bag.words
        if name == "required":
            evidence = evidence - direction.negated(case.evidence, 2)
        if name == "required" and direction.is_negative(case.text):
            continue
        if name == "most" and not _MAJORITY.search(case.text):
            continue  # "the most common": the class of superlatives looks at that
        if name == "most" and _minority(case):
            return "its evidence gives a smaller share than most"
        if name == "superlative" and "most" in used and _MAJORITY.search(case.text):
            used = used - {"most"}
        if name == "only" and re.search(
            r"\b(?:only|just) (?:about |around |some )?[$€£]?\d", case.text, re.I
        ):
            continue
        if name == "universal" and re.search(
            r"\bevery (?:day|week|month|year|time)\b|\b(?:above all|at all|if any|not all|all the way)\b", case.text
        ):
            continue
        if not used or used & evidence:
            continue
        if any(
            (word in SCOPE and SCOPE[word] & evidence)
            or word in evidence
            or (" " in word and word in phrases)
            for word in IMPLIED[name]
        ):
            continue
        if name == "most" and any(
            f.quantity.unit == "%" and f.quantity.low > 50 for f in case.facts
        ):
            continue
        if name in ("superlative", "most") and len(case.facts) >= 2:
            continue
        if name == "universal" and len({f.level for f in case.facts}) >= 3:
            continue
        if name == "superlative" and all(
            case.wide.has_form(w) or (w in ("biggest", "largest") and case.wide.has(w))
            for w in used
        ):
            continue
        return f"“{min(used)}” goes further than its evidence"
    return None


def way(case: Case) -> str | None:
    """Comparison, direction and negation agree with the evidence."""
    return direction.disagreement(case.text, case.roles, case.cited)


def _leads(text: str) -> bool:
    """Whether the role of a clause is what the clause is about."""
    mention = next(iter(roles(text)), None)
    if mention is None:
        return True
    before = text[: mention.start]
    return len(before.split()) <= 5 or bool(
        re.search(r"\b(?:for|of|to|among|as|in|by)(?: an?| the)?\s$", before)
    )


_OTHER_SIDE = re.compile(
    r"\b(?:above|below|over|from|of) (?:that|those|the one)\b|^\W*than\b", re.I
)
_PRONOUN = re.compile(r"^\W*(?:they|their|it|its|he|she|both|these|those)\b", re.I)


def subject(case: Case) -> str | None:
    """What is said of a role is said of that role in the evidence."""
    for text in filter(None, PIECE.split(case.text)):
        named = {m.name for m in roles(text)}
        if not named and speaks_of_field(text):
            named = {FIELD}
        if not named and case.about and _PRONOUN.match(text):
            named = {case.about}
        if len(named) != 1 or _OTHER_SIDE.search(text) or not _leads(text):
            continue
        role = next(iter(named))
        pieces = [p for s in case.cited for p in s.pieces]
        others = [p for p in pieces if p.roles and not fits(role, p.roles)]
        if not others:
            continue
        own = [p for p in pieces if not p.roles or fits(role, p.roles)]
        said = [w for w in dict.fromkeys(words(text)) if is_content(w) and not _titular(w)]
        matched = [w for w in said if any(p.bag.has(w) for p in pieces)]
        elsewhere = [w for w in matched if not any(p.bag.has(w) for p in own)]
        if any(_opposed(w, own) for w in elsewhere):
            return f"its evidence says “{elsewhere[0]}” of {min(others[0].roles)}, not of {role}"
        if elsewhere and len(elsewhere) >= max(1.0, ELSEWHERE * len(matched)):
            return f"its evidence says “{elsewhere[0]}” of {min(others[0].roles)}, not of {role}"
    return None


def _opposed(word: str, own: Sequence[Piece]) -> bool:
    """Whether pieces hold the opposite of a word."""
    held = {w for p in own for w in p.bag.words}
    return any(
        (word in one and held & other) or (word in other and held & one)
        for one, other in OPPOSITES
    )


def kinds(case: Case) -> str | None:
    """Degrees, kinds of employer and of employment are as specific as names."""
    said = set(words(case.text))
    for name, listed in KINDS.items():
        used = said & listed
        if used and not case.wide.words & listed and not any(case.wide.has_form(w) for w in used):
            return f"its evidence does not speak of {min(used)} ({name})"
    return None


def years(case: Case) -> str | None:
    """A figure stands beside the year that its evidence gives it."""
    dated = [q for q in case.quantities if q.unit == "date"]
    if len(dated) != 1:
        return None
    for quantity in case.quantities:
        facts = [f for f in case.matching(quantity) if f.text]
        if quantity.unit not in ("%", "usd") or not facts:
            continue
        held = [_year(f) for f in facts]
        if all(held) and str(dated[0].low) not in held and dated[0].low == dated[0].high:
            return f"{quantity} is not of {dated[0].low:g}"
    return None


def _year(fact: Fact) -> str | None:
    dates = [q for q in quantities(fact.text) if q.unit == "date"]
    if any(q.low != q.high for q in dates):
        return None
    mentions = [Mention(str(q.low), q.start, q.end) for q in dates]
    return bind(fact.quantity.start, fact.quantity.end, mentions, fact.text)


def level(case: Case) -> str | None:
    """What is said of a level is said of that level in the evidence."""
    for text in filter(None, PIECE.split(case.text)):
        named = {m.name for m in level_mentions(text)}
        if len(named) != 1:
            continue
        name = next(iter(named))
        pieces = [p for s in case.cited for p in s.pieces]
        others = [p for p in pieces if p.levels and name not in p.levels]
        own = [p for p in pieces if not p.levels or name in p.levels]
        said = [w for w in dict.fromkeys(words(text)) if is_content(w) and not _titular(w)]
        said = [w for w in said if not level_mentions(w)]
        matched = [w for w in said if any(p.bag.has(w) for p in pieces)]
        elsewhere = [w for w in matched if not any(p.bag.has(w) for p in own)]
        if others and len(elsewhere) >= max(1.0, ELSEWHERE * len(matched)):
            return f"its evidence says “{elsewhere[0]}” of another level than {name}"
    return None


_TITULAR: Final = frozenset(
    "engineer engineers engineering ai ml software developer developers machine learning artificial "
    "intelligence role roles job jobs".split()
)


def _titular(word: str) -> bool:
    return word in _TITULAR


_SEGMENT = re.compile(r"[,;:()]\s?|\s-\s|\s(?=(?:and|while|whereas|but)\s)")


def _segments(text: str) -> list[tuple[int, str]]:
    """The parts of a clause between commas and joints, with where they start."""
    found, start = [], 0
    for joint in _SEGMENT.finditer(text):
        if joint.start() > start:
            found.append((start, text[start : joint.start()]))
        start = joint.end()
    return [*found, (start, text[start:])]


def neighbours(case: Case) -> str | None:
    """The words around a figure are those around it in the evidence, not those of another."""
    for quantity in case.quantities:
        if reason := _beside(case, quantity):
            return reason
    return None


def _beside(case: Case, quantity: Quantity) -> str | None:
    mine = [f for f in case.matching(quantity) if f.text]
    if not mine or len(mine) < len(case.matching(quantity)):
        return None
    own, others, neutral = [], [], []
    for source in case.cited:
        for piece in source.pieces:
            facts = [f for f in source.facts if f.text == piece.text and f.quantity.unit != "date"]
            for start, text in _segments(piece.text):
                here = [f for f in facts if start <= f.quantity.start < start + len(text)]
                if not here:
                    neutral.append(text)
                elif any(f in mine for f in here):
                    own.append(text)
                else:
                    others.append(text)
    near, far = Bag([*own, *neutral]), Bag(others)
    said = [w for w in dict.fromkeys(words(case.text)) if is_content(w) and not _titular(w)]
    strange = [w for w in said if far.has(w) and not near.has(w)]
    alone = len(case.quantities) == 1
    if alone and len(strange) >= 2 or alone and (strange and len(strange) * 4 >= len(said)):
        return f"its evidence says “{strange[0]}” of another figure than {quantity}"
    at = next(
        (t for start, t in _segments(case.text) if start <= quantity.start < start + len(t)), ""
    )
    return direction.opposed(at, " . ".join(own))


def substituted(case: Case) -> str | None:
    """Between two words of the evidence stands no opposite of the word that stands there."""
    said = [w for w in words(case.text) if is_content(w)]
    for source in case.cited:
        held = [w for w in words(source.text) if is_content(w)]
        for number in range(1, len(said) - 1):
            before, word, after = said[number - 1 : number + 2]
            for place in range(1, len(held) - 1):
                other = held[place]
                if (stem(held[place - 1]), stem(held[place + 1])) != (stem(before), stem(after)):
                    continue
                if opposite_words(word, other):
                    return f"says “{word}” where its evidence says “{other}”"
    return None


_SHARES: Final = frozenset({"share", "shares", "percentage", "proportion", "portion"})


def carried(case: Case) -> str | None:
    """Most words of the sentence, and some of each clause, stand in the evidence."""
    missing_all: list[str] = []
    total = 0
    for clause in filter(
        None, re.split(r"[;:,]\s|\s(?=(?:because|since|while|whereas|but|which|and)\s)", case.text)
    ):
        said = [w for w in dict.fromkeys(words(clause)) if is_content(w) and not _titular(w)]
        said = [w for w in said if not any(c.isdigit() for c in w)]
        if len(case.facts) >= 2:
            said = [w for w in said if w not in direction.SIGNED]
        missing = [w for w in said if not case.wide.has(w) and not case.wide.has_form(w.upper())]
        missing = _unabbreviated(missing, case)
        if any(f.quantity.unit == "%" for f in case.facts):
            missing = [w for w in missing if w not in _SHARES]
        missing_all += missing
        total += len(said)
        if len(said) >= 2 and len(said) - len(missing) < CLAUSE_CARRIED * len(said):
            return f"its evidence does not say “{' '.join(missing[:3])}”"
    if not total and not case.quantities and not case.roles:
        return "says nothing that evidence could carry"
    if len(missing_all) > (1 - CARRIED) * total and (total > 2 or len(missing_all) == total):
        if total == len(missing_all) == 1 and case.quantities:
            return None
        return f"its evidence does not say “{' '.join(missing_all[:3])}”"
    return None


def _unabbreviated(missing: list[str], case: Case) -> list[str]:
    """What is missing, without words whose initials the evidence writes instead."""
    letters = "".join(w[0] for w in missing)
    for size in (4, 3, 2):
        for start in range(len(missing) - size + 1):
            if letters[start : start + size] in case.wide.words:
                return missing[:start] + missing[start + size :]
    return missing


def together(case: Case) -> str | None:
    """A clause is carried by one of several cited statements, not pieced together of them."""
    if len(case.cited) < 2:
        return None
    for clause in filter(
        None,
        re.split(
            r"[;:.]\s|,?\s(?=(?:while|whereas|but|against|than|versus|yet|though|although)\s)|,\sand\s(?=\S+\s\S+\s\S+\s\S+)",
            case.text,
        ),
    ):
        said = [w for w in dict.fromkeys(words(clause)) if is_content(w) and not _titular(w)]
        said = [w for w in said if not any(c.isdigit() for c in w) and w not in direction.SIGNED]
        if len(said) < 3 or len({m.name for m in roles(clause)}) > 1:
            continue
        found = quantities(clause)
        holding = [
            s for s in case.cited
            if not found or any(carries(f.quantity, q) for f in s.facts for q in found)
        ]  # fmt: skip
        carried_words = [w for w in said if case.bag.has(w)]
        if found and not any(
            all(any(carries(f.quantity, q) for f in s.facts) for q in found) for s in holding
        ):
            continue  # each of several figures has its own statement
        if not holding:
            continue
        scores = [(sum(s.bag.has(w) for w in carried_words), s) for s in holding]
        best = max(score for score, _ in scores)
        leading = [s for score, s in scores if score == best]
        for part in clause.split(","):
            inside = [w for w in carried_words if w in set(words(part))]
            if len(inside) >= 2 and not any(s.bag.has(w) for s in leading for w in inside):
                return "puts together what stands apart in its evidence"
        highest = set(carried_words) & SCOPE["superlative"] - {"most", "first", "top"}
        if highest and not any(s.bag.has(w) for s in leading for w in highest):
            return f"its evidence says “{min(highest)}” of something else"
        if best < TOGETHER * len(carried_words) and best < len(carried_words) - 1:
            return "puts together what stands apart in its evidence"
    return None


RULES: Final[Sequence[tuple[bool, Callable[[Case], str | None]]]] = (
    (False, foreign),
    (False, quotation),
    (False, figures),
    (True, ownership),
    (False, measures),
    (False, named_roles),
    (False, named_levels),
    (False, names),
    (False, scope),
    (False, way),
    (False, subject_word),
    (False, counted),
    (False, substituted),
    (False, kinds),
    (True, years),
    (True, neighbours),
    (True, subject),
    (True, level),
    (True, together),
    (False, carried),
)
"""Each rule, and whether a sentence that breaks it is stitched rather than fabricated."""
