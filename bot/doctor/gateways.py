"""The video gateways: the key, by a question that costs nothing, and whether our models are in the public list."""

from collections.abc import AsyncIterator, Sequence

from pydantic import SecretStr

from bot.doctor.finding import Finding, Standing, failed, hint, passed
from bot.gateway.client import GatewayClient, Limits
from bot.gateway.errors import BadKeyError, GatewayUnavailableError, TaskNotFoundError
from bot.gateway.http import GatewayHttp
from bot.gateway.listed import unlisted
from bot.gateway.pace import Pace
from bot.settings import GatewayName, Settings

NO_TASK = "0" * 32
"""The id of a task that can't exist: whoever has the right key is told just that."""
LIMITS = Limits(read_attempts=1)


async def gateway(
    settings: Settings, name: GatewayName, slugs: Sequence[str], http: GatewayHttp
) -> AsyncIterator[Finding]:
    """Whether a gateway answers and takes its key, and which of our endpoints it lists."""
    finding = await _key(settings, name, http)
    yield finding
    if slugs and finding.standing is not Standing.FAIL:
        yield await _listed(settings.gateway_url(name), slugs, http)


async def _key(settings: Settings, name: GatewayName, http: GatewayHttp) -> Finding:
    url, secret = settings.gateway_url(name), settings.gateway_key(name) or SecretStr("")
    client = GatewayClient(name, url, secret, http, Pace(settings.gateway_requests_per_minute), limits=LIMITS)
    try:
        await client.result(NO_TASK)
    except TaskNotFoundError:
        return passed(f"{url} takes the key")
    except BadKeyError as error:
        return failed(f"{url} refuses the key ({error.cause}). Put another one into {name.upper()}_API_KEY.")
    except GatewayUnavailableError as error:
        return _unclear(url, name, error)
    return hint(f"{url} does not answer as documented: it knows a task that can't exist. Is {name.upper()}_URL right?")


async def _listed(url: str, slugs: Sequence[str], http: GatewayHttp) -> Finding:
    """Never a failure, because an endpoint may exist without being listed."""
    try:
        missing = await unlisted(http, url, slugs)
    except GatewayUnavailableError as error:
        return hint(f"{url} shows no public list of models ({error.cause}), so they can't be looked up.")
    if not missing:
        return passed(f"all {len(slugs)} endpoints of the models are in its public list")
    return hint(
        f"not in its public list: {', '.join(missing)}. They may work all the same; an order to one that does not "
        "costs nothing, and the operator is told."
    )


def _unclear(url: str, name: GatewayName, error: GatewayUnavailableError) -> Finding:
    if error.status == 429:
        return hint(f"{url} answers that it was asked too often ({error.cause}). Try again in a minute.")
    if error.status is not None and 400 <= error.status < 500:
        return hint(f"{url} answers, but not as documented ({error.cause}), so the key could not be tried.")
    cause = error.cause or "no task report"
    return failed(f"{url} gives no usable answer ({cause}). Is {name.upper()}_URL right, and the service up?")
