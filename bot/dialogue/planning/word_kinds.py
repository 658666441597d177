"""English words by kind: colours, prepositions of place, determiners, and what ends a phrase."""

FILMS = r"(?:videos?|films?|clips?|movies?|recordings?)"
"""Pattern of what a video is called."""

FILES = r"(?:videos?|films?|clips?|movies?|recordings?|files?)"
"""The same where a file is meant too."""

COLOURS = frozenset(
    """red blue green yellow orange purple pink black white brown grey gray golden gold silver beige turquoise violet
    dark light bright colourful striped""".split()  # noqa: SIM905
)


PLACES = frozenset(
    ["in", "on", "at", "near", "by", "under", "inside", "outside", "behind", "over", "above", "beside", "from"]
)


DETERMINERS = frozenset(
    [
        "a",
        "an",
        "the",
        "some",
        "any",
        "no",
        "my",
        "your",
        "his",
        "her",
        "its",
        "their",
        "our",
        "this",
        "that",
        "these",
        "those",
        "each",
        "every",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "one",
        "several",
        "many",
    ]
)


BREAKS = frozenset(
    """is are was were be been am do does did has have had can could will would should who whom what which where when
    why how and or but that to not if because while so than as for with of from""".split()  # noqa: SIM905
)

PLURALS = frozenset(
    "men women children people sheep fish mice geese feet teeth police cattle somebody anyone nobody".split()  # noqa: SIM905
)
