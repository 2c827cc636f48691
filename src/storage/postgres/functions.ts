import { LOCK_CLASS } from './connections.ts';

/**
 * Whoever numbers events holds this lock shared until its transaction ends; whoever reads on from a number
 * takes it for an instant, and then knows that all lower numbers are decided.
 */
export const EVENT_LOCK = `${LOCK_CLASS}, 1`;

const LEASE_RECORD = `
  call integer, id text, decision text, state text, resource text, credential_provider text, principal text,
  workload text, holder text, handle text, revocable integer, created_at_ms bigint, expires_at_ms bigint,
  expires_at_ms_max bigint, ended_at_ms bigint, due_at_ms bigint, attempts bigint, last_error text`;
const LEASE_NAMES = LEASE_RECORD.trim()
  .split(',')
  .map((column) => column.trim().split(' ')[0])
  .slice(1)
  .join(', ');
const EVENT_RECORD =
  'position integer, call integer, type text, decision text, resource text, lease text, event text';
const CLAIM_RECORD =
  'call integer, token text, proof text, retry text, holder text, decision text, lease text, expires_at_ms bigint';

const insertEvents = (condition: string): string => `
  PERFORM pg_advisory_xact_lock_shared(${EVENT_LOCK});
  INSERT INTO event (type, decision, resource, lease, event)
  SELECT e.type, e.decision, e.resource, e.lease, e.event
  FROM json_to_recordset(events) AS e (${EVENT_RECORD}) WHERE ${condition} ORDER BY e.position;`;

/**
 * A batch of intents in one round trip and one transaction; a row for each call that did not win. The keys
 * go in first and in their order, so two servers wait for each other in one direction only. A key that is
 * taken is then looked at in a new snapshot (each statement of a volatile function has its own), where the
 * other server's commit is visible. `xmin` tells keys of this transaction from older ones, whatever ids
 * the calls carry. No two calls of one batch share a key: {@link GroupCommit} sees to that.
 */
export const COMMIT_INTENTS = `
CREATE FUNCTION commit_intents_v1(claims json, leases json, events json)
RETURNS TABLE (lost_call integer, status integer, first_decision text, first_lease text)
LANGUAGE plpgsql AS $$
DECLARE
  mine xid;
  claimed integer;
  losers integer[] := '{}';
  c record;
BEGIN
  INSERT INTO claim (key, holder, decision, lease, expires_at_ms)
  SELECT k.key, w.holder, w.decision, w.lease, w.expires_at_ms
  FROM json_to_recordset(claims) AS w (${CLAIM_RECORD})
  CROSS JOIN LATERAL (VALUES (w.token), (w.proof), (w.retry)) AS k (key)
  WHERE k.key IS NOT NULL ORDER BY k.key COLLATE "C"
  ON CONFLICT (key) DO NOTHING;
  GET DIAGNOSTICS claimed = ROW_COUNT;

  IF claimed < (SELECT count(w.token) + count(w.proof) + count(w.retry)
                FROM json_to_recordset(claims) AS w (${CLAIM_RECORD})) THEN
    mine := pg_current_xact_id()::xid;
    FOR c IN
      SELECT w.call, w.token, w.proof, w.retry, w.holder,
        t.xmin = mine AS token_new, t.holder AS token_holder, t.decision AS token_decision,
        p.xmin = mine AS proof_new,
        r.xmin = mine AS retry_new, r.decision AS retry_decision, r.lease AS retry_lease
      FROM json_to_recordset(claims) AS w (${CLAIM_RECORD})
      LEFT JOIN claim t ON t.key = w.token
      LEFT JOIN claim p ON p.key = w.proof
      LEFT JOIN claim r ON r.key = w.retry
      WHERE (t.xmin = mine AND (w.proof IS NULL OR p.xmin = mine) AND (w.retry IS NULL OR r.xmin = mine))
        IS NOT TRUE
    LOOP
      first_decision := NULL;
      first_lease := NULL;
      IF c.token_new IS NULL OR (c.proof IS NOT NULL AND c.proof_new IS NULL)
        OR (c.retry IS NOT NULL AND c.retry_new IS NULL) THEN
        -- Purged between the two statements: begin again.
        RAISE EXCEPTION 'a key vanished' USING ERRCODE = 'serialization_failure';
      ELSIF NOT c.token_new
        AND (c.retry IS NULL OR c.holder IS NULL OR c.token_holder IS DISTINCT FROM c.holder) THEN
        status := 1;
        first_decision := c.token_decision;
      ELSIF NOT coalesce(c.proof_new, true) THEN
        status := 2;
      ELSIF coalesce(c.retry_new, true) THEN
        CONTINUE;
      ELSIF c.token_new THEN
        status := 1;
        first_decision := c.retry_decision;
      ELSE
        status := 3;
        first_lease := c.retry_lease;
      END IF;
      DELETE FROM claim d WHERE d.xmin = mine
        AND (d.key IN (c.token, c.retry) OR (d.key = c.proof AND status <> 3));
      losers := losers || c.call;
      lost_call := c.call;
      RETURN NEXT;
    END LOOP;
  END IF;

  INSERT INTO lease (${LEASE_NAMES})
  SELECT ${LEASE_NAMES} FROM json_to_recordset(leases) AS l (${LEASE_RECORD}) WHERE l.call <> ALL (losers);
  ${insertEvents('e.call <> ALL (losers)')}
END $$`;

/** A batch of compare-and-set on leases; gives the calls that applied. No lease is in one batch twice. */
export const APPLY_TRANSITIONS = `
CREATE FUNCTION apply_transitions_v1(changes json, events json) RETURNS SETOF integer
LANGUAGE plpgsql AS $$
DECLARE
  applied integer[];
BEGIN
  PERFORM 1 FROM lease
  WHERE id IN (SELECT w.id FROM json_to_recordset(changes) AS w (id text)) ORDER BY id FOR UPDATE;
  WITH changed AS (
    UPDATE lease l SET state = coalesce(w.state, l.state),
      expires_at_ms = coalesce(w.expires_at_ms, l.expires_at_ms),
      ended_at_ms = coalesce(w.ended_at_ms, l.ended_at_ms),
      due_at_ms = coalesce(w.due_at_ms, l.due_at_ms),
      attempts = coalesce(w.attempts, l.attempts),
      last_error = CASE w.last_error_given WHEN 1 THEN w.last_error ELSE l.last_error END
    FROM json_to_recordset(changes) AS w (call integer, id text, from_states text, state text,
      expires_at_ms bigint, ended_at_ms bigint, due_at_ms bigint, attempts bigint,
      last_error_given integer, last_error text)
    WHERE l.id = w.id AND l.state = ANY (string_to_array(w.from_states, ','))
    RETURNING w.call
  )
  SELECT array_agg(changed.call) INTO applied FROM changed;
  IF applied IS NULL THEN RETURN; END IF;
  ${insertEvents('e.call = ANY (applied)')}
  RETURN QUERY SELECT unnest(applied);
END $$`;

export const APPEND_EVENTS = `
CREATE FUNCTION append_events_v1(events json) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  ${insertEvents('true')}
END $$`;
