"""The name lists of `schemas/names` and the models of `schemas/matching`, as the matcher takes them."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Final

import yaml

from hub.matching.candidates import Matcher
from hub.matching.normal.tables import NameTables, tables_from
from hub.matching.scoring.model import BadModel, Model, as_json, model_from

SCHEMAS: Final = Path(__file__).parents[2] / "schemas"
WORDS: Final = SCHEMAS / "names" / "words.yaml"
VARIANTS: Final = SCHEMAS / "names" / "variants.yaml"
DEFAULT_MODEL: Final = SCHEMAS / "matching" / "default.json"
GROUPS: Final = ("nicknames", "spellings", "transliterations", "anglicised")


@lru_cache(maxsize=1)
def name_tables() -> NameTables:
    """The name tables of this version of the hub; the version names both lists.

    Every worker reads them when it starts: with libyaml in a tenth of the time.
    """
    words, variants = (
        yaml.load(each.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        for each in (WORDS, VARIANTS)
    )
    return tables_from(
        f"words {words.pop('version')}, variants {variants['version']}",
        words,
        [group for kind in GROUPS for group in variants[kind]],
    )


def read_model(place: Path = DEFAULT_MODEL) -> Model:
    """A model from its file.

    Raises:
        BadModel: It is no JSON, or no model; says where.
    """
    try:
        value: object = json.loads(place.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadModel("the file cannot be read as JSON") from error
    return model_from(value)


def matcher_for(place: Path | None = None, *, joins: bool = True) -> Matcher:
    """The matcher of a model, with the name tables of this version of the hub. `place`: None = the hub's own model.

    `joins`: see `Matcher`.

    Raises:
        BadModel: The file is no model, or one that was learned with other name tables.
    """
    model, tables = read_model(place or DEFAULT_MODEL), name_tables()
    if model.tables != tables.version:
        raise BadModel(f"it was learned with other lists of names ({model.tables}): learn it anew")
    return Matcher(model, tables, joins=joins)


def write_model(model: Model, place: Path) -> None:
    """A model to its file: what is read from it again has the same hash."""
    text = json.dumps(as_json(model), indent=1, ensure_ascii=False, sort_keys=True)
    place.write_text(text + "\n", encoding="utf-8")
