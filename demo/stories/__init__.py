"""The twelve sample films; the first three are short, for a first look."""

from demo.films import Film
from demo.stories.country import COUNTRY
from demo.stories.holiday import HOLIDAY
from demo.stories.short import SHORT
from demo.stories.town import TOWN

SHORT_FILMS: tuple[Film, ...] = SHORT
FILMS: tuple[Film, ...] = (*SHORT, *TOWN, *COUNTRY, *HOLIDAY)
