"""From a body to events: stays to hospital.encounter, agreements to person.decision, the rest to gp.carer-flag."""
