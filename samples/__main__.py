"""``python -m samples``: draws all samples anew from their facts; unchanged facts give unchanged bytes."""

from __future__ import annotations

import sys

from samples.build import SAMPLES_FOLDER, Product, build_filing, make_products
from samples.facts import list_samples
from samples.formats import OTHER_FORMATS


def main() -> None:
    """Write every file of every sample and say how large it is."""
    products = [product for name in list_samples() for product in make_products(name)]
    for file_name, (name, draw) in OTHER_FORMATS.items():
        products.append(Product(f"other_formats/{file_name}", draw(build_filing(name))))
    for product in products:
        path = SAMPLES_FOLDER / product.path
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(product.content)
        sys.stdout.write(f"{len(product.content):>8} bytes  {product.path}\n")


if __name__ == "__main__":
    main()
