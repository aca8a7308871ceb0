"""Rules of the grounding check on what stands beside a figure: what it counts, and when."""

from __future__ import annotations

import re
from collections.abc import Sequence

from careerqa.grounding.case import Case
from careerqa.grounding.facts import Quantity, quantities
from careerqa.grounding.opposites import opposed
from careerqa.grounding.owners import Mention, bind
from careerqa.grounding.sources import Fact
from careerqa.grounding.words import SIGNED, TOPICS, Bag, is_content, is_titular, stem, words
from careerqa.words import STOP_WORDS


def counted(case: Case) -> str | None:
    """What a share is a share of, or grew by, is so in the evidence."""
    for quantity in case.quantities:
        facts = case.matching(quantity)
        if quantity.unit == "%" and facts and all(f.text for f in facts):
            reason = _share_of(case, quantity, facts)
            if reason:
                return reason
    return None


def _share_of(case: Case, quantity: Quantity, facts: Sequence[Fact]) -> str | None:
    before, after = case.text[: quantity.start], case.text[quantity.end :]
    mine = _OF.match(after)
    if mine:
        whole = [m for m in case.roles if 0 <= m.start - quantity.end <= 14]
        if whole and all(_no_share(f) for f in facts):
            return f"{quantity} is no share of {whole[0].name}"
        heads = [_OF.match(f.text[f.quantity.end :]) for f in facts]
        bag = Bag([" ".join(_nouns(head[1])) for head in heads if head])
        told = not re.search(r"\d", mine[1])
        if told and all(heads) and not any(bag.has(w) for w in _nouns(mine[1])):
            return f"{quantity} is a share of others than {mine[1].strip()}"
    if _SHARE.search(before) and not any(_SHARE_WORD.search(f.text) for f in facts):
        return f"{quantity} is no share in its evidence"
    gained = quantity.low == quantity.high and re.search(r"\bby\s$", before)
    if gained and all(f.quantity.low < f.quantity.high == quantity.high for f in facts):
        return f"{quantity} is reached, not gained"
    return None


_LARGE = 1000  # from where a plain number counts things that its next word names


def things_counted(case: Case) -> str | None:
    """A large number counts what it does in the evidence, not what another one counts there."""
    for quantity in case.quantities:
        facts = [f for f in case.matching(quantity) if f.text]
        if quantity.unit or quantity.low < _LARGE or not facts:
            continue
        said = _counts(case.text, quantity)
        own = {_counts(f.text, f.quantity) for f in facts}
        others = {
            _counts(f.text, f.quantity)
            for f in case.facts
            if f not in facts and f.text and not f.quantity.unit and f.quantity.low >= _LARGE
        }
        if said and said in others - own:
            return f"{quantity} counts something else in its evidence"
    return None


def _counts(text: str, quantity: Quantity) -> str:
    """The stem of the word after a number."""
    after = words(text[quantity.end : quantity.end + 40])
    return stem(after[0]) if after and after[0] not in STOP_WORDS else ""


_PAY = re.compile(r"[$€£]|\bbonus|\bpremium|\bequity|\braise|\boffer")


def measured(case: Case) -> str | None:
    """What a figure is said to measure is not another thing that its statements measure."""
    for start, clause in _clauses(case.text):
        inside = [q for q in case.quantities if start < q.end <= start + len(clause)]
        inside = [q for q in inside if q.unit in ("%", "", "points") and case.matching(q)]
        if len(inside) != 1:
            continue
        said = set(words(clause))
        for quantity in inside:
            facts = case.matching(quantity)
            holding = [s for s in case.cited if any(f in s.facts for f in facts)]
            held = Bag([f"{s.text} {s.header} {s.context} {s.label}" for s in holding])
            others = [n for n, listed in TOPICS.items() if held.words & listed - said]
            for name, listed in TOPICS.items():
                if not said & listed or held.words & listed or not others:
                    continue
                if name == "pay" and any(_PAY.search(s.text) for s in holding):
                    continue
                if any(held.has_form(w) for w in said & listed):
                    continue
                return f"{quantity} does not measure {name} in its evidence"
    return None


_JOINT = re.compile(
    r"[;:]\s|,?\s(?:while|whereas|but|which|although|yet|so)\s|,\s(?=(?:and|with)\s)|\s(?:and|with)\s(?=\d)"
)


def _clauses(text: str) -> list[tuple[int, str]]:
    """The clauses of a sentence with where they start."""
    found, start = [], 0
    for joint in re.finditer(
        r"[;:]\s|,?\s(?:while|whereas|but|which|although)\s|,\s(?=and\s)", text
    ):
        found.append((start, text[start : joint.start()]))
        start = joint.end()
    return [*found, (start, text[start:])]


_OF = re.compile(r"\sof (?:the |all |these |those )?((?:[\w/,-]+\s?){1,5})")


_VERBS = re.compile(
    r"\b(?:don't|do|does|doesn't|are|is|was|were|uses?|have|has|had|would|will|now|who|that|which|"
    r"said|says?|prefers?|in|for|with|at|on|by|want|wants)\b",
    re.I,
)


_OF_TITLES = frozenset({"ai", "ml", "software", "engineer", "engineers"})


def _nouns(text: str) -> list[str]:
    """The first two words of a phrase that say what it is about."""
    phrase = _VERBS.split(text)[0]
    listed = [w for w in words(phrase) if w not in STOP_WORDS and not w[0].isdigit()]
    listed = [w for w in listed if w not in _OF_TITLES] or listed
    return [w for w in listed[:2] if stem(w) not in ("say", "report", "see")]


_SHARE = re.compile(
    r"\b(?:makes? up|made up|accounts? for|constitutes?|represents?|comprises?)\s(?:\w+\s)?$", re.I
)


_SHARE_WORD = re.compile(
    r"\b(?:makes? up|made up|account|share|skew|constitut|represent|compris|% of|percent of|mix)",
    re.I,
)


def _no_share(fact: Fact) -> bool:
    after = fact.text[fact.quantity.end :].lower()
    return not re.match(
        r"\s(?:of|for|in|among|are|is|senior|entry|mid|remote|junior|\w+s\b)", after
    ) and bool(after)


def years(case: Case) -> str | None:
    """A figure stands beside the year that its evidence gives it."""
    dated = [q for q in case.quantities if q.unit == "date"]
    if len(dated) != 1 or _SINCE.search(case.text):
        return None
    mentions = [Mention(str(n), q.start, q.end) for n, q in enumerate(case.quantities)]
    others = [m for m, q in zip(mentions, case.quantities, strict=True) if q.unit != "date"]
    nearest = bind(dated[0].start, dated[0].end, others, case.text)
    for number, quantity in enumerate(case.quantities):
        if nearest is not None and nearest != str(number):
            continue
        facts = [f for f in case.matching(quantity) if f.text]
        if quantity.unit not in ("%", "usd") or not facts:
            continue
        if all(_turned(f, quantity, dated[0]) for f in facts):
            return f"{quantity} is not of {dated[0].low:g}"
        held = [_year(f) for f in facts]
        if all(held) and str(dated[0].low) not in held and dated[0].low == dated[0].high:
            return f"{quantity} is not of {dated[0].low:g}"
    return None


_SINCE = re.compile(r"\bfrom\b[^.;]{0,30}\bin (?:19|20)\d\d,?\s(?:\w+\s){0,2}to\s", re.I)


def _turned(fact: Fact, quantity: Quantity, date: Quantity) -> bool:
    """Whether one end of a figure's move is dated with the other end of the years it took."""
    ends, spans = fact.quantity, [q for q in quantities(fact.text) if q.unit == "date"]
    if len(spans) != 1 or any(q.low == q.high for q in (ends, spans[0])) or date.low != date.high:
        return False
    pair = (quantity.low, date.low)
    return quantity.low == quantity.high and pair in (
        (ends.low, spans[0].high),
        (ends.high, spans[0].low),
    )


def _year(fact: Fact) -> str | None:
    dates = [q for q in quantities(fact.text) if q.unit == "date"]
    if any(q.low != q.high for q in dates):
        return None
    mentions = [Mention(str(q.low), q.start, q.end) for q in dates]
    return bind(fact.quantity.start, fact.quantity.end, mentions, fact.text)


_SEGMENT = re.compile(r"[,;:)]\s?|\s-\s|\s(?=(?:and|while|whereas|but)\s)")


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
                here = [f for f in facts if start < f.quantity.end <= start + len(text)]
                if not here:
                    neutral.append(text)
                elif any(f in mine for f in here):
                    own.append(text)
                else:
                    others.append(text)
    near, far = Bag([*own, *neutral]), Bag(others)
    said = [w for w in dict.fromkeys(words(case.text)) if is_content(w) and not is_titular(w)]
    said = [w for w in said if w not in SIGNED and w not in ("fast", "quickly", "count", "counts")]
    strange = [w for w in said if far.has(w) and not near.has(w)]
    alone = len(case.quantities) == 1
    if (alone and len(strange) >= 2) or (alone and (strange and len(strange) * 4 >= len(said))):
        return f"its evidence says “{strange[0]}” of another figure than {quantity}"
    at = next(
        (t for start, t in _segments(case.text) if start < quantity.end <= start + len(t)), ""
    )
    return opposed(at, " . ".join(own))
