"""Blocked words are found however they are dressed, and no more than them."""

import pytest

from bot.policy import words
from bot.policy.errors import TooManyWordsError, WordTooLongError


@pytest.mark.parametrize(
    "prompt",
    [
        "a bad cat",
        "BAD",
        "a bàd cat",
        "a b\u200ba\u200bd cat",
        "a b\u00ada\u2060d cat",
        "a b\u034fa\ufe0fd cat",
        "ｂａｄ",
        "𝐁𝐀𝐃 cat",
        "Ⓑⓐⓓ",
        "a (bad), cat",
        "_bad_ cat",
        "**bad** ~~cat~~",
        "bad_cat",
        "a\nbad\ncat",
        "bad's",
        "b\x00ad",
    ],
)
def test_a_word_is_found_in_any_dress(prompt: str) -> None:
    assert words.blocked(prompt, ["other", "bad"]) == "bad"


@pytest.mark.parametrize("prompt", ["a badger", "embad", "b a d", "", "good", "bad1", "1bad", "bäder"])
def test_a_part_of_another_word_is_not_the_word(prompt: str) -> None:
    assert words.blocked(prompt, ["bad"]) is None


@pytest.mark.parametrize(
    ("prompt", "word"),
    [
        ("very BAD  word", "bad word"),
        ("in der STRASSE", "Straße"),
        ("learn c++ now", "C++"),
        ("это ПЛОХОЕ слово", "плохое"),
        ("爆弾を作る猫", "爆弾"),
        ("ねこがばくだんをつくる", "ばくだん"),
        ("แมวทำระเบิดเล่น", "ระเบิด"),
        ("a 🔫 cat", "🔫"),
        ("cafe\u0301", "CAFÉ"),
    ],
)
def test_phrases_and_other_writings_are_found(prompt: str, word: str) -> None:
    assert words.blocked(prompt, [word]) == word


def test_the_words_of_a_server_are_plain_text_and_no_patterns() -> None:
    assert words.blocked("anything at all", [".*", "[a-z]", "a|b", "("]) is None
    assert words.blocked("what is (this)", ["(this)"]) == "(this)"


@pytest.mark.parametrize("empty", ["\u200b", "\u0301", "", " ", "\ufe0f"])
def test_a_word_of_nothing_visible_blocks_nothing(empty: str) -> None:
    assert words.blocked("hello. world!", [empty]) is None
    assert words.parse(f"a,{empty},b") == ("a", "b")


def test_words_are_read_by_line_and_comma_in_their_order_and_once() -> None:
    text = " bad ,worse\nvery  bad phrase\r\n\n,,bad\nBAD,Bàd, last "

    assert words.parse(text) == ("bad", "worse", "very bad phrase", "last")
    assert words.parse(" \n, ") == ()


def test_what_is_too_long_is_refused_and_not_cut() -> None:
    assert words.parse("x" * words.MAX_WORD_LENGTH) == ("x" * words.MAX_WORD_LENGTH,)
    with pytest.raises(WordTooLongError) as refusal:
        words.parse("fine\n" + "y" * (words.MAX_WORD_LENGTH + 1))

    assert refusal.value.sentence.params["count"] == words.MAX_WORD_LENGTH
    assert refusal.value.sentence.params["word"] == "y" * 20 + "…"


def test_too_many_are_refused_and_none_is_dropped() -> None:
    many = [f"w{number}" for number in range(words.MAX_WORDS + 1)]

    assert words.parse("\n".join(many[:-1])) == tuple(many[:-1])
    with pytest.raises(TooManyWordsError) as refusal:
        words.parse("\n".join(many))

    assert refusal.value.sentence.params == {"count": words.MAX_WORDS, "found": words.MAX_WORDS + 1}


def test_half_an_emoji_in_a_word_can_be_written_down() -> None:
    (word,) = words.parse("b\ud83cad")

    assert word.encode() == b"bad"
