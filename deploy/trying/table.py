"""What each place of a message became, as a table for people: places and FHIR elements, no values but ward and bed."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from connectors.ward_mllp.mapping.values import UNREADABLE, Json
from deploy.output import columns
from hub.fhir.systems import DATA_ABSENT_REASON

LEGEND: Final = (
    "needed: refused or ignored without it; said again: read, and another place says the same; answer: shapes the "
    "acknowledgement alone; not used: alone it changes nothing, whatever stands in it; could not be read: what was "
    "known before stays."
)
_STEP: Final = re.compile(r"[^.\[\]]+")
_ENTRY: Final = re.compile(r"Bundle\.entry\[(\d+)\](?:\.resource)?\.?(.*)")


def table_of(line: Json, places: Iterable[str]) -> Iterator[str]:
    """The lines of one message: what was read and as what, then each place in the order of the message.

    Args:
        line: What `hub convert --explain --json` has as one line.
        places: Every place of the message, in its order.
    """
    event = f" {line['event']}" if line["event"] else ""
    start = f"{line['file']} [{line['index']}]{event} {line['outcome']}"
    explained = line.get("explained")
    if explained is None:
        place = f" at {line['expression']}" if line["expression"] else ""
        yield f"{start}: {line['reason']}{place}"
        return
    yield start
    if "too_many" in explained:
        yield f"    {explained['too_many']} places are too many to explain."
        return
    yield "    read as: " + ", ".join(
        f"{name} {value}" for name, value in explained["read_as"].items()
    )
    names = entries_in(line["bundle"])
    said = words_in(explained, names)
    for place, paths in explained["became"].items():
        if all(is_unreadable(line["bundle"], path) for path in paths):
            said[place] = "could not be read"
    yield from (f"    {row}" for row in columns([(place, said[place]) for place in places]))


def words_in(explained: Json, names: list[str]) -> dict[str, str]:
    """Place -> what is said of it."""
    return {
        **{
            place: ", ".join(elements(paths, names)) for place, paths in explained["became"].items()
        },
        **{place: f"needed ({code})" for place, code in explained["needed"].items()},
        **dict.fromkeys(explained["said_again"], "said again"),
        **dict.fromkeys(explained["answer"], "answer"),
        **dict.fromkeys(explained["not_used"], "not used"),
    }


def is_unreadable(bundle: Json, path: str) -> bool:
    """Whether what stands there is no value but the reason `error` for holding none, or an element with that reason."""
    _, *steps = _STEP.findall(path)
    found: object = bundle
    for step in steps:
        match found:
            case list():
                found = found[int(step)]
            case dict():
                found = found.get(step)
            case _:
                return False
    reason = {"url": DATA_ABSENT_REASON, "valueCode": UNREADABLE}
    return found == reason or (isinstance(found, dict) and found.get("extension") == [reason])


def entries_in(bundle: Json) -> list[str]:
    """What each entry is called: its type, and the how-manieth where there are several."""
    kinds = [entry["resource"]["resourceType"] for entry in bundle["entry"]]
    several, seen = Counter(kinds), Counter[str]()
    found = []
    for kind in kinds:
        seen[kind] += 1
        found.append(f"{kind} {seen[kind]}" if several[kind] > 1 else kind)
    return found


def elements(paths: Iterable[str], names: list[str]) -> list[str]:
    """FHIRPaths from the resource on, those of one element together: `Patient.identifier[0] (system, value)`."""
    found: dict[str, list[str]] = {}
    for path in paths:
        entry = _ENTRY.fullmatch(path)
        if entry is None:
            found[path] = []
            continue
        element, _, rest = entry[2].partition(".")
        whole = f"{names[int(entry[1])]}.{element}".rstrip(".")
        found.setdefault(whole, []).extend([rest] if rest else [])
    return [
        f"{whole} ({', '.join(parts)})" if len(parts) > 1 else ".".join([whole, *parts])
        for whole, parts in found.items()
    ]
