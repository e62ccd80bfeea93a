"""The lists that ship: what is refused everywhere, what managers may allow, and what only looks like it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.policy import base, words

MINORS = base.lists().minors


@pytest.mark.parametrize(
    "prompt",
    [
        "a nude teenager",
        "S3XY schoolgirl",
        "an undressed 12-year-old",
        "an undressed 12 y/o",
        "erotic scene, aged sixteen",
        "erotic scene, age: 9",
        "a seductive fourteen years old dancer",
        "l.o.l.i",
        "child-porn",
        "ѕеху kids",
        "a naked b a b y",
        "a minor in lingerie",
        "naked 12 year-olds",
        "a naked girl who is 12 years of age",
        "a naked girl, 12",
        "naked girl (12), smiling",
        "naked boy of nine.",
        "a naked 7th grader",
        "kids without clothes",
        "a child taking off her clothes",
        "c h i l d  p o r n",
        "n a k e d  k i d",
    ],
)
def test_sexual_content_with_minors_is_seen(prompt: str) -> None:
    assert base.sexualises_minors(prompt)


@pytest.mark.parametrize(
    "prompt",
    [
        "kids eating ice cream",
        "a 12-year-old riding a bike",
        "a sexy saxophone solo in A minor",
        "naked mole rats with their babies",
        "children look at the stars with the naked eye",
        "an erotic dance of a 35-year-old",
        "an erotic dance, aged 18",
        "a sexy dance that goes on for 5 years",
        "Essex kids",
        "a lingerie shop that is 17 m wide",
        "a school of fish",
        "chicken breasts on the grill at a kids' party",
        "baby birds, a nest of naked baby birds",
        "kids at a field of oilseed rape",
        "the sex of the baby is told at a party with kids",
        "a sex education class in high school",
        "kids by a naked flame",
        "a topless convertible with kids in the back seat",
        "a naked girl, 12 m tall",
        "girls 5 to 2 in the final, bottomless brunch behind them",
        "",
    ],
)
def test_what_is_one_without_the_other_is_let_through(prompt: str) -> None:
    assert not base.sexualises_minors(prompt)


@settings(deadline=None)
@given(
    young=st.sampled_from(MINORS.young),
    sexual=st.sampled_from(MINORS.sexual),
    between=st.text("abc ,.", max_size=30),
    turned=st.booleans(),
)
def test_any_word_for_the_one_with_any_for_the_other_is_seen(
    young: str, sexual: str, between: str, turned: bool
) -> None:
    first, second = (sexual, young) if turned else (young, sexual)

    assert base.sexualises_minors(f"{first.strip('*')} {between} {second.strip('*')}".upper())


@pytest.mark.parametrize("word", MINORS.alone)
def test_some_words_are_enough_by_themselves(word: str) -> None:
    assert base.sexualises_minors(f"a {word.strip('*')} video")


@pytest.mark.parametrize("prompt", ["explicit PORNOGRAPHY", "g0re", "a beheading", "n.s.f.w"])
def test_the_base_list_is_found_in_any_dress(prompt: str) -> None:
    assert base.has_base_word(prompt)


@pytest.mark.parametrize(
    "prompt",
    ["a cat", "Gorehound? no: gorge", "a sex-ed poster", "a nude lipstick", "Essex", "Al Gore", "the gory details"],
)
def test_the_base_list_is_sober(prompt: str) -> None:
    assert not base.has_base_word(prompt)


def test_every_line_that_ships_is_one_that_a_moderator_could_write() -> None:
    for listed in (
        base.lists().base,
        base.lists().harmless,
        MINORS.alone,
        MINORS.young,
        MINORS.sexual,
        MINORS.harmless,
    ):
        assert words.parse("\n".join(listed)) == listed
