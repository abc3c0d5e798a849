"""Evidence on paper: words in the languages of the controllers, and pages typeset with fonts that are embedded."""
