"""Media types: what a body is written in, and which version of FHIR it and its answer are of."""

from collections.abc import Iterator, Mapping
from typing import Final, Literal, TypeAlias

from hub.errors import Rejected
from hub.fhir.older import version_named

FHIR_JSON: Final = "application/fhir+json"
FHIR_XML: Final = "application/fhir+xml"
JSON_TYPES: Final = frozenset({FHIR_JSON, "application/json"})
XML_TYPES: Final = frozenset({FHIR_XML, "application/xml", "text/xml"})
DSTU2_TYPES: Final = frozenset({"application/json+fhir", "application/xml+fhir"})
FORM: Final = "application/x-www-form-urlencoded"
FHIR_VERSION: Final = "4.0"
R4: Final = frozenset({FHIR_VERSION, "4.0.0", "4.0.1"})
"""What `fhirVersion` may say: the standard has two parts, and some senders write three."""
XML_SETTING: Final = "http.fhir_xml"

Headers = Mapping[str, str]
Form: TypeAlias = Literal["json", "xml"]


class WrongType(Rejected):
    """Not plain JSON, or XML where that is switched on, of FHIR R4."""

    issue_code = "not-supported"
    http_status = 415


class NotAcceptable(Rejected):
    """An answer of another version of FHIR is wanted."""

    issue_code = "not-supported"
    http_status = 406


def form_of(headers: Headers, *, xml: bool) -> Form:
    """What the body is written in: JSON of FHIR R4, as it is, or XML where `xml` says so; nothing packed.

    Raises:
        WrongType: Anything else.
    """
    kind, version = media_type(headers.get("content-type", ""))
    if kind in DSTU2_TYPES:
        raise WrongType(
            f"This is the media type of FHIR DSTU2: send R4, as {FHIR_JSON}.", code="fhir-version"
        )
    if kind not in JSON_TYPES | XML_TYPES or (kind in XML_TYPES and not xml):
        raise WrongType(words_for(kind, xml=xml), code="media-type")
    if version is not None and version not in R4:
        raise WrongType(
            f"This is FHIR {version_named(version)}: send R4 ({FHIR_VERSION}).", code="fhir-version"
        )
    refuse_packed(headers)
    return "xml" if kind in XML_TYPES else "json"


def words_for(kind: str, *, xml: bool) -> str:
    """What to send instead."""
    if kind in XML_TYPES:
        return f"XML is switched off here ({XML_SETTING}): send JSON, as {FHIR_JSON}."
    return f"Send JSON, as {FHIR_JSON}{f', or XML, as {FHIR_XML}' if xml else ''}."


def refuse_other_answers(headers: Headers) -> None:
    """An answer is of FHIR R4: who wants another version alone gets none.

    Raises:
        NotAcceptable: Every media type of `Accept` names another version.
    """
    wanted = [*media_types(headers.get("accept", ""))]
    versions = [version for _, version in wanted]
    if wanted and all(version is not None and version not in R4 for version in versions):
        raise NotAcceptable(
            f"Answers are FHIR R4 ({FHIR_VERSION}), not {version_named(versions[0] or '')}.",
            code="fhir-version",
        )


def refuse_all_but_forms(headers: Headers) -> None:
    """The parameters of a search are a form.

    Raises:
        WrongType: Anything else.
    """
    if media_type(headers.get("content-type", ""))[0] != FORM:
        raise WrongType(f"Send the parameters as {FORM}.", code="media-type")
    refuse_packed(headers)


def refuse_packed(headers: Headers) -> None:
    """Nothing packed is read.

    Raises:
        WrongType: It is.
    """
    if headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise WrongType("Send the body as it is, not packed.", code="content-encoding")


def media_types(header: str) -> Iterator[tuple[str, str | None]]:
    """Each media type of a header, with its `fhirVersion`."""
    return (media_type(each) for each in header.split(",") if each.strip())


def media_type(text: str) -> tuple[str, str | None]:
    """A media type and its `fhirVersion`, if it says one."""
    kind, *parameters = text.lower().split(";")
    for parameter in parameters:
        name, _, value = parameter.strip().partition("=")
        if name.strip() == "fhirversion":
            return kind.strip(), value.strip().strip('"')
    return kind.strip(), None
