"""What `python -m bot models` and `models check` print, and how they end."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.catalogue.catalogue import SHIPPED, Catalogue
from bot.catalogue.errors import CatalogueError
from bot.catalogue.model import Model
from bot.listing.columns import width
from bot.listing.rates import ENGLISH
from bot.listing.samples import Refused, Sample, samples
from bot.listing.sheet import as_json as all_as_json
from bot.listing.sheet import sheet
from bot.listing.words import INPUT_WORDS, counted

FAULTY = 2
"""The exit status of a file with faults, as of `run`."""


def models(models_file: Path | None, gateways: Sequence[str], *, as_json: bool) -> int:
    """List the models on offer; the exit status."""
    catalogue = _load(models_file)
    if catalogue is None:
        return FAULTY
    if as_json:
        # Whoever reads it is a program, whatever letters this terminal has.
        _say(json.dumps(all_as_json(catalogue, gateways), indent=2))
        return 0
    columns = width()
    for model in catalogue.models:
        _say(sheet(model, gateways, columns, is_default=model is catalogue.default), "")
    files = f"those that ship and MODELS_FILE={models_file}" if models_file else "those that ship; no MODELS_FILE"
    _say(f"{counted(len(catalogue.models), 'model')}: {files}. GATEWAYS={','.join(gateways)}.")
    if catalogue.switched_off:
        _say(f"Switched off: {', '.join(model.id for model in catalogue.switched_off)}.")
    _say("Prices are those of the usual options. What has no price can't be ordered: see ASSUMED_PRICE_USD.")
    return 0


def check(file: Path) -> int:
    """Check a file together with the one that ships, and print what would leave; the exit status."""
    catalogue = _load(file)
    if catalogue is None:
        return FAULTY
    for model in catalogue.added:
        _say(*_orders(model), "")
    shipped = {model.id for model in Catalogue.load().models}
    replaced = [model.id for model in catalogue.added if model.id in shipped]
    _say(f"{file}: no faults. {counted(len(catalogue.added), 'model')}; the default is {catalogue.default.id}.")
    if replaced:
        _say(f"In the place of those in {SHIPPED.name} that ship: {', '.join(replaced)}.")
    return 0


def _load(file: Path | None) -> Catalogue | None:
    try:
        return Catalogue.load(file)
    except CatalogueError as error:
        print("\n".join(error.faults), file=sys.stderr)
        return None


def _orders(model: Model) -> Iterator[str]:
    yield f"{model.id}: {model.title}{'' if model.enabled else ' (switched off)'}"
    for route in model.routes:
        needs = "".join(f" with a {INPUT_WORDS[name]}" for name in route.needs)
        found = list(samples(model, route))
        if not found:
            yield f"  {route.slug}{needs} is never used: an earlier route takes the same."
        for sample in found:
            yield from _order(f"{route.slug}{needs}", sample)


def _order(name: str, sample: Sample | Refused) -> Iterator[str]:
    if isinstance(sample, Refused):
        yield f"  {name}, {sample.told}: refused. {ENGLISH.text(sample.sentence)}"
        return
    price = "no price" if sample.price is None else ENGLISH.money(sample.price.units)
    estimate = ", an estimate" if sample.price is not None and sample.price.estimate else ""
    yield f"  {name}, {sample.told}: {price}{estimate}"
    yield f"    {json.dumps(sample.wire.body, ensure_ascii=False)}"


def _say(*lines: str) -> None:
    print("\n".join(lines))
