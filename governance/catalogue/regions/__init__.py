"""From an address to the administrative region it lies in: oblast of Bulgaria, maakond of Estonia, oblys of Kazakhstan.

    places.py       the words of an address, and which of them name a town or region
    bulgaria.py     tables of regions: how they are written, and their main towns
    estonia.py
    kazakhstan.py

Pure. Nothing is guessed: what an address does not say by itself, or says in two ways, is no region.
"""

from governance.catalogue.regions.places import REGION_NAMES, region_of

__all__ = ["REGION_NAMES", "region_of"]
