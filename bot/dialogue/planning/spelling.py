"""Mends hasty typing in the words that the rules go by: "teh", "waht hapens", "whats". Pure.

Only what is near to one of these words is touched, and never a word that is English itself; the words that a
person looks for stay as they were typed.
"""

import re
from collections.abc import Container
from functools import lru_cache
from itertools import pairwise

_RULED = frozenset(
    """
    a about after afterwards again all also and another any anybody anyone anything anywhere apart are at
    available back before begin beginning begins beside between both but by clip clips colour compare could count
    describe did difference directly does during each else end ending ends ever every everything except explain
    fifth sixth seventh film films find first following follows for fourth from gist give goodbye happen happened
    happening happens have hello help her here him his how immediately in instead is it just last later length library
    like list listed long longer longest look many mean meant meanwhile minute minutes moment moments more most movie
    much never next not nothing now number of on one ones only onwards open opening or other part play please
    previous recap right same scene scenes second seconds she show showed showing shown shows similar similarly
    since some somebody someone something somewhere sorry start starts summarise summarize summary tell than thank
    thanks that the their them then there these they thing third this those through time times tomorrow until
    video videos wait was were what when where which while who whole whose why with without would you your
    """.split()  # noqa: SIM905
)
_ENGLISH = frozenset(
    """
    acre alain aldo alla ally alter alto andy ant anya area aren arte bach bank bark bath bears beast beck bedside
    began begun bending benin besides beth bind black blind bone booth bother bout bright brother buck burst burt
    bust butt calm cast chip chips chow clam clap claps cold color compared couldn county court dairy daring
    described diary didn died dies doesn dogs domes done dose doses dots ease eight elise elle elsa elsie emery
    even excerpt fame farm fast fellows felt field fifty fight file filed files fill fills finds fine fined finn
    fins firm firms firth fist flier fond ford fore fork form fort forth four frame fright fro frog fund gave gift
    given gone gust hale hare haste hat hate haven havre haze heap hear heat heir held hell helm hem hen herb herd
    hero herr hers hind hips hire hits hive hose host hove howe howl kind lake lal lang laser lash lass lasted
    lasts late latter layer least left lending lengthy lest lien life lift lifted light liked lime line ling
    linger lisa listen lister liszt liter live lock lone longed loop lost lots lover luke lung lust mach macy mana
    mandy mane mani manly mann manny mans mare mary masks mast mead meal means meat megan mein mending mere might
    mind minuter mist moan moat mode moist mole mont moore mora mori morse mort moss mother move moved mover moves
    movies mulch must nat nay neat ned nest newer newt night no noes none nose note nothin noting offer once
    otter oven over owen owes own pact para parc park parts party past plan pleas pleased port post pray precious
    rae ran rang range ranger rose safe sage sake sale sami sane save saw saxe scenery scent scented scents
    seconded secondly sending shame shaw shawn shea shed sheep sheet shen ship shoe shoes shop shops shore shorts
    shot shots shoved shoving shower showers sight sings slow slowed slowing slows smart snow snowed sole somethin
    somme sore sort sow sown stand stands star stare stares staring stark starr starry stars stat stating stats
    steps store stored stow string stuart summarized tall tame tank tanks tasks taste teen teens thai thee theme
    theo thin think thinks thirst thom thong thorough though three thus tian tide tides tie ties tight tile tiles
    till timed timer tines ting tire tires toll tome ton tone tow trail tran tree trey trial trough two tying
    waist walt want ware wars wash wasn wasp watt ways wears weren whale wheat wheel whip whit white whoa whom
    wide width wien wile wind wire wish wit witch wits won wore world wouldn wound wren writ zone
    """.split()  # noqa: SIM905
)
"""Words as near to one of the rules as a mistyped one would be, among the 21,000 that people use most."""

_SHORT = {
    **{"whats": "what's", "wheres": "where's", "whos": "who's", "hows": "how's", "thats": "that's", "whens": "when's"},
    **{"isnt": "isn't", "doesnt": "doesn't", "dont": "don't", "arent": "aren't", "im": "i'm", "theres": "there's"},
    **{
        "wat": "what",
        "wats": "what's",
        "wots": "what's",
        "wot": "what",
        "ther": "there",
        "tehre": "there",
        "wht": "what",
        "u": "you",
        "pls": "please",
        "plz": "please",
        "secs": "seconds",
        "wich": "which",
    },
    **{"ur": "your", "summarise": "summarize", "vid": "video", "vids": "videos", "tho": "though", "youve": "you've"},
}
_BESIDE = (
    (r"\b(?<=is )three (?=an?\b|any|another|some|no\b)", "there "),
    (r"^n (?=\w)", "and "),
    (r"\bhole (?=film|video|clip|movie|thing|story)", "whole "),
    (r"^were (?=do|does|did|is|are)", "where "),
    (r"\bdose (?=he|she|it|they|the|a|an|this|that|any)", "does "),
    (r"\bform(?=[?.! ]*$)", "from"),
    (r"\bwhat(?: is|'s) their (?=in|on|at)", "what is there "),
)
_VOWELS = frozenset("aeiouy")
_DRAWN_OUT = re.compile(r"([a-z])\1{2,}", re.I)
_WORD = re.compile(r"(?<![\w'\[#.-])[a-zA-Z]+(?![a-zA-Z]|[\w'.-]\w)")


def mend(text: str, kept: Container[str] = ()) -> str:
    """Return a text with the words of the rules as they are spelt.

    `kept` are words, in small letters, that are left as they were typed.
    """

    def spelt(found: re.Match[str]) -> str:
        name = found.start() > 0 and found[0][0].isupper()
        return found[0] if name or found[0].lower() in kept else _mended(found[0])

    mended = _WORD.sub(spelt, text)
    for pattern, right in _BESIDE:
        mended = re.sub(pattern, right, mended, flags=re.I)
    return mended


def _mended(word: str) -> str:
    if word.isupper() and len(word) > 1:
        return word
    word = _DRAWN_OUT.sub(r"\1\1", word)
    right = nearest(word.lower())
    return word if right == word.lower() else right


@lru_cache(maxsize=4096)
def nearest(word: str) -> str:
    """Return the word of the rules that was meant, else the word itself."""
    if word in _SHORT:
        return _SHORT[word]
    if word in _RULED or word in _ENGLISH or len(word) < 3:
        return word
    known = [right for right in sorted(_RULED) if right[0] == word[0] and len(right) >= 4]
    ways = (
        (right for right in sorted(_RULED) if swapped(word, right)),
        (right for right in known if _doubled(word, right)),
        (right for right in known if not set(word) & _VOWELS and "".join(c for c in right if c not in _VOWELS) == word),
        (right for right in known if len(word) >= 4 and len(right) != len(word) and one_off(word, right)),
        (right for right in known if len(word) >= 6 and len(right) == len(word) and one_off(word, right)),
    )
    return next((right for way in ways for right in way), word)


def _doubled(word: str, right: str) -> bool:
    """Tell whether a letter was typed twice."""
    return any(a == b and word[:n] + word[n + 1 :] == right for n, (a, b) in enumerate(pairwise(word)))


def swapped(one: str, other: str) -> bool:
    """Tell whether two words differ in two neighbouring letters that changed places."""
    if len(one) != len(other) or one == other:
        return False
    wrong = [place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(wrong) != 2 or list(pairwise(wrong)) != [(wrong[0], wrong[0] + 1)]:
        return False
    return one[wrong[0]] == other[wrong[1]] and one[wrong[1]] == other[wrong[0]]


def one_off(one: str, other: str) -> bool:
    """Tell whether one letter is missing, too much or wrong; a plural is no mistake."""
    if one == other or one + "s" == other or other + "s" == one:
        return False
    short, long = sorted((one, other), key=len)
    start = next((place for place, letter in enumerate(short) if letter != long[place]), len(short))
    if len(short) == len(long):
        return short[start + 1 :] == long[start + 1 :]
    return len(long) == len(short) + 1 and short[start:] == long[start + 1 :]
