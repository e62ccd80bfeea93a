"""Blocked words are found however they are dressed, and no more than them."""

import string
import unicodedata

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.policy import look_alikes, words
from bot.policy.list_errors import TooManyWordsError, TooMuchTextError, WordTooLongError

LETTERS = string.ascii_lowercase
UNSEEN = "\u200b\u00ad\u2060\u034f\ufe0f\u200d\u202e"
ACCENTS = "\u0301\u0300\u0308\u0323\u0336"


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
        "b@d",
        "B4D cat",
        "8ad",
        "bаd",
        "ьαԁ",
        "ʙᴀᴅ",
        "🅱🅰🅳",
        "b a d",
        "a b a d cat",
        "so b.a.d!",
        "B-A-D",
        "b_a_d",
        "b*@*d",
    ],
)
def test_a_word_is_found_in_any_dress(prompt: str) -> None:
    assert words.blocked(prompt, ["other", "bad"]) == "bad"


@pytest.mark.parametrize(
    "prompt",
    [
        "a badger",
        "embad",
        "ba d",
        "b a. d",
        "b a d g e r",
        "e b a d",
        "",
        "good",
        "bad1",
        "1bad",
        "bäder",
        "84d1",
        "ba",
    ],
)
def test_a_part_of_another_word_is_not_the_word(prompt: str) -> None:
    assert words.blocked(prompt, ["bad"]) is None


@pytest.mark.parametrize("prompt", ["a 455 engine", "4 5 5", "455", "is it 1s or 1t", "the 1st of May"])
def test_a_number_is_no_word_in_disguise(prompt: str) -> None:
    assert words.blocked(prompt.replace("is it", ""), ["ass", "is", "it"]) is None


@pytest.mark.parametrize(
    ("prompt", "word"),
    [
        ("very BAD  word", "bad word"),
        ("very bad-word", "bad word"),
        ("in der STRASSE", "Straße"),
        ("learn c++ now", "C++"),
        ("это ПЛОХОЕ слово", "плохое"),
        ("это плoxoe", "плохое"),
        ("爆弾を作る猫", "爆弾"),
        ("ねこがばくだんをつくる", "ばくだん"),
        ("แมวทำระเบิดเล่น", "ระเบิด"),
        ("a 🔫 cat", "🔫"),
        ("cafe\u0301", "CAFÉ"),
        ("area 51", "51"),
        ("k1ll and f!ll", "kill"),
        ("k1ll and f!ll", "fill"),
    ],
)
def test_phrases_and_other_writings_are_found(prompt: str, word: str) -> None:
    assert words.blocked(prompt, [word]) == word


@pytest.mark.parametrize(
    ("prompt", "word"), [("the fall", "fail"), ("a tail", "tall"), ("area SI", "51"), ("ace", "а5е")]
)
def test_letters_that_only_share_a_look_alike_stay_apart(prompt: str, word: str) -> None:
    assert words.blocked(prompt, [word]) is None


@pytest.mark.parametrize(
    ("word", "found", "not_found"),
    [
        ("cat*", ["cats", "a CATalogue", "cat", "c4talog"], ["bobcat", "concat it"]),
        ("*cat", ["bobcat", "cat"], ["cats"]),
        ("*cat*", ["concatenate", "bobc@ts"], ["dog"]),
        ("cat *", ["cats"], []),
    ],
)
def test_a_star_at_an_end_lets_the_word_go_on_there(word: str, found: list[str], not_found: list[str]) -> None:
    assert [prompt for prompt in found if words.blocked(prompt, [word]) != word] == []
    assert [prompt for prompt in not_found if words.blocked(prompt, [word]) is not None] == []


def test_the_words_of_a_server_are_plain_text_and_no_patterns() -> None:
    assert words.blocked("anything at all", [".*", "[a-z]", "a|b", "("]) is None
    assert words.blocked("what is (this)", ["(this)"]) == "(this)"


@pytest.mark.parametrize("empty", ["\u200b", "\u0301", "", " ", "\ufe0f", "*", "* *"])
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


def test_more_than_a_form_can_show_is_refused() -> None:
    long = [f"{number:03d}".ljust(words.MAX_WORD_LENGTH, "w") for number in range(400)]

    with pytest.raises(TooMuchTextError):
        words.parse("\n".join(long))


def test_half_an_emoji_in_a_word_can_be_written_down() -> None:
    (word,) = words.parse("b\ud83cad")

    assert word.encode() == b"bad"


def test_only_what_may_be_both_stands_for_two_letters() -> None:
    doubled = {
        sign: "".join(letter for letter, group in look_alikes.GROUPS.items() if sign in group)
        for group in look_alikes.GROUPS.values()
        for sign in group
    }

    assert {sign: letters for sign, letters in doubled.items() if len(letters) > 1} == dict.fromkeys("1!|", "il")


def test_every_look_alike_is_in_the_form_in_which_texts_are_searched() -> None:
    assert [sign for group in look_alikes.GROUPS.values() for sign in group if words.normal(sign) != sign] == []


@settings(deadline=None)
@given(text=st.text(alphabet=st.characters(max_codepoint=127)))
def test_plain_letters_are_read_as_all_others_are(text: str) -> None:
    slowly = unicodedata.normalize("NFKD", text).casefold()
    seen = "".join(c for c in slowly if c.isspace() or unicodedata.category(c) != "Cc")

    assert words.normal(text) == " ".join(seen.split()) == words.normal(text + "\u200b")


@st.composite
def disguised(draw: st.DrawFn, word: str) -> str:
    """A word as somebody hides it: case, accents, look-alikes, and what nobody sees; one letter stays a letter."""
    kept = draw(st.integers(0, len(word) - 1))
    shown = []
    for number, letter in enumerate(word):
        group = [each for each in look_alikes.GROUPS[letter] if number != kept or look_alikes.is_letter(each)]
        sign = draw(st.sampled_from(group))
        sign = draw(st.sampled_from([sign, sign.upper() if len(sign.upper()) == 1 else sign]))
        shown.append(sign + draw(st.text(ACCENTS, max_size=2)) + draw(st.text(UNSEEN, max_size=2)))
    return "".join(shown)


WORD = st.text(LETTERS, min_size=3, max_size=12)


@settings(max_examples=300, deadline=None)
@given(data=st.data(), word=WORD)
def test_a_disguised_word_is_found_wherever_it_stands(data: st.DataObject, word: str) -> None:
    dressed = data.draw(disguised(word))
    before, after = data.draw(st.sampled_from(["", "a cat, ", "("])), data.draw(st.sampled_from(["", ", a cat", ")"]))

    assert words.blocked(before + dressed + after, [word]) == word


@settings(max_examples=300, deadline=None)
@given(data=st.data(), word=WORD, sign=st.sampled_from(" .-_*/"))
def test_a_spelled_word_is_found(data: st.DataObject, word: str, sign: str) -> None:
    before = data.draw(st.sampled_from(["", "the cat ", "a "]))

    assert words.blocked(before + sign.join(word), [word]) == word


@settings(max_examples=300, deadline=None)
@given(word=WORD, others=st.lists(st.text(LETTERS + "0123456789", min_size=2, max_size=8), max_size=8))
def test_texts_of_other_words_are_let_through(word: str, others: list[str]) -> None:
    assume(all(look_alikes.folded(word) != look_alikes.folded(other) for other in others))

    assert words.blocked(" ".join(others), [word]) is None


@settings(max_examples=300, deadline=None)
@given(word=WORD, others=st.lists(st.text(LETTERS, min_size=2, max_size=8), max_size=8))
def test_plain_texts_are_refused_for_their_own_words_only(word: str, others: list[str]) -> None:
    assert (words.blocked(" ".join(others), [word]) == word) is (word in others)
