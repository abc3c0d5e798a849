"""Recognisers: which columns hold personal data, of which category, how surely and why.

By name and by value together: dictionaries of the words that schemas use in five languages, checks on values with the checksums of kept
libraries, and rules that weigh both. Pure: tables and samples come in, verdicts go out, and no verdict tells a value. Never decides by one
value. Leaves to others: reading databases (adapters), and what follows from a verdict (`closed_world`, the inventory).

`OWN_CATEGORIES` are the keys that verdicts use beyond fideslang's taxonomy, with a title each. `RULES` is the version of the rules; two
verdicts under the same version over the same sample are equal.
"""

from governance.catalogue.recognition.meanings import OWN_CATEGORIES
from governance.catalogue.recognition.numbers import normalise
from governance.catalogue.recognition.rules import RULES
from governance.catalogue.recognition.tables import recognise, recognise_table
from governance.catalogue.recognition.texts import identifiers_in

__all__ = ["OWN_CATEGORIES", "RULES", "identifiers_in", "normalise", "recognise", "recognise_table"]
