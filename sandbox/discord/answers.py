"""What a person sees after doing something: the bot's answer, as it grows."""

from collections.abc import Iterable
from dataclasses import dataclass

from sandbox.discord.forms import Form
from sandbox.discord.interactions import CallbackKind, Interaction
from sandbox.discord.messages import Message
from sandbox.discord.waiting import PATIENCE_SECONDS, wait_until
from sandbox.discord.wire import Payload


class DidNotRespondError(AssertionError):
    """The bot did not answer within 3 seconds: "The application did not respond"."""


class Choices(list[Payload]):
    """What an autocomplete offered, and how many seconds that took."""

    def __init__(self, offered: Iterable[Payload], seconds: float) -> None:
        super().__init__(offered)
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Answer:
    """The bot's answer to one interaction."""

    interaction: Interaction

    @property
    def type(self) -> CallbackKind:
        """How the bot answered first."""
        if self.interaction.callback is None:
            raise DidNotRespondError
        return self.interaction.callback

    @property
    def deferred(self) -> bool:
        """Whether the first answer only promised another."""
        return self.type in {CallbackKind.DEFERRED_MESSAGE, CallbackKind.DEFERRED_UPDATE}

    @property
    def message(self) -> Message | None:
        """The reply; after a silent defer on a button the first follow-up, or else the message that was pressed."""
        if self.type == CallbackKind.DEFERRED_UPDATE and self.followups:
            return self.followups[0]
        return self.interaction.original

    @property
    def reply(self) -> Message:
        """Like `message`, where there must be one."""
        if self.message is None:
            raise AssertionError(f"the bot answered with {self.type.name}, not with a message")
        return self.message

    @property
    def followups(self) -> list[Message]:
        return self.interaction.followups

    @property
    def ephemeral(self) -> bool:
        """Whether only the person sees the reply."""
        return self.message is not None and self.message.ephemeral

    @property
    def text(self) -> str:
        """All that a person can read in the reply, or in the form that was opened."""
        if self.form is not None:
            return self.form.text
        return "" if self.message is None else self.message.text

    @property
    def form(self) -> Form | None:
        """The form that was opened."""
        form = self.interaction.form
        return None if form is None else Form(form, self.interaction)

    @property
    def seconds(self) -> float:
        """How long the first answer took."""
        return (self.interaction.answered_at or 0.0) - self.interaction.created_at

    @property
    def choices(self) -> Choices:
        """What an autocomplete offered."""
        return Choices(self.interaction.choices, self.seconds)

    async def settled(self, *, timeout: float = PATIENCE_SECONDS) -> "Answer":  # noqa: ASYNC109 - a bound is what callers state
        """Wait until a deferred answer has got its text, its follow-up, or was deleted."""
        await wait_until(self._is_settled, timeout)
        return self

    def _is_settled(self) -> bool:
        original = self.interaction.original
        if self.type == CallbackKind.DEFERRED_UPDATE:
            edited = original is not None and any(
                edit.at >= (self.interaction.answered_at or 0.0) for edit in original.edits
            )
            return edited or bool(self.followups) or (original is not None and original.deleted)
        return original is None or original.deleted or not original.is_loading
