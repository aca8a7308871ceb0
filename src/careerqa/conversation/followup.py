"""A follow-up question made standalone by rules: what it leaves out is taken from those before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from careerqa.conversation.fill import fill
from careerqa.conversation.subject import (
    asked_thing,
    goal_of,
    indirectly,
    reason_for,
    subject_of,
    thing_of,
    titles_of,
)
from careerqa.conversation.words import (
    Followup,
    as_question,
    content,
    is_talk,
    level_spans,
    lower_first,
    names,
    read_followup,
    roles_in,
)

LONGEST_FRAGMENT: Final = 7
"""Words; what is longer says by itself what it asks."""
_WHY = re.compile(
    r"(?:why|how come|how so)(?: exactly| not| so| is that| is this| is it| that(?: one)?| this"
    r"| so (?:much|many|little|few|low|high))*",
    re.IGNORECASE,
)
_ABOUT_THAT = re.compile(
    r"(?:really|are you sure\b.*|is (?:that|this|it) (?:true|right|so|correct|certain|reliable)"
    r"|says who|who says(?: so| that| this| it)?|(?:your |the |which |what )?sources?|since when"
    r"|until when|when|where|who|how|by how much|how much|how many|how often|how long|how"
    r"|according to (?:whom|what)|for example|such as|an example|like what|any examples?"
    r"|what (?:does|do) (?:that|this|you|it) mean|(?:tell me )?more|more details?|go on"
    r"|where (?:does|do|did|is|are) (?:that|this|the|these|those|it|they)(?: \w+)?"
    r"(?: come)?(?: from)?|how (?:old|recent|reliable|accurate|sure|certain) is (?:that|this|it)\b"
    r".*|(?:in|at|for|to|from|by) (?:which|what) [\w ]+|which(?: ones?| [a-z]+s)?"
    r"|what (?:share|percentage|proportion|fraction|number)(?: of (?:them|those|these))?"
    r"|(?:how many|how much|which|what (?:share|percentage))(?: of (?:them|those|these))?"
    r" (?:are|is|were|have|has) [\w-]+)",
    re.IGNORECASE,
)
_OF_THEM = re.compile(r"\s*\bof (?:the two|both|them|these|those|the (?:three|other))\b", re.I)
_CHOICE = re.compile(r"(?:which|who)(?: (?:one|role|job|title|of \w+(?: \w+)?))?\b", re.I)
_COMPARED = re.compile(
    r"how (?:does|do|would|is|are|did) (?:that|this|it|those|these) (?:compared?|differ\w*)"
    r" (?:to|with|from|against) (?P<other>.+)",
    re.IGNORECASE,
)
_PLURAL = re.compile(r"\b(?:they|them|their|theirs|both(?! \w+ and))\b", re.IGNORECASE)
_SINGULAR = re.compile(
    r"\b(?:its?|he|she|his|him|hers?)\b|\b(?:that|this) (?:role|job|position|title|career|field"
    r"|profession|work)\b|\bthe (?:role|job|position)\b(?= (?:like|growing|safe|hard|worth)|$)",
    re.IGNORECASE,
)
_POINTING = re.compile(
    r"(?:^|\b(?:do|does|did|is|are|was|were|can|could|will|would|should|has|have|about|for|of|with"
    r"|than|to|why|and|at|by|from|like|after|before|on|in|all)\s)(?:that|this|those|these)\b"
    r"(?! (?:year|month|week|days|article|report|document|page|site|website|guide|who|with|of)\b)"
    r"|(?<!is )(?<!are )(?<!was )(?<!were )\bthere$",
    re.IGNORECASE,
)
_EXPLETIVE = re.compile(
    r"\b(?:is|was|are|be|does|will|would|can|how \w+(?: \w+)? (?:is|does|will|would|did)) it"
    r"(?: \w+){0,3}? (?:to|that|if|whether|take)\b(?= \w)|\bit['’]?s? "
    r"(?:possible|true|worth \w+ing|hard|easy|necessary|better|best|important|takes?)\b(?= \w)"
    r"|\bwhat(?:'s| is|’s) it like\b(?= \w)|\b(?-i:IT)\b",
    re.IGNORECASE,
)
_TAKES = re.compile(r"\b(?:it|that|this) takes?\b|\btakes? it\b|\bit cost$", re.IGNORECASE)
_ONES = re.compile(r"\b(?:which|the same|these|those|any|other) ones?\b", re.IGNORECASE)
_LEANING = re.compile(
    r"(?:enough|required|needed|necessary|important|useful|helpful|worth it|mandatory|a must"
    r"|expected|common|essential|optional)(?: too| as well)?",
    re.IGNORECASE,
)
_DEFINES = re.compile(r"(?:what|who)(?: (?:is|are|was|were)|['’]s) (?!the\b)", re.IGNORECASE)
_FIRST_PERSON = re.compile(r"\b(?:i|we|my|me)\b", re.IGNORECASE)
_THAN = re.compile(r"\b(?:more|less|better|higher|lower|fewer|faster|\w+er)\b", re.IGNORECASE)


def resolve(question: str, earlier: Sequence[str]) -> str | None:
    """`question` with what it takes from earlier ones; None where it stands by itself.

    Args:
        question: As it was put.
        earlier: The questions before it, oldest first, each standalone.
    """
    asked = [text for text in earlier if not is_talk(text)]
    read = read_followup(question)
    if not asked or is_talk(question) or not read.core:
        return None
    before = asked[-1].strip()
    matter = before.split(": ", 1)[-1] if ": " in before else before
    if _WHY.fullmatch(read.core):
        return reason_for(matter)
    if _ABOUT_THAT.fullmatch(read.core):
        return _beside(read.core, matter)
    if not read.clause:
        return _fragment(read, before)
    return (
        _compared(read.core, matter)
        or _choice(read.core, asked)
        or _pointing(read.core, before)
        or _unsaid(read, before)
    )


def _beside(core: str, matter: str) -> str:
    """What is asked, then the question that it is asked about."""
    return as_question(f"{core}: {lower_first(matter)}")


def _fragment(read: Followup, before: str) -> str | None:
    core = read.core
    if len(core.split()) > LONGEST_FRAGMENT:
        return _pointing(core, before) if read.leans else None
    filled = fill(core, before)
    if filled is not None:
        return filled
    if roles_in(core) and content(core):
        return None  # a question in key words: it names whom it is about
    if _PLURAL.search(core) or _SINGULAR.search(core):
        return _pointing(f"what about {core}", before)
    few = len(content(core)) <= 2 and not names(f"x {core}")
    subject = goal_of(before) or subject_of(before)
    if not (read.leans or few):
        return None
    if subject is None:
        return as_question(f"{before.rstrip('?')}, {core}")
    joined = "" if subject.startswith("to ") else "for "
    return as_question(f"what about {core} {joined}{subject}")


def _compared(core: str, matter: str) -> str | None:
    match = _COMPARED.fullmatch(core)
    if match is None:
        return None
    verb = "differ from" if "differ" in core.lower() else "compare to"
    return as_question(f"how does {indirectly(matter)} {verb} {match.group('other')}")


def _choice(core: str, asked: Sequence[str]) -> str | None:
    """A choice ("Which of the two pays better?") with the titles that it chooses from."""
    match = _CHOICE.match(core)
    if match is None or roles_in(core):
        return None
    of_them = _OF_THEM.search(core)
    better = _THAN.search(core) or re.search(r"\b(?:most|least|best)\b", core, re.IGNORECASE)
    if not of_them and not (better and len(content(core)) <= 3):
        return None
    titles = titles_of(asked, at_least=2)
    if len(titles) < 2:
        return None
    plain = _OF_THEM.sub("", core, count=1)
    listed = f"{', '.join(titles[:-1])} or {titles[-1]}"
    return as_question(f"{plain}, {listed}")


def _pointing(core: str, before: str) -> str | None:
    """Pronouns that point out of the question replaced; None where there are none."""
    hidden = _EXPLETIVE.sub(lambda m: "\0" * len(m.group()), core)
    if roles_in(core):
        hidden = re.sub(r"\bboth\b", "\0" * 4, hidden, flags=re.IGNORECASE)
    several = [m for m in _PLURAL.finditer(hidden) if not _held_inside(core, m.start())]
    single = [m for m in _SINGULAR.finditer(hidden) if not _held_inside(core, m.start())]
    goal = goal_of(before)
    if _TAKES.search(core) and not re.search(r"\bto \w+|\bbecome\b", core):
        return as_question(f"{core} {goal}") if goal else _beside(core, before)
    if not several and not single:
        pointing = _POINTING.search(hidden)
        if _ONES.search(hidden) or (pointing and not _held_inside(core, pointing.start())):
            return _beside(core, before)
        return None
    group, thing = subject_of(before), thing_of(before)
    asked_for = asked_thing(before)
    if (several and group is None) or (single and thing is None):
        return _beside(core, before)
    both = bool(several and single)
    text = core
    for match in sorted([*several, *single], key=lambda m: -m.start()):
        word = match.group().lower()
        new = group if match in several else thing
        assert new is not None  # noqa: S101  (checked above)
        if (
            match in single
            and both
            and re.search(r"(?<![\w/])AI(?! \w+ engineer| engineer|/)", before)
        ):
            new = "AI"
        if word == "them" and len(several) > 1 and asked_for:
            new = f"those {asked_for}"
        if word in ("their", "his", "her", "its"):
            new = _possessive(new)
        if word == "both":
            new = f"both {new}"
        text = text[: match.start()] + new + text[match.end() :]
    if goal and not single and group and group not in goal and len(goal.split()) < 9:
        text = f"{text} {goal}"
    return as_question(text)


def _possessive(noun: str) -> str:
    return f"{noun}'" if noun.endswith("s") else f"{noun}'s"


def _held_inside(core: str, at: int) -> bool:
    """Whether what a pronoun at `at` stands for is in the question itself."""
    ahead = core[:at]
    if roles_in(ahead):
        return True
    known = len(content(ahead))
    if re.search(r",|\b(?:if|when|because|while|since|once|and|but)\b", ahead[1:]) and known >= 2:
        return True
    owner = re.match(
        r".*\b(?:do|does|did|are|is|can|should|will|would|have|how|which|what) "
        r"(?:\w+ )?([a-z]+s)\b.+",
        ahead,
        re.IGNORECASE,
    )
    if owner and re.match(r"(?:their|its)\b", core[at:]):
        return True
    return known >= 4


def _unsaid(read: Followup, before: str) -> str | None:
    """A short question that names nobody, about those of the question before."""
    core = read.core
    roles = roles_in(core)
    old = roles_in(before)
    if roles:
        compares = _THAN.search(core) and not re.search(r"\bthan\b|\bor\b|\bmore about\b", core)
        another = len({m.name for m in roles}) == 1 and old and roles[0].name != old[0].name
        end = roles[-1].span.end
        better = re.search(r"\b(?:more|less|better|higher|lower|fewer)\b", core[end:])
        if compares and better and another and len(core.split()) <= LONGEST_FRAGMENT + 1:
            return as_question(f"{core} than {subject_of(before)}")
        return None
    subject = subject_of(before)
    if subject is None or not old:
        return None
    said = content(core)
    leaning = _LEANING.search(core)
    if leaning and leaning.end() == len(core) and len(said) <= 3:
        return _for_them(core, before, subject)
    limit = 1 if re.match(r"how (?:do|can|should|could|would) (?:i|we)\b", core, re.I) else 2
    if len(said) > limit or names(core) or _DEFINES.match(core):
        return None
    if level_spans(core) and not read.leans and _FIRST_PERSON.search(core):
        return None
    return _for_them(core, before, subject)


def _for_them(core: str, before: str, subject: str) -> str:
    goal = goal_of(before)
    return as_question(f"{core} {goal}" if goal else f"{core} for {subject}")
