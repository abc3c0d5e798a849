"""Data-subject requests (GDPR 15-22; Kazakhstan 94-V): what is asked, who asks, what was found, what is decided, and by when.

Pure: no clock, no database, no file. What a person wrote or is called lives here only in fields that never print (`repr=False`); whoever
stores them encrypts them, and nobody logs them. Use cases stand in `governance.run`, registers in `governance.store`.
"""
