"""Word lists of English that several stages share."""

from __future__ import annotations

from typing import Final

_STOP_WORDS = """
    a about above after again against all also although am an and any anyone are aren't as
    ask at back be because been before being below between both but by can can't cannot
    could couldn't d did didn't do does doesn't doing don't down during each either else etc
    even ever every few for from further get gets getting give go goes going got had hadn't
    has hasn't have haven't having he hello her here hers herself hey hi him himself his how
    however i if im in into is isn't it its itself ive just kind know let like ll m may
    maybe me might mine more most much must my myself need never no nor not now of off oh ok
    on once one only or other our ours ourselves out over own please pls quite rather re
    really s same say see shall she should shouldn't so some somebody someone something sort
    still such t than thank thanks that the their theirs them themselves then there these
    they thing things think this those though through to too u under until up upon us ve
    very want wanted wants was wasn't we well were weren't what whats when where which while
    who whom whose why will with won't would wouldn't yes yet you your yours yourself
"""
STOP_WORDS: Final = frozenset(_STOP_WORDS.split())
"""Words that say nothing of a question's matter."""

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
TENS: Final = {word: 10 * n for n, word in enumerate(_TENS.split(), 2)}
CARDINALS: Final = {word: n for n, word in enumerate(_ONES.split())} | TENS
"""Numbers that are one word, up to ninety."""
