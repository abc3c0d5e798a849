"""Columns of invented lenders with the right answer beside each: what recognition is measured by (`benchmarks.recognition`).

    tables/    the columns, a line each, by language family: name, type, label, recipe of its values
    held_out/  the same, other systems and other people
    unseen/    the same by a third hand, systems and people other again
    fourth/    the same by a fourth hand, as ordinary a mixture of systems as lenders run
    fifth/     the same by a fifth hand, an ordinary mixture again; its remaining misses are not told to whoever tunes
    words/     invented names, streets, employers, sentences
    recipes/   how values are made
    loading    reads the tables and fills their columns

The names were collected without looking at the recognisers' dictionaries and are not to be copied into them: whoever tunes on a set
measures nothing by it. That happened to `tables/` in part, so `held_out/` and then `unseen/` were written later, by other hands. Since
rules 6 they too are sets to develop on, since rules 7 so is `fourth/`, since rules 8 `fifth/` for forbidden categories, and only a set that
is younger than the rules measures them.
Every person, number and address is made by chance. The same contents come out every time.
"""
