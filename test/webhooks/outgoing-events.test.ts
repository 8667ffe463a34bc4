import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toClientEvent, type UnplacedEvent } from '../../src/events/feed/client-event.ts';

const OWN = 'org_01EHZNVPK3SFK441A1RGBFSHRT';
const OTHER = 'org_01ARZ3NDEKTSV4RRFFQ69G5FAV';

const told = (data: UnplacedEvent['data'], fields: Partial<UnplacedEvent> = {}): UnplacedEvent => ({
  id: 'event_1',
  event: 'connection.activated',
  organizationId: OWN,
  tenantId: 'acme',
  data,
  context: null,
  createdAt: new Date('2026-01-02T03:04:05.678Z'),
  ...fields,
});
const dataOf = (data: UnplacedEvent['data'], fields?: Partial<UnplacedEvent>) =>
  toClientEvent(told(data, fields)).data;

describe('an event for clients', () => {
  it('has the form of WorkOS, with a context only if there is one', () => {
    expect(toClientEvent(told({ id: 'conn_1' }))).toEqual({
      object: 'event',
      id: 'event_1',
      event: 'connection.activated',
      data: { id: 'conn_1' },
      created_at: '2026-01-02T03:04:05.678Z',
    });
    expect(toClientEvent(told({}, { context: { organization_id: OWN } })).context).toEqual({
      organization_id: 'acme',
    });
  });

  it('names the tenant wherever WorkOS names its organization', () => {
    const data = {
      object: 'api_key',
      organization_id: OWN,
      owner: { type: 'organization', id: OWN },
      organization: { id: OWN, external_id: 'gh:prod:acme', name: 'Acme' },
      organization_ids: [OWN],
      targets: [{ type: 'organization', id: OWN }, 'text'],
      previous_attributes: { connection: { organization_id: OWN } },
    };

    expect(dataOf(data)).toEqual({
      object: 'api_key',
      organization_id: 'acme',
      owner: { type: 'organization', id: 'acme' },
      organization: { id: 'acme', external_id: 'acme', name: 'Acme' },
      organization_ids: ['acme'],
      targets: [{ type: 'organization', id: 'acme' }, 'text'],
      previous_attributes: { connection: { organization_id: 'acme' } },
    });
  });

  it('is of an organization without our mark and prefix', () => {
    const organization = {
      object: 'organization',
      id: OWN,
      external_id: 'gh:prod:acme',
      name: 'Acme',
      domains: [{ object: 'organization_domain', id: 'org_domain_1', organization_id: OWN }],
      metadata: { gatehouse_tenant: 'acme', plan: 'gold' },
    };

    expect(dataOf(organization)).toEqual({
      object: 'organization',
      id: 'acme',
      external_id: 'acme',
      name: 'Acme',
      domains: [{ object: 'organization_domain', id: 'org_domain_1', organization_id: 'acme' }],
      metadata: { plan: 'gold' },
    });
  });

  it('has an empty text for an organization that is not the tenant’s, where SDKs require a text', () => {
    const data = {
      organization_id: OTHER,
      organizations: [{ id: OTHER, external_id: 'globex', name: 'Globex' }, OTHER, { id: OWN }],
      owner: { id: OTHER },
      organization: 'globex',
    };

    expect(dataOf(data)).toEqual({
      organization_id: '',
      organizations: [{ id: '', external_id: null, name: 'Globex' }, '', { id: 'acme' }],
      owner: { id: '' },
      organization: '',
    });
    expect(dataOf({ organization_id: null })).toEqual({ organization_id: null });
  });

  it('does not change text typed by people, or words that only begin like an id', () => {
    const data = {
      raw_attributes: { organization_id: 'Sales', manager: OTHER },
      custom_attributes: { organization: 'Sales' },
      role: { slug: 'org_admin' },
      organization_name: 'Acme',
    };

    expect(dataOf(data)).toEqual(data);
  });

  it('is not translated if it is our own', () => {
    const data = { tenant_id: 'acme', organization_id: 'acme' };

    expect(
      dataOf(data, { event: 'gatehouse.portal_launch.returned', organizationId: null }),
    ).toEqual(data);
  });

  it('never contains an organization id, whatever its data looks like', () => {
    const key = fc.oneof(
      fc.constantFrom('id', 'object', 'organization', 'organization_id', 'organizations', 'owner'),
      fc.stringMatching(/^[a-z_]{1,12}$/),
    );
    const leaf = fc.constantFrom<unknown>(OWN, OTHER, 'organization', 'text', null, 1, true);
    const { data } = fc.letrec<{ data: Record<string, unknown>; value: unknown }>((tie) => ({
      data: fc.dictionary(key, tie('value'), { maxKeys: 5 }),
      value: fc.oneof({ maxDepth: 4 }, leaf, fc.array(tie('value'), { maxLength: 3 }), tie('data')),
    }));
    const tenant = fc.constantFrom('acme', null);

    fc.assert(
      fc.property(data, data, tenant, (one, context, tenantId) => {
        const organizationId = tenantId === null ? null : OWN;
        const text = JSON.stringify(
          toClientEvent(told(one, { tenantId, organizationId, context })),
        );
        expect(text).not.toMatch(/org_0/);
      }),
      { numRuns: 500 },
    );
  });
});
