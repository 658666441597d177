"""Mends hasty typing in the words that the rules go by: "teh", "waht hapens", "whats". Pure.

Only what is near to one of these words is touched, and never a word that is English itself; the words that a
person looks for stay as they were typed.
"""

import re
from functools import lru_cache
from itertools import pairwise

_RULED = frozenset(
    """
    a about after afterwards all also another any anyone anything apart are at back before beginning begins beside
    between both but by clip clips colour compare could describe did does during each end ending ends every film films
    find first for from give happen happened happening happens have here how in is it last length like list long
    longer many meanwhile me mean meant minute minutes moment moments more most movie much next not now number of on
    one ones only opening or other part please please right same scene scenes second seconds show showed shown shows
    similar similarly since some someone something start starts summarise summarize summary tell than thank thanks
    that the their them then there these they thing third this those through time times until video videos was
    were what when where which while who whole whose why with without would you your fourth fifth sixth seventh
    and she his her him immediately directly previous following anywhere somebody somewhere
    """.split()  # noqa: SIM905
)
_ENGLISH = frozenset(
    """
    form dose how who on no saw was won own now calm clam trail trial diary dairy file flier lien line felt left
    tow two ton not ant nat ran rang range ranger hat heat hate haste wheel whale wile while wait whit white wheat
    forth move ties tank tanks meat color cold star stares stats stat pleased slowed though thinks snowed noes fro nay
    daring thorough thee shoved bedside waist taste tasks masks moves moved mover least beast thirst burst wears bears
    ever even over lover offer here hear part parts past last lasts fast cast list bone done gone lone none tone
    zone once stating staring string stars stare starry sort shore shorts store stored
    wish width wit with wide tie tide tines teens them theme hem hen then than thin other mother brother bother
    bending lending mending sending sings listen lots lost post host list fist moist lest filed field life
    farm fame frame from firm films fill film fins fine fund mind kind bind wind hind blind finds
    show shot shoe shop sow slow snow stow how chow shower showers shoes sown
    here hare hire her hers hero there where three tree their these those whose hose nose rose
    besides seconded secondly minuter fight light might night sight tight eight bright fright
    steps stand stands sheet sheep ship chip whip moments moment movies scents scent scented scenery scented
    """.split()  # noqa: SIM905
)
_SHORT = {
    **{"whats": "what's", "wheres": "where's", "whos": "who's", "hows": "how's", "thats": "that's", "whens": "when's"},
    **{"isnt": "isn't", "doesnt": "doesn't", "dont": "don't", "arent": "aren't", "im": "i'm", "theres": "there's"},
    **{
        "wat": "what",
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
    (r"\bhole (?=film|video|clip|movie|thing|story)", "whole "),
    (r"^were (?=do|does|did|is|are)", "where "),
    (r"\bdose (?=he|she|it|they|the|a|an|this|that|any)", "does "),
    (r"\bform(?=[?.! ]*$)", "from"),
    (r"\bwhat(?: is|'s) their (?=in|on|at)", "what is there "),
)
_WORD = re.compile(r"(?<![\w'\[#.-])[a-zA-Z]+(?![a-zA-Z]|[\w'.-]\w)")


def mend(text: str) -> str:
    """Return a text with the words of the rules as they are spelt."""
    mended = _WORD.sub(lambda found: _mended(found[0]), text)
    for pattern, right in _BESIDE:
        mended = re.sub(pattern, right, mended, flags=re.I)
    return mended


def _mended(word: str) -> str:
    if word.isupper() and len(word) > 1:
        return word
    right = nearest(word.lower())
    return word if right == word.lower() else right


@lru_cache(maxsize=4096)
def nearest(word: str) -> str:
    """Return the word of the rules that was meant, else the word itself."""
    if word in _SHORT:
        return _SHORT[word]
    if word in _RULED or word in _ENGLISH or len(word) < 3:
        return word
    meant = [right for right in sorted(_RULED) if swapped(word, right)]
    if not meant and len(word) == 4:
        meant = [right for right in sorted(_RULED) if len(right) == 5 and right[0] == word[0] and one_off(word, right)]
    if not meant and len(word) >= 5:
        meant = [right for right in sorted(_RULED) if len(right) >= 6 and right[0] == word[0] and one_off(word, right)]
    return meant[0] if meant else word


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
