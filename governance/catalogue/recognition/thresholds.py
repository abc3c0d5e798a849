"""From which scores and shares what follows: kept in one place, because a verdict hangs on all of them together."""

from __future__ import annotations

CLEAR, LIKELY, TOLD = 0.8, 0.5, 0.25  # scores from which a verdict is CLEAR, LIKELY, SUSPECTED
FEW, TOO_FEW = 8, 3  # different values below which they carry LIKELY at most, SUSPECTED at most
CAPS = ((TOO_FEW, 0.45), (FEW, 0.7))
LIFT = 0.8  # how much of what is missing to certainty is filled when every value passes
LIFT_BY_SHAPE = 0.5  # the same for a shape that many other values have
HARD = 0.9  # score from which what nothing else passes need not be weighed against the rest
SETTLED = 0.95  # score from which a name borne out by its values stands
ENOUGH = 0.9  # share of values that pass one check, from which the others need not be asked
MOSTLY = 0.5  # share of values from which they speak for what the name says
MANY_TOKENS = 0.5  # share of pseudonyms from which the other values are too few to speak
MANY = 150  # different values, none of them one, from which numbers and codes refute a special category
SOME = 40  # the same where its word has another sense
PROVEN = 0.8  # share of values from which they are what a name says it is only about
NAMED = 0.9  # share of values written as names from which a word for a person is borne out
SHORT = 12  # characters beyond which a value may be a template of somebody's body
PERSONAL = 0.3  # share of e-mail addresses with a given name from which they are persons', not offices'
SOME_NAMED, STRAY = 0.3, 0.1  # shares of values written as names and of known names, below which a column names things
OWN, MANY_ROWS = 3, 100  # different accounts or lines at most, in so many rows at least, that may be the lender's own
OF_SERIES = 3  # letters of a series of documents at most
WORDS, ROWS = 6, 30  # different words at most, in so many rows at least, that tell about an identifier and are none
