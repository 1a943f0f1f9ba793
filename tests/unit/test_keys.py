"""A key is good for its holder until its last day, and for nobody else."""

from dataclasses import dataclass
from datetime import date

import pytest

from hub.keys import Key, digest_of, holder_of

LAST = date(2026, 11, 25)


@dataclass(frozen=True)
class Somebody:
    name: str
    keys: tuple[Key, ...] = ()


ONE = Somebody("one", (Key(digest_of("first"), LAST), Key(digest_of("second"), LAST)))
OTHER = Somebody("other", (Key(digest_of("third"), LAST),))
NOBODYS = Somebody("without keys")


@pytest.mark.parametrize(("token", "holder"), [("first", ONE), ("second", ONE), ("third", OTHER)])
def test_each_key_is_its_holders_until_its_last_day(token, holder):
    assert holder_of(token, (ONE, NOBODYS, OTHER), LAST) is holder
    assert holder_of(token, (ONE, NOBODYS, OTHER), date(2026, 11, 26)) is None


@pytest.mark.parametrize("token", ["", "fourth", "First", digest_of("first"), "\ud800", "\u0000"])
def test_anything_else_is_nobodys(token):
    assert holder_of(token, (ONE, OTHER), LAST) is None


def test_an_empty_token_is_nobodys_even_if_somebody_kept_its_digest():
    assert holder_of("", (Somebody("careless", (Key(digest_of(""), LAST),)),), LAST) is None
