"""Every official JSON example, posted to the door, is kept or refused in FHIR's own words, with place and reason."""

from fhir.resources.R4B.operationoutcome import OperationOutcome

from deploy.trying.files import files_in, pieces_of

KEPT = (200, 202)
NEVER_RIGHT = (400, 403, 422)


async def test_every_example_posted_is_kept_or_refused_with_its_place(door, samples):
    bodies = [
        each for file in files_in([samples]) for each in pieces_of(file) if each.kind == "fhir"
    ]
    assert len(bodies) > 100
    kept = 0
    for body in bodies:
        answer = await door.post(body.content)
        assert answer.status_code in KEPT + NEVER_RIGHT, body.file
        if answer.status_code in KEPT:
            kept += 1
            continue
        (issue, *_) = OperationOutcome.model_validate(answer.json()).issue
        assert issue.diagnostics.endswith("."), body.file
        assert issue.expression, body.file
    assert kept + len(door.refused) == len(bodies)
    assert not any(each.defect for each in door.refused)
