"""The program's own words: what a library holds is called, what can be asked of it, and small talk.

`SMALL_TALK` and `LIBRARY` are all the words that, said alone, are no search.
"""

from bot.dialogue.reading.closed_words import word_class

VIDEOS = word_class(
    """video videos vid vids film films clip clips movie movies recording recordings file files footage lesson lessons
    lecture lectures tutorial tutorials episode episodes"""
)
MOMENTS = word_class(
    """moment moments scene scenes shot shots part parts bit bits spot spots point place section sequence segment result
    results hit hits match matches one ones thing things frame frames passage"""
)
LIBRARY = word_class("videos films library help list collection catalogue")
SMALL_TALK = word_class(
    """hi hello hey thanks thank thx ta cheers bye goodbye ok okay yes no yeah yep nope sure great good nice cool lovely
    perfect wonderful brilliant awesome amazing super sorry wow haha lol hm hmm oh ah well please right fine welcome
    wait interesting funny sweet cute pity"""
)
REQUEST = word_class(
    """show find search look looking see seen watch play open go jump take give get bring tell list count compare name
    describe explain summarise summarize say says said know want wanna need wish think mean meant remember remind wonder
    wondering check point come comes came happen happens happened happening shown shows showing appear appears contain
    contains hold holds called thing stuff kind sort time times way minute minutes second seconds start starts begin
    begins beginning end ends ending finish middle whole there's entire clip exact question sum summary recap gist
    overview synopsis difference differences"""
)

OWN = VIDEOS | MOMENTS | REQUEST
"""Words that ask, and are not what is asked for."""

OF_VIDEOS = r"(?:videos?|vids?|films?|clips?|movies?|recordings?|files?|lessons?|lectures?|tutorials?|episodes?)"
OF_MOMENTS = (
    r"(?:moments?|scenes?|shots?|parts?|bits?|spots?|sections?|sequences?|segments?|results?|hits?|matches|match"
    r"|frames?|clips?|passages?)"
)
"""Patterns of the same, for words beside them."""

OF_PICTURES = word_class(
    """what which colour color how many who whom there the we see can any find show clip moment me picture describe say
    tell number place weather happens happening like thing object"""
)
"""Words of questions about a picture that name nothing in it."""
