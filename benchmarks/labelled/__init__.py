"""Columns of invented lenders with the right answer beside each: what recognition is measured by (`benchmarks.recognition`).

    tables/    the columns, a line each, by language family: name, type, label, recipe of its values
    words/     invented names, streets, employers, sentences
    recipes/   how values are made
    loading    reads the tables and fills their columns

The names were collected without looking at the recognisers' dictionaries and are not to be copied into them: whoever tunes on this set
measures nothing. Every person, number and address is made by chance. The same contents come out every time.
"""
