import { randomUUID } from 'node:crypto';
import { partitionState } from '../../maintenance/retention.ts';
import { workFacts } from '../../maintenance/inspection-store.ts';
import { backlogOf } from '../../events/inbox/store.ts';
import { counted } from '../output.ts';
import { fault, ok, warning, type Check, type Finding } from './check.ts';
import { Skipped } from './skipped.ts';
import { explainNetwork, get, networkRemedy } from './http.ts';
import { jsonOf } from './workos.ts';
import type { World } from './world.ts';

export const OPERATION_CHECKS: readonly Check[] = [
  { name: 'public URL', run: checkPublicUrl },
  {
    name: 'worker',
    async run(world) {
      const facts = await workFacts(await world.database());
      return facts?.leaseLeft == null
        ? fault(
            'no worker runs: events are not read and webhooks not delivered',
            'Start gatehouse worker; its log says why if it does not lead.',
          )
        : ok('one leads');
    },
  },
  { name: 'events', run: checkEvents },
  { name: 'webhook arrival', run: checkArrival },
  { name: 'retention', run: checkRetention },
];

const START = 'Start gatehouse serve, and let the load balancer pass PUBLIC_URL to its PORT.';
const FROM_OUTSIDE = `Open it in a browser: if Gatehouse answers there, only this machine cannot reach it, which does no harm. Otherwise start gatehouse serve, and let the load balancer pass PUBLIC_URL to its PORT.`;
/** This machine may lack an authority that browsers have. */
const UNKNOWN_AUTHORITY = 'no known authority';

async function checkPublicUrl(world: World): Promise<Finding> {
  const { origin } = new URL(world.setting('PUBLIC_URL'));
  const url = new URL('/openapi.json', origin);
  try {
    const { status, text } = await get(url, { proxies: world.proxies });
    if (status === 200 && titleOf(text) === 'Gatehouse')
      return (await losesCredentials(world, origin))
        ? fault(
            `what stands in front of ${origin} removes the Authorization header, so every client gets 401`,
            KEEP,
          )
        : ok(`Gatehouse answers at ${origin}`);
    return warning(`${origin} answers ${status}, and not as Gatehouse does`, START);
  } catch (error) {
    const why = explainNetwork(error);
    if (why.includes('certificate') && !why.includes(UNKNOWN_AUTHORITY))
      return fault(`browsers will refuse ${origin}: ${why}`, networkRemedy(url, error));
    if (why.includes(UNKNOWN_AUTHORITY))
      return warning(
        `this machine does not trust ${origin}: ${why}`,
        'Open it in a browser: if it warns too, mend the certificate. Otherwise name the CA’s file with NODE_EXTRA_CA_CERTS.',
      );
    return warning(`${origin} cannot be reached from here: ${why}`, FROM_OUTSIDE);
  }
}

const KEEP = 'Let the proxy or load balancer pass Authorization on as it came.';

/** True if the answer to a made-up key is that to no key at all. The log shows both as requests of the doctor. */
async function losesCredentials({ proxies }: World, origin: string): Promise<boolean> {
  const url = new URL('/v1/tenants', origin);
  const ask = async (headers: Readonly<Record<string, string>>) => {
    const named = { ...headers, 'x-request-id': `doctor-${randomUUID()}` };
    const { status, text } = await get(url, { headers: named, proxies });
    const { code, detail } = (jsonOf(text) ?? {}) as { code?: unknown; detail?: unknown };
    return status === 401 && code === 'unauthenticated' ? detail : undefined;
  };
  const [without, withOne] = await Promise.all([ask({}), ask({ authorization: 'Bearer doctor' })]);
  return without !== undefined && without === withOne;
}

const titleOf = (text: string): unknown =>
  (jsonOf(text) as { info?: { title?: unknown } } | undefined)?.info?.title;

/** Polling is sometimes quicker than a webhook, and then for all events of that moment. */
const FEW_MINUTES = 4;

/** The leader reads every few seconds. */
const READ_WITHIN_S = 300;

async function checkEvents(world: World): Promise<Finding | Finding[]> {
  const db = await world.database();
  const [facts, { waiting, parked, lag }] = await Promise.all([workFacts(db), backlogOf(db)]);
  const findings: Finding[] = [];
  if (facts?.readAge == null)
    findings.push(
      warning(
        'WorkOS’s events were never read',
        'Start gatehouse worker; if one leads, its log says why.',
      ),
    );
  else if (facts.readAge > READ_WITHIN_S)
    findings.push(
      fault(
        `WorkOS’s events were last read ${ageOf(facts.readAge)} ago`,
        'Look into the log of the leading worker; see worker and WorkOS.',
      ),
    );
  if (parked > 0)
    findings.push(
      warning(
        `${counted(parked, 'parked event')} not applied`,
        'Run gatehouse events parked list.',
      ),
    );
  if (waiting > 0 && lag > READ_WITHIN_S)
    findings.push(
      warning(
        `${counted(waiting, 'event')} not applied yet`,
        'Look into the log of the leading worker.',
      ),
    );
  if (findings.length > 0) return findings;
  return ok(
    facts?.eventAge == null ? 'none came yet' : `the last came ${ageOf(facts.eventAge)} ago`,
  );
}

/** A wrong secret is not noticed otherwise: polling brings the same events, some seconds later. */
async function checkArrival(world: World): Promise<Finding> {
  if (!world.values.WORKOS_WEBHOOK_SECRETS) throw new Skipped('WORKOS_WEBHOOK_SECRETS is not set');
  const facts = await workFacts(await world.database());
  const { polled = 0, pollingMinutes = 0, delivered = 0 } = facts ?? {};
  if (delivered > 0)
    return ok(`${delivered} of the last ${delivered + polled} events came by webhook`);
  return pollingMinutes < FEW_MINUTES
    ? ok('too few events came to tell')
    : warning(
        `the last ${polled} events came by polling and none by webhook`,
        'Compare the secret of the endpoint in WorkOS’s dashboard (Webhooks) with WORKOS_WEBHOOK_SECRETS, and look for invalid_signature in the log; if there is none, no delivery arrives here. The next event that comes by webhook ends this warning.',
      );
}

function ageOf(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800
    ? `${Math.round(seconds / 3_600)} h`
    : `${Math.round(seconds / 86_400)} days`;
}

/** The leading worker deletes once an hour. */
const GRACE_DAYS = 2;
const FEW_DAYS = 14;

async function checkRetention(world: World): Promise<Finding | Finding[]> {
  const db = await world.database();
  const days = world.setting('RETENTION_DAYS');
  const [facts, partitions] = await Promise.all([workFacts(db), partitionState(db)]);
  const oldest = facts?.oldestDays ?? 0;
  const remedy = 'Run gatehouse maintain with DATABASE_MIGRATION_URL, and see that a worker runs.';
  const findings = partitions
    .filter(({ ends, isDefaultUsed }) => isDefaultUsed || isNear(ends))
    .map(({ name, isDefaultUsed }) =>
      warning(
        `${name}: ${isDefaultUsed ? 'rows are in the default partition' : 'partitions end soon'}`,
        remedy,
      ),
    );
  if (oldest > days + GRACE_DAYS)
    findings.push(
      warning(
        `events of ${Math.floor(oldest)} days ago are kept, longer than RETENTION_DAYS=${days}`,
        remedy,
      ),
    );
  return findings.length > 0 ? findings : ok(`nothing is older than RETENTION_DAYS=${days}`);
}

const isNear = (ends: Date | null): boolean =>
  ends === null || ends.getTime() < Date.now() + FEW_DAYS * 86_400_000;
