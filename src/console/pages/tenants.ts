import type { FoundTenants } from '../tenants-store.ts';
import type { ConsolePage } from '../page.ts';
import { withQuery } from '../paths.ts';
import type { Notice, Section } from '../view.ts';
import { statusCell, TENANT_STATUSES } from './tenant-words.ts';

export interface TenantsDeps {
  readonly list: (status: string | undefined, after: string | undefined) => Promise<FoundTenants>;
  readonly search: (text: string, status: string | undefined) => Promise<FoundTenants>;
}

const CHOICES = [
  { value: '', text: 'Any' },
  ...TENANT_STATUSES.map((status) => ({ value: status, text: status })),
];

/** Tenants, newest first, or those that a search finds. */
export const tenantsPage = ({ list, search }: TenantsDeps): ConsolePage => ({
  path: '/tenants',
  name: 'tenants',
  reads: ['q', 'status', 'after'],
  async show({ query: { q: text = '', after, ...query } }) {
    const status = TENANT_STATUSES.find((one) => one === query.status);
    const result = text === '' ? await list(status, after) : await search(text, status);
    return {
      title: 'Tenants',
      sections: [
        {
          filter: {
            to: '/tenants',
            button: 'Search',
            fields: [
              { name: 'q', label: 'Search', value: text, hint: 'Id, name, domain or org_…' },
              { name: 'status', label: 'Status', value: status ?? '', choices: CHOICES },
            ],
          },
        },
        found(result, text, status),
      ],
    };
  },
});

function found(result: FoundTenants, text: string, status: string | undefined): Section {
  const { tenants, hasMore, isCutShort } = result;
  const notices = isCutShort
    ? [TOO_SLOW]
    : hasMore && text !== ''
      ? [MORE_FOUND(tenants.length)]
      : [];
  const last = hasMore && text === '' ? tenants.at(-1) : undefined;
  return {
    ...(notices.length > 0 && { notices }),
    table: {
      caption: 'Tenants',
      columns: ['Tenant', 'Name', 'Status', 'Organization', 'Created'],
      rows: tenants.map((tenant) => [
        { link: `/tenants/${tenant.id}`, text: tenant.id },
        tenant.name,
        statusCell(tenant.status),
        tenant.organizationId === null ? null : { code: tenant.organizationId },
        { at: tenant.createdAt },
      ]),
      empty: text === '' ? 'There is no tenant.' : 'No tenant matches.',
      next: last && withQuery('/tenants', { status, after: last.id }),
    },
  };
}

const TOO_SLOW: Notice = {
  tone: 'waiting',
  text: 'The names could not be searched in time.',
  hint: 'Search by the id, a domain or the organization’s id, or by at least three letters of the name.',
};

const MORE_FOUND = (count: number): Notice => ({
  tone: 'plain',
  text: `More than ${count} tenants match.`,
  hint: 'Give more of the name or the id.',
});
