"""The closed classes of English: words that carry a sentence and name nothing. The one place where they are listed."""


def word_class(words: str) -> frozenset[str]:
    """Return the words of a class, from one line of them."""
    return frozenset(words.split())


PERSONAL = word_class("he she it they him her them his hers its their theirs himself herself itself themselves")
DEMONSTRATIVE = word_class("this that these those there here")
SPEAKERS = word_class("i me my mine we us our ours you your yours u ya one somebody someone anybody anyone nobody")
THINGS = word_class("something anything everything nothing everybody everyone")
QUESTION = word_class("who whom whose what which where when why how whats wheres whos hows whens")
AUXILIARY = word_class(
    """is are was were be been being am do does did done doing has have had having can could will would shall should
    may might must gonna got isn aren wasn weren don doesn didn hasn haven hadn couldn won wouldn shouldn ain dont
    doesnt isnt didnt wasnt arent cant im ive id let lets s re ve ll d m t"""
)
PREPOSITION = word_class(
    """in on at of to from by for with without within into onto about as than like near over under through between
    during before after until till since against along across behind beside besides inside outside up down out off
    around towards toward upon per via above below beyond except"""
)
CONJUNCTION = word_class("and or but nor so if because while though although whether unless either neither both plus")
DETERMINER = word_class(
    """a an the some any no every each all another other others such same own many much more most few fewer less least
    lot lots several enough else none only"""
)
ADVERB = word_class(
    """not never ever then now again also too very really just even still yet already almost quite rather maybe perhaps
    actually please once twice soon later afterwards afterward next first last ago away back together exactly anyway
    though otherwise instead right well ok okay"""
)
LIGHT = word_class(
    """go goes went gone going come comes came coming get gets got getting put puts turn turns turned take takes took
    make makes made look looks looked use used uses try keep seem seems"""
)
"""Verbs that say hardly anything without what goes with them."""

OTHER = word_class("other others another different else elsewhere")
"""Words that lead away from what was shown."""

CARDINALS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
ORDINALS = (
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh"),
    *("twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth"),
    "twentieth",
)

FUNCTION = (
    PERSONAL
    | DEMONSTRATIVE
    | SPEAKERS
    | THINGS
    | QUESTION
    | AUXILIARY
    | PREPOSITION
    | CONJUNCTION
    | DETERMINER
    | ADVERB
    | LIGHT
)
"""All of them but the numbers."""

COLOURS = word_class(
    "red green blue yellow orange purple pink black white brown grey gray violet turquoise beige golden"
)
"""The colours that have a plain name."""

INTRODUCING = word_class(
    """in on at by beside near with under over behind from of for through along across inside outside dressed wearing
    next close to during while where when who which that and is are was were do does did be"""
)
"""Words that follow whom a description is about: prepositions, and what opens a clause."""

OF_WHOLES = word_class(
    """all back beginning bit bottom colour color centre center corner couple edge end front group half inside kind lot
    middle most name number one out outside pair part piece rest side size some sort start top two type"""
)
"""Words before "of the ..." that name a place, an amount or a property, and no part of a thing."""
