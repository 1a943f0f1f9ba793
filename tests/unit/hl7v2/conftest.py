"""Where the official example messages lie: the folder in HUB_SAMPLES, read in place."""

import os
from pathlib import Path

import pytest

FOLDERS = ("uk-itk-adt", "hl7-v2-to-fhir/samples/messages")


@pytest.fixture(scope="session")
def sample_messages() -> dict[str, bytes]:
    """The bytes of every HL7 v2 example, by file name."""
    folder = os.environ.get("HUB_SAMPLES")
    if not folder:
        pytest.skip("HUB_SAMPLES does not name a folder with the official example messages")
    files = [file for name in FOLDERS for file in sorted((Path(folder) / name).glob("*.txt"))]
    assert files, "the folder named in HUB_SAMPLES holds no HL7 v2 message"
    return {file.name: file.read_bytes() for file in files if b"MSH" in file.read_bytes()}
