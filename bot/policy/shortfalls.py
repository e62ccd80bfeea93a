"""Refusals of what costs more than is left of a budget that is not used up: something cheaper may still fit."""

from bot.domain.sentence import N_
from bot.policy.errors import GuildBudgetError, GuildDayBudgetError, MemberBudgetError, ProcessBudgetError


class MemberShortError(MemberBudgetError):
    """Less is left of the member's month than the order costs."""

    message = N_(
        "This video costs more than is left of your video budget for this month. A cheaper one may still fit. "
        "More is possible {again}, or if a manager gives you more."
    )


class GuildShortError(GuildBudgetError):
    """Less is left of the server's month than the order costs."""

    message = N_(
        "This video costs more than is left of this server's video budget for this month. "
        "A cheaper one may still fit. More is possible {again}."
    )


class GuildDayShortError(GuildDayBudgetError):
    """Less is left of the server's day than the order costs."""

    message = N_(
        "This video costs more than is left of this server's video budget for today. "
        "A cheaper one may still fit. More is possible {again}."
    )


class ProcessShortError(ProcessBudgetError):
    """Less is left of the operator's day than the order costs."""

    message = N_(
        "This video costs more than is left of this bot's budget for today. "
        "A cheaper one may still fit. More is possible {again}."
    )
