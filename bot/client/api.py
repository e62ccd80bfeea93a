"""Where Discord is: its own address, a REST proxy that processes share, or a local server."""

import aiohttp
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.client.session import ConnectionEndedError, LoginRefusedError

DISCORD_API = "https://discord.com/api/v10"
TIMEOUT = aiohttp.ClientTimeout(total=30)


async def use_api(url: str, token: str) -> None:
    """Let the library talk to the REST API at `url` and to the gateway that this API names.

    The library asks for the gateway's address by itself only once and only without `SHARD_COUNT`, so a fresh
    session would go to Discord's own. Raises SessionError. Nothing is done for Discord's own address.
    """
    if url == DISCORD_API:
        return
    headers = {"Authorization": f"Bot {token.strip()}"}
    try:
        async with (
            aiohttp.ClientSession(timeout=TIMEOUT, headers=headers) as session,
            session.get(f"{url}/gateway/bot") as response,
        ):
            if response.status == 401:
                raise LoginRefusedError
            response.raise_for_status()
            gateway = yarl.URL((await response.json())["url"])
    except aiohttp.ContentTypeError as error:
        raise ConnectionEndedError("DISCORD_API_URL does not answer as Discord does.") from error
    except aiohttp.ClientResponseError as error:
        sentence = f"DISCORD_API_URL answered with status {error.status}."
        raise ConnectionEndedError(sentence) from error
    except (aiohttp.ClientError, OSError) as error:
        raise ConnectionEndedError("DISCORD_API_URL can't be reached.") from error
    except (KeyError, TypeError, ValueError) as error:
        raise ConnectionEndedError("DISCORD_API_URL names no gateway.") from error
    Route.BASE = url
    DiscordWebSocket.DEFAULT_GATEWAY = gateway
