"""The composition root: what settings make of the parts."""

import pytest
from pydantic import SecretStr

from bot.config import Settings
from bot.wiring import build_model

KEY = SecretStr("sk-1")


@pytest.mark.parametrize(
    "settings",
    [
        Settings(openai_api_key=KEY, openai_model="small"),
        Settings(openai_api_key=KEY, openai_model="small", openai_base_url="http://127.0.0.1:11434/v1"),
        Settings(openai_base_url="http://127.0.0.1:11434/v1", openai_model="small"),
        Settings(openai_api_key=KEY),
        Settings(openai_api_key=KEY, openai_model="small", plumbline_llm="off"),
        Settings(),
    ],
)
def test_the_model_is_on_exactly_when_its_settings_count_as_complete(settings: Settings) -> None:
    assert build_model(settings).on == (settings.model_off_because is None)
