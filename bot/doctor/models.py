"""The catalogue: faults, prices that are estimates, models that have none, and what a gateway does not offer."""

from collections.abc import Iterator

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.errors import CatalogueError
from bot.doctor.finding import Finding, failed, hint, passed
from bot.domain.money import units
from bot.listing.rates import ENGLISH, Kind, changes, rate_lines
from bot.settings import Settings
from bot.store.inspection import retired


def models(settings: Settings) -> Iterator[Finding]:
    """Every fault of both files, or every model whose prices are not known for sure."""
    try:
        catalogue = Catalogue.load(settings.models_file)
    except CatalogueError as error:
        yield from (failed(fault) for fault in error.faults)
        return
    own = f", {len(catalogue.added)} of them in MODELS_FILE" if settings.models_file else ""
    yield passed(f"on offer: {len(catalogue.models)}{own}; the default is {catalogue.default.title}")
    guesses = list(_estimates(catalogue))
    if guesses:
        yield hint(
            f"models with estimated prices: {len(guesses)}. Nobody has published them: compare them with your "
            "gateway's price list. An entry in MODELS_FILE with the same id replaces one that ships."
        )
        yield from guesses
    missing = list(_missing(catalogue))
    if missing:
        yield hint(f"models without some price: {len(missing)}. {_consequence(settings)}")
        yield from missing
    gone = list(_retired(settings, catalogue))
    if gone:
        yield hint(
            f"endpoints that a gateway said it does not know: {len(gone)}. They get no orders there until you press "
            "Order there again, below the direct message about it or in /video-admin status."
        )
        yield from gone


def slugs(settings: Settings) -> list[str]:
    """Every endpoint that an order may go to; none of a catalogue with faults."""
    try:
        catalogue = Catalogue.load(settings.models_file)
    except CatalogueError:
        return []
    return sorted({route.slug for model in catalogue.models for route in model.routes})


def _estimates(catalogue: Catalogue) -> Iterator[Finding]:
    for model in catalogue.models:
        texts = [text for kind, text in rate_lines(model) if kind == Kind.ESTIMATE]
        texts += [change.text for change in changes(model) if change.estimate]
        if texts:
            yield hint(f"{model.title} ({model.id}), estimated: {'; '.join(texts)}")


def _missing(catalogue: Catalogue) -> Iterator[Finding]:
    for model in catalogue.models:
        for kind, text in rate_lines(model):
            if kind == Kind.NONE:
                yield hint(f"{model.title} ({model.id}), no price: {text}")


def _retired(settings: Settings, catalogue: Catalogue) -> Iterator[Finding]:
    for each in retired(settings.database_path):
        if each.gateway in settings.gateways:
            since = f"{each.since:%Y-%m-%d %H:%M} UTC"
            yield hint(f"{catalogue.title_at(each.slug)}, not at {each.gateway} since {since}: {each.slug}")


def _consequence(settings: Settings) -> str:
    if settings.assumed_price_usd is None:
        return (
            "What has none can't be ordered until MODELS_FILE, /video-admin models or ASSUMED_PRICE_USD gives it one."
        )
    amount = ENGLISH.money(units(settings.assumed_price_usd))
    return f"What has none reserves {amount} (ASSUMED_PRICE_USD), unless a manager has set more."
