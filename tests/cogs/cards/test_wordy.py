"""Forms in languages that need many more words than English."""

import discord

from bot.domain.guild import Guild, GuildChoices
from bot.domain.job import MessagePlace
from bot.domain.sentence import Plural, Sentence
from bot.domain.tier import Tier
from bot.locales import Translator
from bot.media.attachments import Attachment
from bot.orders.characters import NewCharacter
from bot.policy.limits import Budgets
from cogs.character.form import CharacterForm, Opening
from cogs.menus.report import ReportForm
from cogs.remix.form import RemixForm
from cogs.video.edit import edit_form
from cogs.video_admin.budget import BudgetForm
from cogs.video_admin.drafted import Drafted
from cogs.video_admin.limits_forms import AmountsForm, ApprovalForm, typed_of
from cogs.video_admin.more import More, MoreForm
from cogs.video_admin.panel import SetupPanel
from cogs.video_admin.report import Offer, Report
from cogs.video_admin.results import ResultsForm
from cogs.video_admin.zone import ZoneForm
from cogs.video_mod.word_forms import PatternsForm, WordsForm
from cogs.video_mod.words import WordsPanel
from sandbox.discord.components import texts, walk
from tests.bot.orders.menus import menu_of
from tests.cogs.cards.gallery import CATALOGUE, JOB, components_of

TITLE, LABEL, DESCRIPTION = 45, 45, 100


class Wordy(Translator):
    """Says everything four times."""

    def text(self, sentence: Sentence | Plural | str, /, **params: object) -> str:
        """Four times the sentence."""
        return " ".join([super().text(sentence, **params)] * 4)


class NoPanel(SetupPanel):
    """What a form belongs to; nothing is asked of it here."""

    def __init__(self, translator: Translator) -> None:
        """Without an interaction."""
        self.translator = translator


class NoWords(WordsPanel):
    """The same for the forms of words."""

    def __init__(self, translator: Translator) -> None:
        """Without an interaction."""
        self.translator = translator


def forms() -> list[discord.ui.Modal]:
    """One of each kind."""
    wordy = Wordy("en-US")
    panel = NoPanel(wordy)
    drafted, role_id = Drafted(panel, CATALOGUE, Budgets(1, 1)), 5
    new = NewCharacter("Mimi", Attachment("https://cdn.example/c.mp4", "c.mp4", 1), None, confirmed=False)
    return [
        CharacterForm(Opening("New character", asks_clip=True, shareable=True), new, wordy),
        ReportForm(JOB.id, MessagePlace(1, 2), wordy),
        RemixForm(JOB, wordy),
        edit_form(JOB, menu_of(CATALOGUE), wordy),
        MoreForm(panel, More.of(GuildChoices())),
        ZoneForm(panel, "UTC"),
        ResultsForm(panel, frozenset()),
        AmountsForm(drafted, role_id, "Limits", typed_of(Tier()), again=False),
        ApprovalForm(drafted, role_id, "Limits", typed_of(Tier()), None, again=False),
        BudgetForm(drafted, "", "", "$20.00", again=False),
        WordsForm(NoWords(wordy), ["a", "b"]),
        PatternsForm(NoWords(wordy), ["a", "b"]),
    ]


def test_what_is_too_long_for_a_form_is_cut_to_discords_limits() -> None:
    for form in forms():
        body = form.to_dict()
        rows = [row for row in walk(body["components"]) if "label" in row and "component" in row]

        assert rows, body
        assert len(body["title"]) <= TITLE, body["title"]
        assert max(len(row["label"]) for row in rows) <= LABEL, rows
        assert max(len(row.get("description") or "") for row in rows) <= DESCRIPTION, rows


def test_a_report_of_setup_in_many_words_is_cut_to_discords_limit() -> None:
    many = frozenset(range(1 << 62, (1 << 62) + 25))
    choices = GuildChoices(role_ids=many, denied_role_ids=many, channel_ids=many, gallery_channel_id=5, spoilers=True)

    card = Report(Guild(5, choices), None, Wordy("en-US"), Offer(CATALOGUE, 200_000)).card({})

    assert 3500 < sum(map(len, texts(components_of(card)))) <= 4000
