"""Number → the place where it is printed: the cut of the page around it, with its box drawn."""

from tasks.provenance.crop import Place, render_crop, render_place

__all__ = ["Place", "render_crop", "render_place"]
