-- Oban's schema v14 spelt out object by object, the way a dump would: nothing here is shared with the migrator's script.
CREATE TYPE ${schema}.oban_job_state AS ENUM ('available');
ALTER TYPE ${schema}.oban_job_state ADD VALUE 'suspended';
ALTER TYPE ${schema}.oban_job_state ADD VALUE 'scheduled';
ALTER TYPE ${schema}.oban_job_state ADD VALUE 'executing';
ALTER TYPE ${schema}.oban_job_state ADD VALUE 'retryable';
ALTER TYPE ${schema}.oban_job_state ADD VALUE 'completed';
ALTER TYPE ${schema}.oban_job_state ADD VALUE 'discarded';
ALTER TYPE ${schema}.oban_job_state ADD VALUE 'cancelled';

CREATE SEQUENCE ${schema}.oban_jobs_id_seq AS bigint;

CREATE TABLE ${schema}.oban_jobs (
    id bigint NOT NULL,
    state ${schema}.oban_job_state NOT NULL,
    queue text NOT NULL,
    worker text NOT NULL,
    args jsonb NOT NULL,
    errors jsonb[] NOT NULL,
    attempt int4 NOT NULL,
    max_attempts int4 NOT NULL,
    inserted_at timestamp without time zone NOT NULL,
    scheduled_at timestamp without time zone NOT NULL,
    attempted_at timestamp without time zone,
    completed_at timestamp without time zone,
    attempted_by text[],
    discarded_at timestamp without time zone,
    priority int4 NOT NULL,
    tags text[],
    meta jsonb,
    cancelled_at timestamp without time zone
);

ALTER SEQUENCE ${schema}.oban_jobs_id_seq OWNED BY ${schema}.oban_jobs.id;

ALTER TABLE ${schema}.oban_jobs ALTER COLUMN id SET DEFAULT nextval('${schema}.oban_jobs_id_seq'::regclass);
ALTER TABLE ${schema}.oban_jobs ALTER COLUMN state SET DEFAULT 'available'::${schema}.oban_job_state;
ALTER TABLE ${schema}.oban_jobs ALTER COLUMN queue SET DEFAULT 'default'::text;
ALTER TABLE ${schema}.oban_jobs ALTER COLUMN args SET DEFAULT '{}'::jsonb;
ALTER TABLE ${schema}.oban_jobs ALTER COLUMN errors SET DEFAULT ARRAY[]::jsonb[];
ALTER TABLE ${schema}.oban_jobs ALTER COLUMN attempt SET DEFAULT 0;
ALTER TABLE ${schema}.oban_jobs ALTER COLUMN max_attempts SET DEFAULT 20;
ALTER TABLE ${schema}.oban_jobs ALTER COLUMN inserted_at SET DEFAULT timezone('UTC'::text, now());
ALTER TABLE ${schema}.oban_jobs ALTER COLUMN scheduled_at SET DEFAULT timezone('UTC'::text, now());
ALTER TABLE ${schema}.oban_jobs ALTER COLUMN priority SET DEFAULT 0;
ALTER TABLE ${schema}.oban_jobs ALTER COLUMN tags SET DEFAULT ARRAY[]::text[];
ALTER TABLE ${schema}.oban_jobs ALTER COLUMN meta SET DEFAULT '{}'::jsonb;

ALTER TABLE ${schema}.oban_jobs ADD CONSTRAINT oban_jobs_pkey PRIMARY KEY (id);
ALTER TABLE ${schema}.oban_jobs ADD CONSTRAINT attempt_range CHECK ((attempt >= 0) AND (attempt <= max_attempts));
ALTER TABLE ${schema}.oban_jobs ADD CONSTRAINT positive_max_attempts CHECK (max_attempts > 0);
ALTER TABLE ${schema}.oban_jobs ADD CONSTRAINT queue_length CHECK ((char_length(queue) > 0) AND (char_length(queue) < 128));
ALTER TABLE ${schema}.oban_jobs ADD CONSTRAINT worker_length CHECK ((char_length(worker) > 0) AND (char_length(worker) < 128));
ALTER TABLE ${schema}.oban_jobs ADD CONSTRAINT non_negative_priority CHECK (priority >= 0) NOT VALID;

CREATE INDEX oban_jobs_state_discarded_at_index ON ${schema}.oban_jobs USING btree (state, discarded_at);
CREATE INDEX oban_jobs_state_cancelled_at_index ON ${schema}.oban_jobs USING btree (state, cancelled_at);
CREATE INDEX oban_jobs_state_queue_priority_scheduled_at_id_index
    ON ${schema}.oban_jobs USING btree (state, queue, priority, scheduled_at, id);
CREATE INDEX oban_jobs_meta_index ON ${schema}.oban_jobs USING gin (meta);
CREATE INDEX oban_jobs_args_index ON ${schema}.oban_jobs USING gin (args);

CREATE TABLE ${schema}.oban_peers (
    name text NOT NULL,
    node text NOT NULL,
    started_at timestamp without time zone NOT NULL,
    expires_at timestamp without time zone NOT NULL
);
ALTER TABLE ${schema}.oban_peers ADD CONSTRAINT oban_peers_pkey PRIMARY KEY (name);
ALTER TABLE ${schema}.oban_peers SET UNLOGGED;

COMMENT ON TABLE ${schema}.oban_jobs IS '14';
