"""Languages by their tags (BCP 47), as far as they are spoken where the hub works; any other stays as it was sent.

Source: IANA Language Subtag Registry; main languages of the Census 2021 in England.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

OURS: Final = "en"
NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "am": "Amharic",
        "ar": "Arabic",
        "bfi": "British Sign Language",
        "bg": "Bulgarian",
        "bn": "Bengali",
        "cs": "Czech",
        "cy": "Welsh",
        "de": "German",
        "el": "Greek",
        "en": "English",
        "es": "Spanish",
        "fa": "Persian",
        "fr": "French",
        "ga": "Irish",
        "gu": "Gujarati",
        "ha": "Hausa",
        "hi": "Hindi",
        "hu": "Hungarian",
        "ig": "Igbo",
        "it": "Italian",
        "ku": "Kurdish",
        "lt": "Lithuanian",
        "lv": "Latvian",
        "ml": "Malayalam",
        "mr": "Marathi",
        "ne": "Nepali",
        "nl": "Dutch",
        "pa": "Panjabi",
        "pl": "Polish",
        "ps": "Pashto",
        "pt": "Portuguese",
        "ro": "Romanian",
        "ru": "Russian",
        "sk": "Slovak",
        "sn": "Shona",
        "so": "Somali",
        "sq": "Albanian",
        "sw": "Swahili",
        "syl": "Sylheti",
        "ta": "Tamil",
        "te": "Telugu",
        "th": "Thai",
        "ti": "Tigrinya",
        "tl": "Tagalog",
        "tr": "Turkish",
        "uk": "Ukrainian",
        "ur": "Urdu",
        "vi": "Vietnamese",
        "yo": "Yoruba",
        "yue": "Cantonese",
        "zh": "Chinese",
    }
)


def in_words(tag: str) -> str:
    """The name of a language."""
    return NAMES.get(tag.lower(), NAMES.get(main_part(tag), tag))


def is_ours(tag: str) -> bool:
    """Whether it is English, of whatever country."""
    return main_part(tag) == OURS


def main_part(tag: str) -> str:
    """The language alone, without script and country."""
    return tag.lower().replace("_", "-").partition("-")[0]
