"""Answers to interactions, and the messages that follow under their tokens."""

from collections.abc import Callable, Mapping

from aiohttp import web

from sandbox.discord import checks, drafts
from sandbox.discord.answering import json_response, no_content
from sandbox.discord.errors import ApiError, Refusal, invalid
from sandbox.discord.interactions import CallbackKind, Interaction, InteractionKind
from sandbox.discord.messages import EPHEMERAL, LOADING, Message, Upload
from sandbox.discord.permissions import Permission
from sandbox.discord.rest.access import Parts, require_live_thread, snowflake
from sandbox.discord.rest.bodies import read_files, read_object
from sandbox.discord.threads import Thread
from sandbox.discord.wire import Payload

Files = Mapping[int, Upload]
_POSSIBLE: dict[InteractionKind, frozenset[CallbackKind]] = {
    InteractionKind.COMMAND: frozenset({CallbackKind.MESSAGE, CallbackKind.DEFERRED_MESSAGE, CallbackKind.MODAL}),
    InteractionKind.COMPONENT: frozenset(CallbackKind) - {CallbackKind.CHOICES},
    InteractionKind.AUTOCOMPLETE: frozenset({CallbackKind.CHOICES}),
    InteractionKind.MODAL: frozenset(CallbackKind) - {CallbackKind.CHOICES, CallbackKind.MODAL},
}
_FOLLOW_UPS_OF_A_VISITOR = 5
"""Where the application is not installed but a person brought it along (documented)."""
_ON_A_MESSAGE = frozenset({CallbackKind.UPDATE, CallbackKind.DEFERRED_UPDATE})


class CallbackRoutes:
    """`/interactions/…/callback` and `/webhooks/{application}/{token}`."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._answers: dict[CallbackKind, Callable[[Interaction, Payload, Files], None]] = {
            CallbackKind.MESSAGE: self._say,
            CallbackKind.DEFERRED_MESSAGE: self._think,
            CallbackKind.DEFERRED_UPDATE: self._keep_source,
            CallbackKind.UPDATE: self._update_source,
            CallbackKind.CHOICES: _offer_choices,
            CallbackKind.MODAL: _open_form,
        }

    def table(self) -> list[web.RouteDef]:
        hook = "/webhooks/{webhook_id}/{webhook_token}"
        return [
            web.post("/interactions/{interaction_id}/{interaction_token}/callback", self.answer),
            web.post(hook, self.follow_up),
            web.get(f"{hook}/messages/@original", self.get_original),
            web.patch(f"{hook}/messages/@original", self.edit_original),
            web.delete(f"{hook}/messages/@original", self.delete_original),
            web.get(f"{hook}/messages/{{message_id}}", self.get),
            web.patch(f"{hook}/messages/{{message_id}}", self.edit),
            web.delete(f"{hook}/messages/{{message_id}}", self.delete),
        ]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        payload, files = await read_object(request), await read_files(request)
        token = request.match_info["interaction_token"]
        interaction = self._parts.interactions.to_answer(snowflake(request, "interaction_id"), token)
        kind = _callback_kind(interaction, payload)
        try:
            self._answers[kind](interaction, payload.get("data") or {}, files)
        except ApiError as error:
            interaction.refused = error
            raise ApiError(error.refusal, error.errors and {"data": error.errors}) from error
        interaction.callback = kind
        interaction.answered_at = self._parts.world.now()
        interaction.answered.set()
        if request.query.get("with_response") not in {"1", "true", "True"}:
            return no_content()
        return json_response(_receipt(interaction, kind))

    async def follow_up(self, request: web.Request) -> web.StreamResponse:
        interaction = self._following(request)
        payload, files = await read_object(request), await read_files(request)
        original = interaction.original
        if original is not None and original.is_loading and not original.deleted:
            drafts.edit(original, _as_filling(payload), files)
            return json_response(original.payload())
        if not interaction.follows_up_freely and len(interaction.followups) >= _FOLLOW_UPS_OF_A_VISITOR:
            raise ApiError(Refusal.TOO_MANY_FOLLOW_UPS)
        message = self._make(interaction, payload, files)
        if original is not None and message.metadata is not None:
            message.metadata["original_response_message_id"] = str(original.id)
        interaction.followups.append(message)
        return json_response(message.payload())

    async def get_original(self, request: web.Request) -> web.StreamResponse:
        return json_response(self._original(request).payload())

    async def edit_original(self, request: web.Request) -> web.StreamResponse:
        return await self._edit(request, self._original(request))

    async def delete_original(self, request: web.Request) -> web.StreamResponse:
        self._original(request).delete()
        return no_content()

    async def get(self, request: web.Request) -> web.StreamResponse:
        return json_response(self._followup(request).payload())

    async def edit(self, request: web.Request) -> web.StreamResponse:
        return await self._edit(request, self._followup(request))

    async def delete(self, request: web.Request) -> web.StreamResponse:
        self._followup(request).delete()
        return no_content()

    def _say(self, interaction: Interaction, data: Payload, files: Files) -> None:
        interaction.original = self._make(interaction, data, files)

    def _think(self, interaction: Interaction, data: Payload, _files: Files) -> None:
        hidden = _hidden(interaction, data)
        place, world = interaction.place, self._parts.world
        message = Message(world.ids.next(), place, self._parts.bot, flags=LOADING | hidden)
        message.viewer = interaction.user if hidden else None
        interaction.original = self._put(interaction, message)

    def _keep_source(self, interaction: Interaction, _data: Payload, _files: Files) -> None:
        interaction.original = interaction.source

    def _update_source(self, interaction: Interaction, data: Payload, files: Files) -> None:
        if interaction.source is None or interaction.source.deleted:
            raise ApiError(Refusal.UNKNOWN_MESSAGE)
        drafts.edit(interaction.source, data, files)
        interaction.source.announce("MESSAGE_UPDATE")
        interaction.original = interaction.source

    def _make(self, interaction: Interaction, payload: Payload, files: Files) -> Message:
        hidden = _hidden(interaction, payload)
        if interaction.place.id not in self._parts.world.places:
            raise ApiError(Refusal.UNKNOWN_CHANNEL)
        viewer = interaction.user if hidden else None
        payload = {**payload, "flags": (payload.get("flags") or 0) | hidden}
        message = drafts.create(interaction.place, self._parts.bot, payload, files, viewer=viewer)
        return self._put(interaction, message)

    def _put(self, interaction: Interaction, message: Message) -> Message:
        message.metadata = interaction.metadata()
        message.application_id = self._parts.world.application.id
        interaction.place.messages[message.id] = message
        if message.viewer is None:
            thread = interaction.place
            if isinstance(thread, Thread) and thread.archived and not thread.locked:
                thread.revive()
            message.announce("MESSAGE_CREATE")
        return message

    def _following(self, request: web.Request) -> Interaction:
        token = request.match_info["webhook_token"]
        return self._parts.interactions.to_follow(snowflake(request, "webhook_id"), token)

    def _original(self, request: web.Request) -> Message:
        original = self._following(request).original
        if original is None or original.deleted:
            raise ApiError(Refusal.UNKNOWN_MESSAGE)
        return original

    def _followup(self, request: web.Request) -> Message:
        interaction = self._following(request)
        message_id = snowflake(request, "message_id")
        for message in [*interaction.followups, interaction.original]:
            if message is not None and message.id == message_id and not message.deleted:
                return message
        raise ApiError(Refusal.UNKNOWN_MESSAGE)

    async def _edit(self, request: web.Request, message: Message) -> web.StreamResponse:
        require_live_thread(message.place)
        drafts.edit(message, await read_object(request), await read_files(request))
        if message.viewer is None:
            message.announce("MESSAGE_UPDATE")
        return json_response(message.payload())


def _hidden(interaction: Interaction, payload: Payload) -> int:
    """The flag of a message that only the person sees; a guild can demand it of what is not installed there."""
    asked: int = (payload.get("flags") or 0) & EPHEMERAL
    if interaction.place.guild is None or interaction.follows_up_freely:
        return asked
    public = Permission.USE_EXTERNAL_APPS in interaction.place.permissions_of(interaction.user)
    return asked if public else EPHEMERAL


def _callback_kind(interaction: Interaction, payload: Payload) -> CallbackKind:
    possible = _POSSIBLE[interaction.kind]
    if interaction.source is None:
        possible = possible - _ON_A_MESSAGE
    if payload.get("type") not in possible:
        listed = ", ".join(str(kind.value) for kind in sorted(possible))
        raise invalid("type", "BASE_TYPE_CHOICES", f"Value must be one of ({listed}).")
    return CallbackKind(payload["type"])


def _as_filling(payload: Payload) -> Payload:
    """A follow-up's body as the edit of the thinking message; its visibility was settled by the defer."""
    body = {key: value for key, value in payload.items() if key not in {"nonce", "enforce_nonce"}}
    if "flags" in body:
        body["flags"] = body["flags"] & ~EPHEMERAL
    return body


def _offer_choices(interaction: Interaction, data: Payload, _files: Files) -> None:
    _refuse(checks.autocomplete(data))
    interaction.choices = data["choices"]


def _open_form(interaction: Interaction, data: Payload, _files: Files) -> None:
    _refuse(checks.modal(data))
    interaction.form = data


def _refuse(errors: Payload | None) -> None:
    if errors is not None:
        raise ApiError(Refusal.INVALID_FORM_BODY, errors)


def _receipt(interaction: Interaction, kind: CallbackKind) -> Payload:
    told: Payload = {"id": str(interaction.id), "type": interaction.kind.value}
    message = interaction.original
    if message is None:
        return {"interaction": told}
    told |= {
        "response_message_id": str(message.id),
        "response_message_loading": message.is_loading,
        "response_message_ephemeral": message.ephemeral,
    }
    if kind not in {CallbackKind.MESSAGE, CallbackKind.UPDATE}:
        return {"interaction": told}
    return {"interaction": told, "resource": {"type": kind.value, "message": message.payload()}}
