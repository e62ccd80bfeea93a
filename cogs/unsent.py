"""What a request to Discord fails with."""

import aiohttp
import discord

UNSENT = (discord.DiscordException, aiohttp.ClientError, OSError)
"""Refused, failing, out of reach, or out of time (time-outs are OSErrors)."""
