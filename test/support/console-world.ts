import pg from 'pg';
import type { Development } from '../../src/dev/development.ts';

/** Names that no page may break on: long, right to left, and one that wants to be HTML. */
const NAMES = {
  long: `Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft ${'und Söhne '.repeat(12)}`,
  rtl: 'شركة الأمل للتجارة (ישראל) بع‎م',
  'a-tenant-id-that-is-as-long-as-an-id-may-be-which-is-sixty-four-':
    '<script>alert(1)</script>" onload="alert(2)',
} as const;

/** Fills the database of a development environment with what goes wrong in a year, for the pages of the console. */
export async function arrangeTroubles(
  { url, key }: Development,
  settings: Readonly<Record<string, string>>,
): Promise<{ endpointId: string }> {
  const call = async (method: string, path: string, body: object): Promise<unknown> => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const res = await fetch(url + path, { method, headers, body: JSON.stringify(body) });
    if (!res.ok) throw new Error(`${method} ${path} came to ${res.status} ${await res.text()}`);
    return res.json();
  };
  for (const [id, name] of Object.entries(NAMES))
    await call('PUT', `/v1/tenants/${id}`, { name: name.trim().slice(0, 255) });
  const endpoint = (await call('POST', '/webhook_endpoints', {
    endpoint_url: 'http://localhost:9/hooks/a-secret-of-the-client',
    events: ['connection.activated', 'gatehouse.tenant.orphaned', 'dsync.user.created'],
  })) as { id: string };
  await withOwner(settings, endpoint.id);
  return { endpointId: endpoint.id };
}

const ARRANGE = [
  `insert into events (id, event, organization_id, tenant_id, data, created_at, source, position, parked_at, parked_reason)
    values ('event_parked_1', 'connection.activated', 'org_01UNKNOWN', null, '{"secret": "PAYLOAD"}', now() - interval '2 hours', 'feed', null, now() - interval '110 minutes', 'could not be applied: 23514 mirror_check'),
      ('event_failed_1', 'dsync.user.created', null, 'acme', '{"email": "person@PAYLOAD.example"}', now() - interval '3 days', 'feed', 900001, null, null)`,
  `insert into unreadable_events (id, source, reason, raw)
    values (repeat('ab', 32), 'webhook', 'data.id must be text', 'PAYLOAD')`,
  `update tenants set status = 'orphaned', former_status = 'active', missing_since = now() - interval '4 hours' where id = 'long'`,
];

async function withOwner(
  { DATABASE_MIGRATION_URL }: Readonly<Record<string, string>>,
  endpointId: string,
): Promise<void> {
  const owner = new pg.Client({ connectionString: DATABASE_MIGRATION_URL });
  await owner.connect();
  try {
    for (const statement of ARRANGE) await owner.query(statement);
    await owner.query(
      `insert into webhook_messages (endpoint_id, event_id, state, updated_at) values ($1, 'event_failed_1', 'failed', now() - interval '5 hours')`,
      [endpointId],
    );
    await owner.query(
      `insert into webhook_attempts (endpoint_id, event_id, status, duration_ms, outcome, at)
       select $1, 'event_failed_1', 503, 40 + n, 'refused', now() - n * interval '1 minute' from generate_series(1, 5) n`,
      [endpointId],
    );
  } finally {
    await owner.end();
  }
}
