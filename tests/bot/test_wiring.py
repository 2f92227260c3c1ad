"""The composition root: what settings make of the parts."""

from pydantic import SecretStr

from bot.config import Settings
from bot.wiring import build_model


def test_a_server_of_ones_own_needs_no_key() -> None:
    settings = Settings(openai_base_url="http://127.0.0.1:11434/v1", openai_model="small")
    assert settings.model_off_because is None
    assert build_model(settings).on


def test_without_key_and_server_the_model_is_off() -> None:
    assert not build_model(Settings(openai_model="small")).on


def test_the_model_can_be_switched_off() -> None:
    settings = Settings(openai_api_key=SecretStr("sk-1"), openai_model="small", plumbline_llm="off")
    assert not build_model(settings).on
