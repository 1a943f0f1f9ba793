"""Every official HL7 v2 example, sent as `hub send mllp` sends it, is answered and kept, and as `hub try` said."""

import asyncio
from dataclasses import replace

from connectors.ward_mllp.senders import KnownSender
from deploy.sending.mllp import MllpSender
from deploy.sending.pace import Pace
from deploy.trying.files import files_in, pieces_of
from deploy.trying.trial import read_message
from hub.testing.mllp_client import MllpClient
from tests.unit.ward_mllp.conftest import RWE, standing

ANYBODY = KnownSender(settings=replace(RWE.settings, name="any-ward"))
ANSWER_TO = {"accepted": "AA", "ignored": "AA", "rejected": "AR"}


async def test_every_example_sent_is_answered_and_kept_and_as_a_dry_run_said(samples):
    pieces = [each for file in files_in([samples]) for each in pieces_of(file)]
    messages = [each for each in pieces if each.kind == "hl7v2" and each.refusal is None]
    assert len(messages) >= 9
    async with standing(ANYBODY) as ward:
        sender = MllpSender(lambda: MllpClient("127.0.0.1", ward.port), Pace(2, None))
        said = await asyncio.to_thread(lambda: list(sender.lines(pieces)))
    answers = {(each.file, each.index): each for each in said}
    assert len(answers) == len(pieces)
    for piece in messages:
        line, _ = read_message(piece, (ANYBODY,))
        sent = answers[piece.file, piece.index]
        assert (sent.answer, sent.attempts) == (ANSWER_TO[line.outcome], 1), piece.file
        if line.outcome == "rejected":
            assert sent.reason, piece.file
    hl7 = sum(each.kind == "hl7v2" for each in pieces)
    assert len(ward.published) + len(ward.refused) + len(ward.ignored) == hl7
