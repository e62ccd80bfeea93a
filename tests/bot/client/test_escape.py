"""Prompts as members see them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.client.escape import escape, plain


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("*bold* _it_ ~no~ `code` ||secret||", r"\*bold\* \_it\_ \~no\~ \`code\` \|\|secret\|\|"),
        ("[here](https://evil.example)", r"\[here\](https\://evil.example)"),
        ("<@12> <#3> <@&4> <t:0:R> <:a:1> </x:1>", r"\<@12> \<#3> \<@&4> \<t:0:R> \<:a:1> \</x:1>"),
        ("a back\\slash", r"a back\\slash"),
        ("# loud\n> quote\n- item\n-# small\n+ more", "\\# loud\n\\> quote\n\\- item\n\\-# small\n\\+ more"),
        ("1. first\n12. twelfth\n2.5 apples", "1\\. first\n12\\. twelfth\n2\\.5 apples"),
        ("a cat - with a hat, 3 > 2 #1", "a cat - with a hat, 3 > 2 #1"),
        ("a\u200d*b\u200d* a\u200d<@12> a\u200d`c`", "a\u200d\\*b\u200d\\* a\u200d\\<@12> a\u200d\\`c\\`"),
        ("@everyone and @here, a@b.c", "@\u200beveryone and @\u200bhere, a@b.c"),
    ],
)
def test_what_would_be_live_in_a_message_is_shown_as_typed(typed: str, shown: str) -> None:
    assert escape(typed, 500) == shown


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("left\u202eright\u2066a\u2069", "leftrighta"),
        ("in\u200bvi\u00adsi\ufeffble\U000e0041", "invisible"),
        ("\u3164\u2800x\u115f", "x"),
        ("bell\x07 tab\there nbsp\u00a0there", "bell tab here nbsp there"),
        ("half \ud83d a pair", "half \ufffd a pair"),
        ("hidden\U000e0100\U000e01ef", "hidden"),
        ("\u200dlone \u200d joiners\u200d\u200d\u200dx", "lone joiners\u200dx"),
        ("z" + "\u0301" * 30 + "algo", "z" + "\u0301" * 4 + "algo"),
        ("\u0301 on nothing", "on nothing"),
    ],
)
def test_what_cannot_be_seen_is_taken_out(typed: str, shown: str) -> None:
    assert escape(typed, 500) == shown


@pytest.mark.parametrize("emoji", ["👩‍👩‍👧‍👦", "👍🏽", "🇩🇪", "❤️", "é", "می‌خواهم"])
def test_emoji_and_scripts_that_need_joiners_stay_whole(emoji: str) -> None:
    assert escape(emoji, 100) == emoji


@pytest.mark.parametrize("emoji", ["👩‍👩‍👧‍👦", "👍🏽", "🇩🇪", "e\u0301\u0302"])
def test_nothing_is_cut_in_two(emoji: str) -> None:
    cut = escape(f"a{emoji}b", 4)

    assert cut == ("a…" if len(emoji.encode("utf-16-le")) > 4 else f"a{emoji}…")


def test_an_escape_is_not_cut_from_what_it_escapes() -> None:
    assert escape("ab*c", 4) == "ab…"


def test_text_that_fits_exactly_is_not_cut() -> None:
    assert escape("abcd", 4) == "abcd"


def test_two_flags_are_two_characters() -> None:
    assert escape("🇩🇪🇫🇷", 5) == "🇩🇪…"


def test_lines_past_the_last_one_join_it_and_empty_ones_are_left_out() -> None:
    assert escape("one\r\n\n\n two \nthree\u2028four", 100, max_lines=2) == "one\ntwo three four"


def test_where_there_is_no_markdown_nothing_is_escaped_and_all_is_one_line() -> None:
    assert plain("a *bold*\nmove\u202e", 100) == "a *bold* move"
    assert plain("a *bold* move", 6) == "a *bo…"


@given(st.text(alphabet=st.characters(codec=None), max_size=60), st.integers(2, 40))
def test_whatever_is_typed_it_is_never_longer_than_asked_and_never_hidden(typed: str, limit: int) -> None:
    for shown in (escape(typed, limit, max_lines=3), plain(typed, limit)):
        assert len(shown.encode("utf-16-le")) // 2 <= limit
        assert shown.count("\n") < 3
        hidden = {c for c in shown if unicodedata.category(c) in {"Cc", "Cf", "Cs"}}
        assert hidden <= set("\n\u200b\u200c\u200d")
