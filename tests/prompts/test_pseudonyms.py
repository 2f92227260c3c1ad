"""People's names stay here."""

from prompts.facts import PersonFact
from prompts.messages import encode, summary_data
from prompts.pseudonyms import Pseudonyms, for_facts
from tests.prompts.samples import sample_facts


def test_each_spelling_of_a_person_has_its_own_token() -> None:
    table = Pseudonyms([PersonFact("Ana Ruiz", ("U0ANA",)), PersonFact("Bo Lind")], [])
    assert table.hidden("Ana Ruiz, Ana and <@U0ANA> met Bo Lind") == "P1, P1a and <@P1c> met P2"


def test_putting_back_restores_the_text_letter_by_letter() -> None:
    table = Pseudonyms([PersonFact("May Will"), PersonFact("Ana Ruiz")], [])
    text = "May we wait until 12 May? Will asks Ana, Ana Ruiz says no."
    assert table.hidden(text) != text
    assert table.shown(table.hidden(text)) == text


def test_names_are_hidden_as_people_type_them_and_short_ones_too() -> None:
    table = Pseudonyms([PersonFact("Bo Lind"), PersonFact("Mia Kern")], [])
    text = "asked mia twice, Bo and MIA KERN know; ask bo lind"
    hidden = table.hidden(text).casefold()
    assert [name for name in ("mia", "kern", "bo", "lind") if name in hidden] == []
    assert table.shown(table.hidden(text)) == text


def test_names_are_hidden_in_any_case_and_without_their_accents() -> None:
    text = "mIA kERN and José asked; jose, JOSE and jOsÉ agreed with Kern, MIA"
    table = Pseudonyms([PersonFact("Mia Kern"), PersonFact("José Díaz")], [text])
    hidden = table.hidden(text).casefold()
    assert [name for name in ("mia", "kern", "jose", "josé") if name in hidden] == []
    assert table.shown(table.hidden(text)) == text


def test_however_often_a_name_is_typed_otherwise_none_slips_through() -> None:
    spellings = [f"{a}{b}{c}{d}{e}" for a in "mM" for b in "iI" for c in "aA" for d in "eE" for e in "lL"]
    text = " ".join(spellings)
    table = Pseudonyms([PersonFact("Miael")], [text])
    assert "miael" not in table.hidden(text).casefold()
    assert table.shown(table.hidden(text)) == text


def test_nicknames_are_not_known_and_stay() -> None:
    assert Pseudonyms([PersonFact("Ana Ruiz")], []).hidden("Annie asked") == "Annie asked"


def test_a_token_that_people_use_themselves_is_not_given_out() -> None:
    text = "A P1 incident, Ana is on it; p2 too"
    table = Pseudonyms([PersonFact("Ana Ruiz")], [text])
    assert table.hidden(text) == "A P1 incident, P3a is on it; p2 too"
    assert table.shown(table.hidden(text)) == text


def test_a_name_inside_another_word_is_left_alone() -> None:
    assert Pseudonyms([PersonFact("Ana Ruiz")], []).hidden("Analytics and Banana") == "Analytics and Banana"


def test_a_token_that_was_never_given_out_stays() -> None:
    assert Pseudonyms([PersonFact("Ana Ruiz")], []).shown("P9 waits for P1") == "P9 waits for Ana Ruiz"


def test_without_people_nothing_changes() -> None:
    assert Pseudonyms([], []).hidden("Ana waits") == "Ana waits"


def test_two_people_with_one_first_name_come_back_as_written() -> None:
    table = Pseudonyms([PersonFact("Ana Ruiz"), PersonFact("Ana Blom")], [])
    text = "Ana Blom asked Ana Ruiz; Ana agreed"
    assert table.shown(table.hidden(text)) == text


def test_no_name_of_the_facts_is_in_what_is_sent() -> None:
    facts = sample_facts()
    sent = encode(summary_data(for_facts(facts).hidden_facts(facts)))
    for name in ("Ana ", "Ana.", "Ruiz", "Bo Lind", "Mia", "Kern", "U0ANA"):
        assert name not in sent
