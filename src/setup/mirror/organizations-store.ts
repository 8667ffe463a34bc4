import type { Queryable } from '../../core/ports.ts';
import { put } from './store.ts';
import { Organization, organizationEntries } from './wire.ts';

/** The data of an organization's entry. */
interface OrganizationData {
  readonly domains: readonly Readonly<Record<string, unknown>>[];
}

/**
 * The data has a time only if the whole organization was stored; older releases stored its name alone.
 *
 * An entry is good for a day while events keep it current, else for a minute. A domain that was learned
 * later has changed since the organization was read.
 */
const KNOWN = {
  name: 'known-organizations',
  text: `select m.id, m.data from mirror m left join feed_cursors f on f.feed = 'workos'
    where m.kind = 'organization' and m.id = any($1) and m.deleted_at is null
      and (m.data->>'updated_at')::timestamptz = m.updated_at
      and m.as_of > now() - case when f.read_at > now() - interval '1 minute'
        then interval '1 day' else interval '1 minute' end
      and not exists (select from mirror d
        where d.organization_id = m.id and d.kind = 'domain' and d.as_of > m.as_of)`,
};

export type OrganizationMirror = ReturnType<typeof createOrganizationMirror>;

/** Organizations at WorkOS as far as events, reads and our own changes have told. */
export const createOrganizationMirror = (db: Queryable) => ({
  /**
   * Returns organizations by id, as WorkOS answers them but for their external ids and the records that
   * prove their domains. Those of which too little or nothing current is known are left out.
   */
  async known(ids: readonly string[]): Promise<ReadonlyMap<string, unknown>> {
    if (ids.length === 0) return new Map();
    const rows = await db.query<{ id: string; data: OrganizationData }>(KNOWN, [ids]);
    return new Map(rows.map(({ id, data }) => [id, asAnswered(id, data)]));
  },

  /**
   * Remembers an organization that WorkOS has answered. Never fails: what is not remembered is read again.
   *
   * @param ageSeconds since it was requested
   */
  async remember(reply: unknown, ageSeconds: number): Promise<void> {
    const organization = Organization.safeParse(reply);
    if (!organization.success) return;
    const entries = organizationEntries(organization.data);
    await put(db, entries, ageSeconds).catch(() => undefined);
  },
});

const asAnswered = (id: string, { domains, ...fields }: OrganizationData) => ({
  ...fields,
  id,
  domains: domains.map(({ strategy, ...domain }) => ({
    object: 'organization_domain',
    ...domain,
    organization_id: id,
    verification_strategy: strategy,
  })),
});
