"""The refusals that Discord's API answers with."""

from enum import Enum

from sandbox.discord.wire import Payload


class Refusal(Enum):
    """HTTP status, Discord's own code and sentence of each refusal."""

    NOT_FOUND = (404, 0, "404: Not Found")
    UNAUTHORIZED = (401, 0, "401: Unauthorized")
    UNKNOWN_CHANNEL = (404, 10003, "Unknown Channel")
    UNKNOWN_GUILD = (404, 10004, "Unknown Guild")
    UNKNOWN_MEMBER = (404, 10007, "Unknown Member")
    UNKNOWN_MESSAGE = (404, 10008, "Unknown Message")
    UNKNOWN_USER = (404, 10013, "Unknown User")
    UNKNOWN_WEBHOOK = (404, 10015, "Unknown Webhook")
    UNKNOWN_INTERACTION = (404, 10062, "Unknown interaction")
    UNKNOWN_COMMAND = (404, 10063, "Unknown application command")
    TOO_LARGE = (413, 40005, "Request entity too large")
    ALREADY_CROSSPOSTED = (400, 40033, "This message has already been crossposted.")
    ALREADY_ACKNOWLEDGED = (400, 40060, "Interaction has already been acknowledged.")
    TOO_MANY_FOLLOW_UPS = (400, 40094, "This interaction has hit the maximum number of follow up messages.")
    MISSING_ACCESS = (403, 50001, "Missing Access")
    NOT_YOUR_MESSAGE = (403, 50005, "Cannot edit a message authored by another user")
    EMPTY_MESSAGE = (400, 50006, "Cannot send an empty message")
    CANNOT_MESSAGE_USER = (403, 50007, "Cannot send messages to this user")
    NOT_A_TEXT_CHANNEL = (400, 50008, "Cannot send messages in a non-text channel")
    MISSING_PERMISSIONS = (403, 50013, "Missing Permissions")
    INVALID_CHANNEL_TYPE = (400, 50024, "Cannot execute action on this channel type")
    INVALID_TOKEN = (401, 50027, "Invalid Webhook Token")
    INVALID_FORM_BODY = (400, 50035, "Invalid Form Body")
    THREAD_ARCHIVED = (400, 50083, "Thread is archived")
    INVALID_JSON = (400, 50109, "The request body contains invalid JSON.")
    REPLY_NEEDS_HISTORY = (400, 160002, "Cannot reply without permission to read message history")
    THREAD_EXISTS = (400, 160004, "A thread has already been created for this message")
    THREAD_LOCKED = (400, 160005, "Thread is locked")


class ApiError(Exception):
    """A request that Discord refuses; `errors` names the fields of an invalid form body."""

    def __init__(self, refusal: Refusal, errors: Payload | None = None) -> None:
        super().__init__(f"{refusal.value[2]} {errors or ''}".rstrip())
        self.refusal = refusal
        self.errors = errors

    @property
    def status(self) -> int:
        return self.refusal.value[0]

    def payload(self) -> Payload:
        """The JSON body of the answer."""
        _, code, message = self.refusal.value
        body: Payload = {"message": message, "code": code}
        if self.errors is not None:
            body["errors"] = self.errors
        return body


def invalid(field: str, code: str, message: str) -> ApiError:
    """An invalid form body with one fault; `field` is a path with dots, such as `message_reference.message_id`."""
    errors: Payload = {"_errors": [{"code": code, "message": message}]}
    for part in reversed(field.split(".")):
        errors = {part: errors}
    return ApiError(Refusal.INVALID_FORM_BODY, errors)
