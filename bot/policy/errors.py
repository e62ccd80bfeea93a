"""The refusals of the gate, each with the sentence that says at what it would work."""

from bot.domain.errors import RefusalError
from bot.domain.sentence import N_, NN_


class NotSetUpError(RefusalError):
    """No manager has run setup here."""

    message = N_("A manager of this server has to run /video-admin setup first.")


class NoRolesChosenError(NotSetUpError):
    """Setup was run, but no role may order yet."""

    message = N_("No role may make videos here yet. A manager of this server can choose roles with /video-admin setup.")


class NotApprovedError(RefusalError):
    """The operator has not approved this server yet; setup has asked for it."""

    message = N_(
        "The operator of this bot has been asked to approve this server. Videos can be made here once that is done."
    )


class ServerDeclinedError(RefusalError):
    """The operator does not want to pay for this server."""

    message = N_("The operator of this bot has declined to serve this server, so no videos can be made here.")


class DirectMessagesOffError(RefusalError):
    """The operator does not pay for direct messages."""

    message = N_("I don't make videos in direct messages. Please use /video in a server where I am set up.")


class ElsewhereOffError(RefusalError):
    """The operator does not pay for installations by members."""

    message = N_("I only make videos in servers that have added me and set me up, and this is none of them.")


class BlockedError(RefusalError):
    """Moderators keep this member from making videos for a while."""

    message = N_("The moderators don't let you make videos here until {again}.")


class BlockedForGoodError(RefusalError):
    """Moderators keep this member from making videos."""

    message = N_("The moderators don't let you make videos here.")


class RemovedError(RefusalError):
    """A moderator removed the video."""

    message = N_("A moderator removed this video, so it can't be used any more.")


class KeptByAuthorError(RefusalError):
    """The author does not want others to make videos of theirs."""

    message = N_("The person who made this video doesn't let others make new ones from it.")


class NotYourPictureError(RefusalError):
    """Pictures that others have posted are not to be animated here."""

    message = N_("You can only animate pictures from your own messages here.")


class NoRoleError(RefusalError):
    """None of the member's roles may order."""

    message = N_("You need one of these roles to make videos here: {roles}")


class DeniedRoleError(RefusalError):
    """A role of the member's may not order, whatever their others may."""

    message = N_("Members with one of these roles can't make videos here: {roles}")


class PausedError(RefusalError):
    """Moderators have paused orders, with a reason."""

    message = N_("The moderators have paused videos: {reason}")
    quotes = frozenset({"reason"})


class PausedForNowError(RefusalError):
    """Moderators have paused orders without saying why."""

    message = N_("The moderators have paused videos for now.")


class AgeRestrictedOnlyError(RefusalError):
    """Videos are made where Discord asks for age only."""

    message = N_("Videos are made in age-restricted channels only here.")


class ModelNotInTierError(RefusalError):
    """Other roles may use this model."""

    message = N_("{model} needs one of these roles: {roles}")


class ModelNotHereError(RefusalError):
    """No role may use this model."""

    message = N_("{model} can't be used in this server.")


class LengthNotInTierError(RefusalError):
    """Other roles may make videos of this length."""

    message = N_("{seconds} s needs one of these roles: {roles}")


class LengthNotHereError(RefusalError):
    """No role may make videos of this length."""

    message = N_("{seconds} s is too long for this server. Up to {most} s is possible.")


class MemberBudgetError(RefusalError):
    """The member's dollars of this month are spent."""

    message = N_(
        "Your video budget for this month is used up. You can make another {again}, or a manager gives you more."
    )


class NoApproverError(RefusalError):
    """A manager would have to approve, and there is no channel in which they could be asked."""

    message = N_(
        "A manager has to approve this video, but this server has no log channel in which I could ask. "
        "Please ask a manager to choose one with /video-admin setup, or make a shorter or cheaper one."
    )


class WrongChannelError(RefusalError):
    """Videos are made elsewhere."""

    message = N_("Videos are made in {channels}.")


class DailyLimitError(RefusalError):
    """The member's videos for today are used up."""

    message = NN_(
        "You have used {used} of {count} video today. You can make another {again}.",
        "You have used {used} of {count} videos today. You can make another {again}.",
    )


class AtOnceError(RefusalError):
    """Too many of the member's videos are on their way."""

    message = NN_(
        "One of your videos is still on its way ({videos}). Wait or cancel it.",
        "{count} of your videos are still on their way ({videos}). Wait or cancel one.",
    )


class GuildBudgetError(RefusalError):
    """The server's month is spent."""

    message = N_("This server's video budget for this month is used up. New videos are possible again {again}.")


class GuildDayBudgetError(RefusalError):
    """The server's day is spent."""

    message = N_("This server's video budget for today is used up. New videos are possible again {again}.")


class ProcessBudgetError(RefusalError):
    """The operator's day is spent."""

    message = N_("This bot has reached its budget for today. New videos are possible again {again}.")


class DeclinedPromptError(RefusalError):
    """A prompt is not taken for what it says."""


class BlockedWordError(DeclinedPromptError):
    """The prompt has a word that this server does not allow."""

    message = N_("This server's moderators don't allow a word in your prompt. Please rephrase it. Nothing was charged.")


class BaseWordError(DeclinedPromptError):
    """The prompt has a word of the list that ships."""

    message = N_("A word in your prompt is not allowed here. Please rephrase it. Nothing was charged.")


class MinorsError(DeclinedPromptError):
    """The prompt is sexual and about minors, which no server can allow."""

    message = N_("I never make sexual content with minors, in any server. Nothing was charged.")


class PausedByDeclinesError(RefusalError):
    """A prompt was declined, and with it too many of a day; `why` is its refusal."""

    message = NN_(
        "{why} That makes {count} declined prompt today, so you can make videos here again {again}.",
        "{why} That makes {count} declined prompts today, so you can make videos here again {again}.",
    )


class DeclinedTooOftenError(RefusalError):
    """Too many of the member's prompts were declined today."""

    message = N_("Too many of your prompts were declined today. You can make videos here again {again}.")


class UnpricedError(RefusalError):
    """Nobody has said what this would cost."""

    message = N_(
        "{model} with these options has no price yet, so it can't be ordered. "
        "A manager can set one with /video-admin models."
    )


class NotYoursError(RefusalError):
    """Only the author and moderators may."""

    message = N_("Only the person who asked for this video and moderators can do that.")


class ManagersOnlyError(RefusalError):
    """Only members with Manage Server may."""

    message = N_("Only members who may manage this server can do that.")


class OperatorsOnlyError(RefusalError):
    """Only those who run this bot may."""

    message = N_("Only those who run this bot can do that.")


class ModeratorsOnlyError(RefusalError):
    """Only moderators may."""

    message = N_("Only moderators can do that: Moderate Members, or the moderator role chosen in setup.")


class JobGoneError(RefusalError):
    """There is no such job."""

    message = N_("This video is no longer in my records.")
