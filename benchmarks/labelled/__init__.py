"""Columns of invented lenders with the right answer beside each: what recognition is measured by (`benchmarks.recognition`).

    tables/    the columns, a line each, by language family: name, type, label, recipe of its values
    held_out/  the same, other systems and other people; its misses are told to nobody who tunes
    unseen/    the same by a third hand, systems and people other again; nothing of its misses is told
    fourth/    the same by a fourth hand, as ordinary a mixture of systems as lenders run; nothing of its misses is told
    fifth/     the same by a fifth hand, an ordinary mixture again; nothing of its misses is told
    words/     invented names, streets, employers, sentences
    recipes/   how values are made
    loading    reads the tables and fills their columns

The names were collected without looking at the recognisers' dictionaries and are not to be copied into them: whoever tunes on a set
measures nothing by it. That has happened to `tables/` in part, so `held_out/`, `unseen/`, `fourth/` and `fifth/` were written later, by
other hands, and are left alone. Every person, number and address is made by chance. The same contents come out every time.
"""
