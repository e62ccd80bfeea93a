"""Why a job did not end in a video, as kinds that people are told about."""

from enum import StrEnum

from bot.domain.sentence import N_


class FailureKind(StrEnum):
    """What went wrong; the sentence for each is in `SENTENCES`."""

    REJECTED = "rejected"
    MODERATION = "moderation"
    REAL_PERSON = "real_person"
    BUSY = "busy"
    SERVICE = "service"
    NO_VIDEO = "no_video"
    LOST = "lost"
    ORIGINAL_LOST = "original_lost"
    NO_CREDIT = "no_credit"
    BAD_KEY = "bad_key"
    MODEL_RETIRED = "model_retired"
    NEVER_SENT = "never_sent"
    UNSURE = "unsure"
    GAVE_UP = "gave_up"
    EXPIRED = "expired"
    NOT_A_VIDEO = "not_a_video"
    RESULT_GONE = "result_gone"
    NOWHERE_TO_POST = "nowhere_to_post"
    RESTARTED = "restarted"
    DECLINED = "declined"
    NOT_APPROVED = "not_approved"
    INPUTS_GONE = "inputs_gone"
    SETTLED = "settled"


SENTENCES: dict[FailureKind, str] = {
    FailureKind.REJECTED: N_("The video service did not accept this request."),
    FailureKind.MODERATION: N_("The video service's rules don't allow this prompt."),
    FailureKind.REAL_PERSON: N_("The video service does not accept clips or pictures of real people."),
    FailureKind.BUSY: N_("The video service is overloaded and gave up on this video."),
    FailureKind.SERVICE: N_("The video service failed."),
    FailureKind.NO_VIDEO: N_("The video service said it was done but gave no video."),
    FailureKind.LOST: N_("The video service lost this video."),
    FailureKind.ORIGINAL_LOST: N_(
        "The video service has forgotten the original of this remix, so it can't be changed any more."
    ),
    FailureKind.NO_CREDIT: N_(
        "The video service's account is out of credit. The operator of this bot has to top it up."
    ),
    FailureKind.BAD_KEY: N_("The video service refuses this bot's key. The operator of this bot has to renew it."),
    FailureKind.MODEL_RETIRED: N_("{model} is no longer offered."),
    FailureKind.NEVER_SENT: N_("The video service could not be reached."),
    FailureKind.UNSURE: N_(
        "The video service did not answer, so I can't tell whether it was ordered. Its cost stays reserved."
    ),
    FailureKind.GAVE_UP: N_("No answer after {minutes} minutes. If it still arrives I will post it."),
    FailureKind.EXPIRED: N_("No answer from the video service for more than 24 hours. I have stopped watching."),
    FailureKind.NOT_A_VIDEO: N_("The video service delivered a file that can't be played."),
    FailureKind.RESULT_GONE: N_("The finished video could not be fetched from the video service any more."),
    FailureKind.NOWHERE_TO_POST: N_("The video is finished, but I could not post it anywhere."),
    FailureKind.RESTARTED: N_("I was restarted before this was queued."),
    FailureKind.DECLINED: N_("A manager has declined this video."),
    FailureKind.NOT_APPROVED: N_("No manager has approved this video within 24 hours."),
    FailureKind.INPUTS_GONE: N_(
        "It waited so long for approval that its picture or clip can't be handed to the video service any more."
    ),
    FailureKind.SETTLED: N_(
        "The video service did not answer, so nobody could tell whether it was ordered. A manager has settled it."
    ),
}
