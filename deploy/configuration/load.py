"""From a file to a checked configuration, or to one line for every problem."""

import json
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from deploy.configuration.area import AREA_CODE, POSTCODE_START, SHA256
from deploy.configuration.checks import findings
from deploy.configuration.document import LARGEST_BYTES, Document, document_from
from deploy.configuration.errors import ConfigurationError, Problem
from deploy.configuration.fields import keys_in
from deploy.configuration.model import Configuration
from deploy.configuration.secret import VARIABLE
from deploy.configuration.secrets import secret_findings
from deploy.configuration.section import NAME, ODS_CODE
from deploy.configuration.servers import SERVER

DEMO: Final = Path(__file__).parents[1] / "demo" / "hub.yaml"

CONNECTORS: Final = ("ward_mllp", "fhir_api", "gp_csv")
"""Which kind of sender it is; pydantic puts it into the place of an error."""

_PATTERNS: Final = {
    NAME: "must be lower-case letters, digits and hyphens, a letter first, at most 32",
    SERVER: "must be `host:port`",
    AREA_CODE: "must be an ONS code such as E06000016",
    POSTCODE_START: "must be the beginning of a postcode, such as LE1, or LS6 2 for a part of a district",
    SHA256: "must be 64 hexadecimal digits in lower case",
    ODS_CODE: "must be an ODS code: 3 to 10 capitals and digits",
    VARIABLE: "must be the name of an environment variable, in capitals",
}
_WORDS: Final = {
    "missing": "is missing; add it",
    "string_type": "must be text; put it in quotes if it looks like something else",
    "tuple_type": "must be a list",
    "model_type": "must be a section with keys of its own",
    "model_attributes_type": "must be a section with keys of its own",
    "too_short": "must not be an empty list",
    "union_tag_not_found": "needs `connector`: ward_mllp, fhir_api or gp_csv",
    "union_tag_invalid": "`connector` must be ward_mllp, fhir_api or gp_csv",
    "time_parsing": 'must be a time of day such as "10:00"',
    "time_type": 'must be a time of day such as "10:00"',
    "date_from_datetime_parsing": "must be a date such as 2027-01-31",
    "date_type": "must be a date such as 2027-01-31",
}


def chosen(given: Path | None, from_environment: Path | None) -> Path:
    """Which file counts: the one given, else the one of `HUB_CONFIG`, else the demonstration's."""
    return given or from_environment or DEMO


def load(path: Path, environment: Mapping[str, str], *, with_secrets: bool = True) -> Configuration:
    """Read and check a configuration. Secrets are looked at, not kept.

    Args:
        path: The file. Relative paths in it start at its folder.
        environment: Where `{env: NAME}` is looked up.
        with_secrets: False leaves the secrets unchecked, for a program that reports on them itself.

    Raises:
        ConfigurationError: Every problem of the first kind that was found: in the file, in its
            sections, between them, with its secrets.
    """
    document = document_from(_content(path), str(path))
    configuration = configuration_from(document, path.absolute().parent)
    _refuse(document, findings(configuration))
    if with_secrets:
        _refuse(document, secret_findings(configuration, environment))
    return configuration


def configuration_from(document: Document, folder: Path) -> Configuration:
    """The sections of a document, each by itself.

    Raises:
        ConfigurationError: A section breaks its model.
    """
    try:
        return Configuration.model_validate_json(
            json.dumps(document.value), context={"folder": folder}
        )
    except ValidationError as error:
        errors = error.errors(include_input=False)
        problems = [_problem(document, each) for each in errors if _counts(document, each)]
        raise ConfigurationError(_sorted(problems)) from None


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_BYTES + 1)
    except OSError as error:
        text = f"cannot be read: {error.strerror}; name another with --config or HUB_CONFIG"
        raise ConfigurationError([Problem(str(path), 0, "", text)]) from None


def _refuse(document: Document, found: Iterable[tuple[tuple[str | int, ...], str]]) -> None:
    problems = [document.problem(place, text) for place, text in found]
    if problems:
        raise ConfigurationError(_sorted(problems))


def _sorted(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: problem.line)


def _counts(document: Document, error: ErrorDetails) -> bool:
    """A list with wrong items is not empty, though none of them is right."""
    return error["type"] != "too_short" or (*error["loc"], 0) not in document.lines


def _problem(document: Document, error: ErrorDetails) -> Problem:
    """A sentence of our own for an error; what stood in the file is never repeated."""
    path = tuple(part for part in error["loc"] if part not in CONNECTORS)
    if error["type"] == "extra_forbidden":
        return document.problem(path, _unknown_key(path))
    return document.problem(path, _sentence(error))


def _sentence(error: ErrorDetails) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "string_pattern_mismatch" and context["pattern"] in _PATTERNS:
        return _PATTERNS[context["pattern"]]
    if kind in _WORDS:
        return _WORDS[kind]
    text = error["msg"].removeprefix("Value error, ").replace("Input should be", "must be")
    return text[0].lower() + text[1:] if text[1:2].islower() else text


def _unknown_key(path: tuple[str | int, ...]) -> str:
    section = "".join("[]" if isinstance(part, int) else f".{part}" for part in path[:-1])
    known = keys_in(section.removeprefix("."))
    near = get_close_matches(str(path[-1]), known, n=1)
    if near:
        return f"is no key of this section; did you mean `{near[0]}`?"
    return f"is no key of this section; remove it. Its keys: {', '.join(known)}"
