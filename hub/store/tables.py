"""The tables. `region` leads every key, because a region has one writer."""

from typing import Final

SCHEMA_VERSION: Final = 1
"""Counts changes of the tables; a database of another version is refused."""

TABLES: Final = """
CREATE TABLE hub (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    schema_version int NOT NULL,
    known_log jsonb
);
CREATE TABLE shards (
    region int PRIMARY KEY,
    epoch bigint NOT NULL DEFAULT 0,
    batch_no bigint NOT NULL DEFAULT 0,
    next_outbox bigint NOT NULL DEFAULT 0,
    lease_until timestamptz NOT NULL DEFAULT '-infinity'
);
CREATE TABLE offsets (
    region int NOT NULL, topic text NOT NULL, next_offset bigint NOT NULL,
    PRIMARY KEY (region, topic)
);
CREATE TABLE state (
    region int NOT NULL, processor text NOT NULL, kind text NOT NULL, key uuid NOT NULL,
    version bigint NOT NULL, schema_id int NOT NULL, body bytea NOT NULL,
    PRIMARY KEY (region, processor, kind, key)
);
CREATE TABLE inbox (
    day date NOT NULL, region int NOT NULL, event_id uuid NOT NULL, outcome text NOT NULL,
    PRIMARY KEY (day, region, event_id)
) PARTITION BY RANGE (day);
CREATE TABLE outbox (
    region int NOT NULL, id bigint NOT NULL, topic text NOT NULL, key uuid NOT NULL, event_id uuid NOT NULL,
    value bytea NOT NULL,
    PRIMARY KEY (region, id)
);
CREATE TABLE reminders (
    region int NOT NULL, processor text NOT NULL, subject uuid NOT NULL, reminder text NOT NULL,
    due_at timestamptz NOT NULL, correlation_id uuid NOT NULL,
    PRIMARY KEY (region, processor, subject, reminder)
);
CREATE INDEX reminders_by_time ON reminders (region, due_at);
CREATE TABLE dead_letters (
    region int NOT NULL, id uuid NOT NULL, processor text, source text, topic text, "offset" bigint, event_id uuid,
    code text NOT NULL, expression text NOT NULL, reason text NOT NULL, defect boolean NOT NULL,
    value bytea NOT NULL, times int NOT NULL DEFAULT 1,
    first_at timestamptz NOT NULL DEFAULT now(), last_at timestamptz NOT NULL DEFAULT now(), settled_at timestamptz,
    PRIMARY KEY (region, id)
);
CREATE TABLE ignored (
    id uuid PRIMARY KEY, source text NOT NULL, event text NOT NULL, reason text NOT NULL, value bytea NOT NULL,
    times int NOT NULL DEFAULT 1,
    first_at timestamptz NOT NULL DEFAULT now(), last_at timestamptz NOT NULL DEFAULT now()
);
"""
