"""What a question is about, in words that fit into the next one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from careerqa.conversation.words import as_question, level_spans, lower_first, plural, roles_in

_VERBS = (
    r"pays?|hires?|offers?|needs?|uses?|requires?|are|is|have|has|grows?|earns?|makes?|works?"
    r"|leads?|matters?|helps?|gets?|says?|shows?|gives?|lists?|come|comes|drives?|exists?|involves?"
)
_WHICH = re.compile(
    rf"(?:which|what) (?P<noun>(?!(?:{_VERBS}|do|does|did|can|should|will)\b)[a-z-]+"
    rf"(?: of [\w/ -]+?| [a-z-]+)?) (?P<rest>(?P<verb>{_VERBS}) (?!there\b).+)",
    re.IGNORECASE,
)
_ASKED_FOR = re.compile(
    r"(?:which|what) (?P<noun>[a-z -]+?) (?:do|does|did|can|should|will)\b", re.IGNORECASE
)
_EXISTS = re.compile(
    r"(?:is|are|was|were) there (?:an?|any|some)? ?(?P<thing>.+)|(?:what|who) (?:is|are|was|were) "
    r"(?P<defined>.+)|(?:what|how) (?:does|do|did) (?P<doer>(?:the |an? )?[\w ]+?) (?:mean|work|say"
    r"|require|do|cost|cover|regulate|involve|affect)\b.*",
    re.IGNORECASE,
)
_JUDGED = re.compile(
    r"(?:is|are) (?P<thing>(?!it\b|that\b|this\b|there\b)[\w+#' -]+?) (?:important|required|needed"
    r"|necessary|useful|helpful|mandatory|worth|enough|essential|common|expected|optional)\b.*",
    re.IGNORECASE,
)
_GOAL = re.compile(
    r"\b(?P<verb>switch|mov|transition|break|get|pivot|land|start)(?:e|ing|ting|ing)? "
    r"(?P<into>(?:in)?to|as) (?P<end>.+)|\bbecom(?:e|ing) (?P<what>an? .+)",
    re.IGNORECASE,
)
_FRONTED = re.compile(
    r"(?P<wh>how (?:much|many|fast|often|long|big|high|hard|old)(?: [a-z-]+)*?|what(?: [a-z-]+)*?"
    r"|which [\w/ -]+?|when|where|who) (?P<aux>do|does|did|is|are|was|were|can|could|will|would"
    r"|should|has|have) (?P<rest>.+)",
    re.IGNORECASE,
)
_YES_NO = re.compile(
    r"(?:do|does|did|is|are|was|were|can|could|will|would|should|has|have)\b", re.IGNORECASE
)
_LAST_WORDS = re.compile(r"(?P<body>.*?)(?P<end>(?: (?:the )?(?:most|more|best|better|least))?)$")


def titles_of(questions: Sequence[str], *, at_least: int = 1) -> list[str]:
    """The titles, with levels, of the last question; of earlier ones too where those are few."""
    found: dict[str, str] = {}
    for question in reversed(questions):
        fresh = {name: text for name, text in _groups(question).items() if name not in found}
        found = {**fresh, **found}
        if len(found) >= at_least:
            break
    return list(found.values())


def _groups(question: str) -> dict[str, str]:
    """Each title of a question by its name, as a plural with its level."""
    found: dict[str, str] = {}
    mentions = roles_in(question)
    titles = [m for m in mentions if not m.field] or mentions
    for mention in titles:
        ahead = question[: mention.span.start]
        level = next(
            (s.of(question) for s in level_spans(question) if not ahead[s.end :].strip(" /")), ""
        )
        if not level and len(titles) == 1:
            level = next((s.of(question) for s in level_spans(question)), "")
        shown = mention.title.name if mention.field else mention.written
        found.setdefault(mention.name, f"{level} {plural(shown)}".strip())
    return found


def subject_of(question: str) -> str | None:
    """Whom a question is about, as a plural; None where it names nobody."""
    text = question.rstrip("?")
    which = _WHICH.fullmatch(text)
    if which and which.group("noun").split()[0].endswith("s"):
        return f"{which.group('noun')} that {which.group('rest')}"
    titles = titles_of([question])
    return " and ".join(titles) if titles else None


def thing_of(question: str) -> str | None:
    """What "it" stands for after a question; None where that is not clear."""
    text = question.rstrip("?")
    which = _WHICH.fullmatch(text)
    if which:
        return f"the {which.group('noun')} that {which.group('rest')}"
    judged = _JUDGED.fullmatch(text)
    if judged and not roles_in(judged.group("thing")):
        return judged.group("thing")
    groups = list(_groups(question).values())
    if len(groups) == 1:
        return f"the {re.sub('s$', '', groups[0])} role"
    exists = _EXISTS.fullmatch(text)
    if exists is None or groups:
        return None
    if exists.group("thing"):
        return f"the {re.sub('^the ', '', exists.group('thing'))}"
    return exists.group("defined") or exists.group("doer")


def asked_thing(question: str) -> str | None:
    """What a question asks for by name: "skills" in "What skills do AI engineers need?"."""
    match = _ASKED_FOR.match(question)
    return match.group("noun") if match and match.group("noun").endswith("s") else None


def goal_of(question: str) -> str | None:
    """The change that a question is about: "to become an AI engineer"."""
    match = _GOAL.search(question.rstrip("?"))
    if match is None or not roles_in(match.group()):
        return None
    if match.group("what"):
        return f"to become {match.group('what')}"
    verb = {"mov": "move"}.get(match.group("verb").lower(), match.group("verb").lower())
    return f"to {verb} {match.group('into')} {match.group('end')}"


def indirectly(question: str) -> str:
    """A question within another: "how much software engineers make"."""
    text = question.rstrip("?")
    match = _FRONTED.fullmatch(text)
    if match is None:
        return lower_first(text)
    wh, aux, rest = lower_first(match.group("wh")), match.group("aux").lower(), match.group("rest")
    if aux == "do":
        return f"{wh} {rest}"
    roles = roles_in(rest)
    if roles and aux in ("is", "are", "does"):
        end = roles[0].span.end
        end += rest[end : end + 1] == "s"
        verb, _, more = rest[end:].strip().partition(" ")
        if aux == "does" and verb:
            verb = {"have": "has", "do": "does"}.get(verb, f"{verb}s")
            return f"{wh} {rest[:end]} {verb} {more}".strip()
        if verb:
            return f"{wh} {rest[:end]} {aux} {verb} {more}".strip()
    return (
        f"{wh} {rest} {aux}"
        if aux in ("is", "are") and len(rest.split()) < 6
        else lower_first(text)
    )


def reason_for(question: str) -> str:
    """Why it is so, of what a question asks."""
    text = question.rstrip("?")
    if _YES_NO.match(text):
        return as_question(f"why {lower_first(text)}")
    match = _FRONTED.fullmatch(text)
    if match is None or match.group("wh").lower() in ("who", "what"):
        return as_question(f"why: {lower_first(text)}")
    wh, aux, rest = match.group("wh").lower(), match.group("aux"), match.group("rest")
    degree = re.fullmatch(r"how (much|many|fast|often|long|big|high|hard|old)(.*)", wh)
    if degree:
        said = f"that {degree.group(1)}{degree.group(2)}"
        return as_question(f"why {aux} {rest} {said}")
    noun = re.fullmatch(r"(?:which|what) (.+)", match.group("wh"), re.IGNORECASE)
    if noun is None:
        return as_question(f"why {aux} {rest} {'then' if wh == 'when' else 'there'}")
    parts = _LAST_WORDS.fullmatch(rest)
    assert parts is not None  # noqa: S101  (it matches any text)
    return as_question(f"why {aux} {parts.group('body')} that {noun.group(1)}{parts.group('end')}")
