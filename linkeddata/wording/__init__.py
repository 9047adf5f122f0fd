"""What the site says, in the languages it speaks: messages, the names of terms, numbers and dates.

English is the language of the source: a message is its own key, and what no catalogue knows is said in English.
"""

from linkeddata.errors import marked
from linkeddata.wording.catalogues import Languages, read_languages
from linkeddata.wording.words import ENGLISH, Wording

__all__ = ["ENGLISH", "Languages", "Wording", "marked", "read_languages"]
