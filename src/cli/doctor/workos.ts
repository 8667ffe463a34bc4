import { z } from 'zod';
import { createMissingStore } from '../../tenants/missing/missing-store.ts';
import { storedPrefix } from '../../maintenance/inspection-store.ts';
import { clockFinding } from './clock.ts';
import { counted } from '../output.ts';
import { fault, ok, warning, type Check, type Finding } from './check.ts';
import { Skipped } from './skipped.ts';
import { explainNetwork, first, networkRemedy, type Answer } from './http.ts';
import type { World } from './world.ts';

export const WORKOS_CHECKS: readonly Check[] = [
  { name: 'WorkOS', run: checkKey },
  {
    name: 'WorkOS clock',
    async run(world) {
      await world.workos('/organizations?limit=1');
      const { headers, sentAt, receivedAt } = await world.organizations();
      const date = Date.parse(first(headers.date) ?? '');
      if (Number.isNaN(date)) throw new Skipped('WorkOS sent no time');
      return clockFinding('WorkOS', date, sentAt, receivedAt);
    },
  },
  { name: 'tenant map', run: checkMap },
  { name: 'external id prefix', run: checkPrefix },
];

const KEY_REMEDY =
  'Copy the key of this environment from WorkOS’s dashboard (API Keys) into WORKOS_API_KEY.';

/** The meaning of each status, and the remedy. */
const STATUSES: Readonly<Record<number, Finding>> = {
  401: fault('WorkOS does not accept WORKOS_API_KEY', KEY_REMEDY),
  403: fault(
    'WORKOS_API_KEY may not list organizations',
    `${KEY_REMEDY} It needs all permissions.`,
  ),
  429: warning('WorkOS refuses more requests for now (429)', 'Lower WORKOS_REQUESTS_PER_MINUTE.'),
};

const Organizations = z.object({ data: z.array(z.unknown()) });

async function checkKey(world: World): Promise<Finding> {
  const { host } = new URL(world.setting('WORKOS_API_BASE_URL'));
  const isTestKey = world.setting('WORKOS_API_KEY').reveal().startsWith('sk_test_');
  let answer: Answer;
  try {
    answer = await world.organizations();
  } catch (error) {
    return unreachable(world, error);
  }
  const { status, text } = answer;
  if (status >= 500)
    return warning(`WorkOS answers ${status}`, 'See status.workos.com; Gatehouse retries.');
  const count = Organizations.safeParse(jsonOf(text)).data?.data.length;
  if (status === 200 && count !== undefined) {
    const seen = count < 100 ? String(count) : '100 or more';
    return ok(
      `accepts the ${isTestKey ? 'test key' : 'key'}, which sees ${count === 1 ? '1 organization' : `${seen} organizations`}`,
    );
  }
  return (
    STATUSES[status] ??
    fault(
      `${host} answers ${status}, and not as WorkOS does`,
      'Something in between answers: check WORKOS_API_BASE_URL, HTTPS_PROXY and DNS.',
    )
  );
}

function unreachable(world: World, error: unknown): Finding {
  const url = new URL(world.setting('WORKOS_API_BASE_URL'));
  const proxy = world.values.HTTPS_PROXY ?? world.values.HTTP_PROXY;
  const by = proxy ? ` through the proxy ${URL.parse(proxy.reveal())?.host ?? ''}` : '';
  return fault(
    `${url.host} cannot be reached${by}: ${explainNetwork(error)}`,
    networkRemedy(url, error, world.proxies),
  );
}

export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

async function checkMap(world: World): Promise<Finding> {
  const db = await world.database();
  const mapped = await createMissingStore(db).others(null, 5);
  if (mapped.length === 0) return ok('no tenant has an organization yet');
  const statuses = await Promise.all(
    mapped.map(({ organizationId }) => world.workos(`/organizations/${organizationId}`)),
  );
  const missing = statuses.filter(({ status }) => status === 404).length;
  if (missing === mapped.length)
    return fault(
      `WORKOS_API_KEY sees none of ${counted(mapped.length, 'organization')} of the tenant map: it is of another environment`,
      'Set WORKOS_API_KEY and WORKOS_CLIENT_ID of the environment that this database was used with.',
    );
  return missing > 0
    ? warning(
        `WorkOS lacks ${missing} of ${counted(mapped.length, 'organization')} of the tenant map`,
        'Run gatehouse tenants verify.',
      )
    : ok(`WorkOS has ${mapped.length} of ${mapped.length} sampled organizations`);
}

async function checkPrefix(world: World): Promise<Finding> {
  const stored = await storedPrefix(await world.database());
  const given =
    world.values.WORKOS_EXTERNAL_ID_PREFIX ?? (world.development ? 'gh:dev:' : undefined);
  if (given === undefined) throw new Skipped('WORKOS_EXTERNAL_ID_PREFIX is missing or not valid');
  if (stored === undefined) return ok(`${given} will be stored at the first start`);
  return stored === given
    ? ok(`${given}, as stored`)
    : fault(
        `WORKOS_EXTERNAL_ID_PREFIX is ${given}, but this database was first used with ${stored}`,
        `Set WORKOS_EXTERNAL_ID_PREFIX=${stored}, or use the database of this environment.`,
      );
}
