/** Steady traffic of every kind, and a ledger of what was acknowledged. */
import { setTimeout as pause } from 'node:timers/promises';
import type { FaultWorld } from '../fault-world.ts';
import { waitForAnswer } from '../wait-for.ts';
import { openLaunchPage } from '../portal-calls.ts';
import { authorizePath, createBrowser, exchange, grant } from '../sign-in.ts';

export interface TrafficAnswer {
  readonly kind: Kind;
  /** 0: the connection failed, or nothing came within 15 s. */
  readonly status: number;
  /** When it was complete, by `performance.now()`. */
  readonly at: number;
  readonly tookMs: number;
}

export interface Ledger {
  readonly answers: readonly TrafficAnswer[];
  /** Tenants whose creation was acknowledged. */
  readonly tenants: ReadonlySet<string>;
  /** Tickets whose launch was acknowledged, with the redirects to the portal that each gave. */
  readonly tickets: ReadonlyMap<string, number>;
  /** Codes that were exchanged for a profile. */
  readonly codes: ReadonlySet<string>;
}

export interface Traffic extends Ledger {
  /** Resolves once every request was answered. */
  stop(): Promise<void>;
}

type Kind = 'tenant' | 'link' | 'launch' | 'ticket' | 'authorize' | 'callback' | 'token';

const LONGEST_MS = 15_000;
const PUBLIC_URL = 'http://localhost:8080';

/** An active tenant `acme` that users can sign in to. */
export async function prepareTenant({ call, workos }: FaultWorld, url: string): Promise<void> {
  await waitForAnswer(
    () => call(url, 'PUT', '/v1/tenants/acme', { name: 'Acme' }),
    ({ status }) => status < 300,
    30_000,
  );
  for (const id of workos.organizations.keys()) workos.addConnection(id, { state: 'active' });
}

/** @param perSecond about how many requests a second, evenly spread over kinds and replicas */
export function startTraffic(
  world: FaultWorld,
  urls: readonly string[],
  perSecond: number,
): Traffic {
  const answers: TrafficAnswer[] = [];
  const [tenants, tickets, codes] = [
    new Set<string>(),
    new Map<string, number>(),
    new Set<string>(),
  ];
  const timed = async <T extends { readonly status: number }>(
    kind: Kind,
    send: () => Promise<T>,
  ) => {
    const began = performance.now();
    const answer = await Promise.race([send(), pause(LONGEST_MS)]).catch(() => undefined);
    const at = performance.now();
    answers.push({ kind, status: answer?.status ?? 0, at, tookMs: at - began });
    return answer ?? undefined;
  };
  const call = (kind: Kind, url: string, method: string, path: string, body: unknown) =>
    timed(kind, () => world.call(url, method, path, body));

  const journeys: readonly ((url: string, n: number) => Promise<void>)[] = [
    async (url, n) => {
      const id = `steady-${n}`;
      const answer = await call('tenant', url, 'PUT', `/v1/tenants/${id}`, { name: id });
      if (answer?.status === 201) tenants.add(id);
    },
    async (url) => {
      await call('link', url, 'POST', '/portal/generate_link', {
        organization: 'acme',
        intent: 'sso',
      });
    },
    async (url) => {
      const fields = { tenant_id: 'acme', intent: 'sso' };
      const launch = await call('launch', url, 'POST', '/v1/portal-launches', fields);
      if (launch?.status !== 201) return;
      const ticket = new URL(String(launch.body.url)).searchParams.get('ticket') ?? '';
      tickets.set(ticket, 0);
      const opened = await Promise.all(
        urls.map((one) => timed('ticket', () => openLaunchPage(one, { ticket }))),
      );
      tickets.set(ticket, opened.filter((page) => page?.status === 303).length);
    },
    async (url) => {
      const app = { url, config: { publicUrl: PUBLIC_URL }, workos: world.workos };
      const browser = createBrowser(app);
      const started = await timed('authorize', () => browser.get(authorizePath(world.client)));
      if (!started?.location) return;
      // It fails where the test cuts WorkOS off from everybody.
      const back = await world.workos.signIn(started.location.href).catch(() => undefined);
      if (!back) return;
      const page = await timed('callback', () => browser.get(back));
      const code = page?.location?.searchParams.get('code');
      if (!code) return;
      const token = await timed('token', () => exchange(app, grant(world.client, code)));
      if (token?.status === 200) codes.add(code);
    },
  ];

  let n = 0;
  const begun: Promise<void>[] = [];
  const timer = setInterval(
    () => {
      n += 1;
      const url = urls[n % urls.length] ?? '';
      const one = journeys[Math.floor(n / urls.length) % journeys.length]?.(url, n);
      if (!one) return;
      // `stop` reports a failure.
      one.catch(() => undefined);
      begun.push(one);
    },
    // A journey is two requests on average.
    2_000 / perSecond,
  );
  return {
    answers,
    tenants,
    tickets,
    codes,
    async stop() {
      clearInterval(timer);
      await Promise.all(begun);
    },
  };
}

/** The slowest answer, in milliseconds. */
export const longest = ({ answers }: Ledger): number =>
  Math.max(0, ...answers.map(({ tookMs }) => tookMs));

/** How often each status was answered, by kind. */
export function statuses({ answers }: Ledger): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind, status } of answers)
    counts[`${kind} ${status}`] = (counts[`${kind} ${status}`] ?? 0) + 1;
  return counts;
}

/** Prints figures of a run, which depend on the machine. */
export const tell = (what: string, figures: Readonly<Record<string, number>>): void => {
  const parts = Object.entries(figures).map(([name, value]) => `${name} ${Math.round(value)}`);
  process.stderr.write(`${what}: ${parts.join(', ')}\n`);
};
