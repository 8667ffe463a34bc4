import { Problem } from '../../core/problem.ts';
import { TenantId } from '../../core/wire-ids.ts';
import type { Mirror } from '../../setup/mirror/store.ts';
import type { TimelinePage, TimelineQuery } from '../../timeline/entry.ts';
import type { Severity } from '../../timeline/verdict/facts.ts';
import type { Verdict } from '../../timeline/verdict/verdict.ts';
import type { TenantFacts } from '../tenants-store.ts';
import type { ConsolePage } from '../page.ts';
import type { Cell, Notice, Section, Tone, View } from '../view.ts';
import { clientCell } from '../links.ts';
import { historySection } from './tenant-history.ts';
import { setupSection } from './tenant-setup.ts';
import { statusCell, statusWords } from './tenant-words.ts';

export interface TenantDeps {
  readonly find: (id: string) => Promise<TenantFacts | undefined>;
  readonly mirror: (organizationId: string) => Promise<Mirror>;
  readonly verdict: (id: string, since: Date) => Promise<Verdict>;
  readonly timeline: (id: string, query: TimelineQuery) => Promise<TimelinePage>;
}

const ENTRIES = 50;
/** The period in which causes are looked for. */
const VERDICT_MS = 7 * 86_400_000;

/** One tenant: its state, what it has set up at WorkOS, and what happened to it. */
export const tenantPage = ({ find, mirror, verdict, timeline }: TenantDeps): ConsolePage => ({
  path: '/tenants/:id',
  name: 'tenant',
  reads: ['older'],
  tenantOf: ({ id }) => (isId(id) ? id : undefined),
  async show(visit) {
    const tenant = isId(visit.id) ? await find(visit.id) : undefined;
    if (!tenant) return undefined;
    const known = tenant.organizationId === null ? undefined : await mirror(tenant.organizationId);
    const why = await verdict(tenant.id, new Date(visit.now.getTime() - VERDICT_MS));
    const page = await timeline(tenant.id, { limit: ENTRIES, cursor: visit.query.older }).catch(
      refuseCursor,
    );
    return view(tenant, why, known, page);
  },
});

const isId = (id: string): boolean => TenantId.safeParse(id).success;

/** @throws Problem `malformed-request` for a place that no page linked to */
function refuseCursor(error: unknown): never {
  throw error instanceof RangeError
    ? new Problem('malformed-request', 'No page of this tenant has linked to these entries.')
    : error;
}

function view(
  tenant: TenantFacts,
  why: Verdict,
  known: Mirror | undefined,
  page: TimelinePage,
): View {
  return {
    kind: `Tenant ${tenant.id}`,
    title: tenant.name,
    sections: [
      signIn(why),
      state(tenant),
      ...(known ? [setupSection(known)] : []),
      historySection(tenant.id, page),
    ],
  };
}

const SEVERITIES: Readonly<Record<Severity, { readonly tone: Tone; readonly label: string }>> = {
  blocks: { tone: 'bad', label: 'Blocks logins' },
  may_block: { tone: 'waiting', label: 'May block logins' },
  warns: { tone: 'plain', label: 'Note' },
};

/** Why its users cannot sign in, with remedies. */
const signIn = ({ headline, findings, lastLogin, cutAt }: Verdict): Section => ({
  title: 'Can its users sign in?',
  notices: [
    ...(findings.every(({ severity }) => severity === 'warns')
      ? [{ tone: 'good' as const, text: headline }]
      : []),
    ...findings.map(({ severity, sentence, remedy, at }) => ({
      ...SEVERITIES[severity],
      ...{ text: sentence, hint: remedy, at },
    })),
  ],
  facts: [
    ['Last login in 7 days', { at: lastLogin }],
    ...(cutAt ? ([['Read back to only', { at: cutAt }]] as const) : []),
  ],
});

function state(tenant: TenantFacts): Section {
  const { means, tone } = statusWords(tenant.status);
  const notice: Notice = { tone, text: `The tenant is ${tenant.status}.`, hint: means };
  return {
    ...(means !== '' && { notices: [notice] }),
    facts: [
      ['Status', statusCell(tenant.status)],
      ['Organization at WorkOS', idCell(tenant.organizationId ?? tenant.formerOrganizationId)],
      ['Domains', tenant.domains.map(({ domain, state: of }) => `${domain} (${of})`)],
      ['Sign-in client', clientCell(tenant.signInClientId)],
      ['Created', { at: tenant.createdAt }],
      ['Changed', { at: tenant.updatedAt }],
      ...(tenant.missingSince
        ? ([['WorkOS has not found it since', { at: tenant.missingSince }]] as const)
        : []),
      ...(tenant.unsureSince
        ? ([['A change at WorkOS is uncertain since', { at: tenant.unsureSince }]] as const)
        : []),
      ...(tenant.formerStatus ? ([['Status to return to', tenant.formerStatus]] as const) : []),
    ],
  };
}

const idCell = (id: string | null): Cell => (id === null ? null : { code: id });
