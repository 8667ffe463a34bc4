import { beforeEach, describe, expect, it } from '@jest/globals';
import type { CreateAuditLogEventOptions } from '@workos-inc/node';
import { AUDIT_LOG_SCHEMA } from '../support/fake-workos-things.ts';
import { bothWays, useFakeWorkos } from '../support/fake-workos.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const world = useFakeWorkos();
let organization: string;

beforeEach(async () => {
  const { id } = await world.workos.organizations.createOrganization({ name: 'Acme' });
  organization = id;
  await world.workos.auditLogs.createSchema(AUDIT_LOG_SCHEMA);
});

function event(changes: Partial<CreateAuditLogEventOptions> = {}): CreateAuditLogEventOptions {
  return {
    action: 'invoice.paid',
    occurredAt: new Date(world.clock.getTime() - MINUTE),
    actor: { id: 'user_ada', type: 'user', name: 'Ada' },
    targets: [{ id: 'invoice_1', type: 'invoice', metadata: { cost: 7 } }],
    context: { location: '192.0.2.1', userAgent: 'test' },
    metadata: { reason: 'due' },
    ...changes,
  };
}

function report(changes: Partial<CreateAuditLogEventOptions> = {}, idempotencyKey?: string) {
  const options = idempotencyKey === undefined ? {} : { idempotencyKey };
  return world.workos.auditLogs.createEvent(organization, event(changes), options);
}

describe('audit log events', () => {
  it('are stored as they were reported', async () => {
    await report();

    expect([...world.fake.state.auditLogEvents.values()]).toMatchObject([
      {
        organization_id: organization,
        action: 'invoice.paid',
        occurred_at: '2026-11-22T11:59:00.000Z',
        actor: { id: 'user_ada', type: 'user', name: 'Ada' },
        targets: [{ id: 'invoice_1', type: 'invoice', metadata: { cost: 7 } }],
        context: { location: '192.0.2.1', user_agent: 'test' },
        metadata: { reason: 'due' },
      },
    ]);
  });

  it('are stored once per key and event, for 24 hours', async () => {
    const occurredAt = world.clock;
    const count = () => world.fake.state.auditLogEvents.size;
    await report({ occurredAt }, 'once');
    await report({ occurredAt }, 'once');
    const repeated = count();
    await report({ occurredAt, metadata: { reason: 'other' } }, 'once');
    await report({ occurredAt }, 'other');
    const others = count();
    world.pass(24 * HOUR - 1);
    await report({ occurredAt }, 'once');
    const lastMoment = count();
    world.pass(1);
    await report({ occurredAt }, 'once');

    expect([repeated, others, lastMoment, count()]).toEqual([1, 3, 3, 4]);
  });

  it('are their own idempotency key when none is given', async () => {
    const { workos, fake } = world;
    const body = {
      organization_id: organization,
      event: {
        action: 'invoice.paid',
        occurred_at: '2026-11-22T11:59:00.000Z',
        actor: { id: 'user_ada', type: 'user' },
        targets: [{ id: 'invoice_1', type: 'invoice' }],
        context: { location: '192.0.2.1' },
      },
    };
    await workos.post('/audit_logs/events', body);
    await workos.post('/audit_logs/events', body);

    expect(fake.state.auditLogEvents.size).toBe(1);
  });

  it.each<[string, Partial<CreateAuditLogEventOptions>, string[]]>([
    ['an action without a schema', { action: 'invoice.sent' }, ['/action']],
    ['a version that is none', { version: 2 }, ['/version']],
    ['no targets', { targets: [] }, ['/targets']],
    ['a target of another type', { targets: [{ id: '1', type: 'door' }] }, ['/targets/0/type']],
    [
      'metadata of another type',
      {
        targets: [{ id: '1', type: 'invoice', metadata: { cost: 'much' } }],
        metadata: { reason: 1 },
      },
      ['/metadata/reason', '/targets/0/metadata/cost'],
    ],
    ['a long value', { metadata: { reason: 'x'.repeat(501) } }, ['/metadata/reason']],
    ['a long key', { metadata: { ['k'.repeat(41)]: 'x' } }, [`/metadata/${'k'.repeat(41)}`]],
    [
      '51 keys of the actor',
      {
        actor: {
          id: 'user_ada',
          type: 'user',
          metadata: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`k${n}`, 'x'])),
        },
      },
      ['/actor/metadata'],
    ],
  ])('are refused with %s', async (_what, changes, pointers) => {
    await expect(report(changes)).rejects.toMatchObject({
      status: 400,
      code: 'invalid_audit_log_event',
      errors: pointers.map((instancePath) => ({ instancePath })),
    });
    expect(world.fake.state.auditLogEvents.size).toBe(0);
  });

  it('are refused without an actor, and for an unknown organization', async () => {
    const { auditLogs } = world.workos;
    const incomplete = world.workos.post('/audit_logs/events', {
      organization_id: organization,
      event: {},
    });

    await expect(incomplete).rejects.toMatchObject({
      status: 422,
      message: expect.stringContaining('event.actor_required'),
    });
    await expect(auditLogs.createEvent('org_none', event())).rejects.toMatchObject({ status: 404 });
  });

  it('may name the version of an older schema', async () => {
    const { auditLogs } = world.workos;
    const next = await auditLogs.createSchema({
      action: 'invoice.paid',
      targets: [{ type: 'bill' }],
    });
    await report({ version: 1 });

    expect(next.version).toBe(2);
    await expect(report()).rejects.toMatchObject({ code: 'invalid_audit_log_event' });
    await report({ targets: [{ id: 'bill_1', type: 'bill' }] });
  });
});

describe('audit log schemas', () => {
  it('are listed as registered, newest first', async () => {
    const { auditLogs } = world.workos;
    await auditLogs.createSchema({ action: 'invoice.paid', targets: [{ type: 'bill' }] });
    const { data } = await auditLogs.listSchemas('invoice.paid');

    expect(data).toMatchObject([
      { version: 2, targets: [{ type: 'bill' }] },
      {
        version: 1,
        targets: [{ type: 'invoice', metadata: { cost: 'number' } }],
        metadata: { reason: 'string' },
        createdAt: '2026-11-22T12:00:00.000Z',
      },
    ]);
    await expect(auditLogs.listSchemas('none')).rejects.toMatchObject({ status: 404 });
  });

  it('are refused when a target has no type', async () => {
    const targets = [{ type: '' }];

    await expect(
      world.workos.auditLogs.createSchema({ action: 'new', targets }),
    ).rejects.toMatchObject({ status: 422 });
    expect([...world.fake.state.auditLogActions.keys()]).toEqual(['invoice.paid']);
  });

  it('and actions are listed page by page in both directions', async () => {
    const { workos } = world;
    for (let version = 2; version <= 5; version++)
      await workos.auditLogs.createSchema({ action: 'invoice.paid', targets: [{ type: 'a' }] });
    for (const action of ['b', 'c', 'd', 'e'])
      await workos.auditLogs.createSchema({ action, targets: [{ type: 'a' }] });
    const schemas = await bothWays((page) => workos.auditLogs.listSchemas('invoice.paid', page));
    const actions = await bothWays(async (query) => {
      const { data } = await workos.get<{
        data: { name: string; schema: { version: number } }[];
        list_metadata: { before: string | null; after: string | null };
      }>('/audit_logs/actions', { query });
      return { data: data.data, listMetadata: data.list_metadata };
    });
    const read = <Item>(pages: Item[][], text: (item: Item) => string | number) =>
      pages.map((page) => page.map(text).join(' '));

    expect(read(schemas.forth, ({ version }) => version)).toEqual(['5 4', '3 2', '1']);
    expect(read(schemas.back, ({ version }) => version)).toEqual(['3 2', '5 4']);
    expect(read(actions.forth, ({ name }) => name)).toEqual(['e d', 'c b', 'invoice.paid']);
    expect(read(actions.back, ({ name }) => name)).toEqual(['c b', 'e d']);
    expect(actions.forth[2]?.[0]?.schema.version).toBe(5);
  });
});

describe('audit log exports', () => {
  const hour = () => ({
    organizationId: organization,
    rangeStart: new Date(world.clock.getTime() - HOUR),
    rangeEnd: world.clock,
  });

  it('are pending, then ready at a URL that is new each time', async () => {
    const { auditLogs } = world.workos;
    const created = await auditLogs.createExport(hour());
    const first = await auditLogs.getExport(created.id);
    const second = await auditLogs.getExport(created.id);
    const third = await auditLogs.getExport(created.id);

    expect(created).toMatchObject({ state: 'pending', url: null });
    expect(first).toMatchObject({ state: 'pending', url: null });
    expect(second.state).toBe('ready');
    expect(second.url).toMatch(/^http/);
    expect(third.url).not.toBe(second.url);
  });

  it('contain the requested events as CSV, for ten minutes', async () => {
    const { auditLogs } = world.workos;
    await auditLogs.createSchema({ action: 'door.opened', targets: [{ type: 'door' }] });
    const door = { action: 'door.opened', targets: [{ id: 'door_1', type: 'door' }], metadata: {} };
    await report({ metadata: { reason: 'said "now"' } });
    await report({ ...door, actor: { id: 'user_eve', type: 'user', name: 'Eve' } });
    await report({ occurredAt: new Date(world.clock.getTime() - 2 * HOUR) });
    const linesOf = async (filter: object) => {
      const { id } = await auditLogs.createExport({ ...hour(), ...filter });
      await auditLogs.getExport(id);
      const { url = '' } = await auditLogs.getExport(id);
      const file = await fetch(url);
      return { url, type: file.headers.get('content-type'), text: await file.text() };
    };
    const all = await linesOf({});
    const lines = all.text.trim().split('\n');

    expect(all.type).toBe('text/csv; charset=utf-8');
    expect(lines[0]).toBe('id,action,occurred_at,actor,targets,context,metadata');
    expect(lines).toHaveLength(3);
    expect(lines[1]).toContain('"{""reason"":""said \\""now\\""""}"');
    for (const filter of [
      { actions: ['door.opened'] },
      { actorNames: ['Eve'] },
      { actorIds: ['user_eve'] },
      { targets: ['door'] },
    ]) {
      const { text } = await linesOf(filter);
      expect([filter, text.match(/"door\.opened"/g)?.length]).toEqual([filter, 1]);
      expect(text).not.toContain('invoice.paid');
    }
    world.pass(10 * MINUTE);
    expect((await fetch(all.url)).status).toBe(404);
  });

  it('may fail', async () => {
    const { id } = await world.workos.auditLogs.createExport(hour());
    world.fake.failAuditLogExport(id);

    for (let look = 0; look < 2; look++)
      expect(await world.workos.auditLogs.getExport(id)).toMatchObject({
        state: 'error',
        url: null,
      });
  });

  it.each([
    ['ends before it begins', () => ({ rangeEnd: new Date(world.clock.getTime() - 2 * HOUR) })],
    ['begins more than three months ago', () => ({ rangeStart: new Date('2026-08-22T11:59:59Z') })],
    ['is of an unknown organization', () => ({ organizationId: 'org_none' })],
  ])('are refused when the range %s', async (_what, changes) => {
    await expect(
      world.workos.auditLogs.createExport({ ...hour(), ...changes() }),
    ).rejects.toMatchObject({ status: 400 });
    expect(world.fake.state.auditLogExports.size).toBe(0);
  });

  it('are refused with a list of messages when the body is wrong', async () => {
    const refused = world.workos.post('/audit_logs/exports', { organization_id: organization });

    await expect(refused).rejects.toMatchObject({
      status: 400,
      rawData: {
        error: 'Bad Request',
        message: [expect.stringMatching('range_start'), expect.stringMatching('range_end')],
      },
    });
  });
});

describe('the retention of audit logs', () => {
  it('is unset at first, then what was set', async () => {
    const { auditLogs } = world.workos;
    const id = organization;
    const get = () => auditLogs.getOrganizationAuditLogsRetention({ id });
    const unset = await get();
    const answer = await auditLogs.updateOrganizationAuditLogsRetention({
      id,
      retentionPeriod: '11_MONTHS',
    });

    expect(unset).toEqual({ retentionPeriodInDays: null });
    expect(answer).toEqual({ retentionPeriodInDays: 330 });
    expect(await get()).toEqual(answer);
    await world.workos.put(`/organizations/${id}/audit_logs_retention`, {
      retention_period_in_days: 365,
    });
    expect(await get()).toEqual({ retentionPeriodInDays: 365 });
  });

  it.each([{ retention_period: '12_MONTHS' }, { retention_period_in_days: 31 }, {}])(
    'is refused as %j',
    async (body) => {
      await expect(
        world.workos.put(`/organizations/${organization}/audit_logs_retention`, body),
      ).rejects.toMatchObject({ status: 422 });
      expect(world.fake.state.auditLogRetentions.size).toBe(0);
    },
  );
});

describe('an organization that is deleted', () => {
  it('takes its events, exports and retention with it', async () => {
    const { auditLogs, organizations } = world.workos;
    await report();
    const { id } = await auditLogs.createExport({
      organizationId: organization,
      rangeStart: new Date(world.clock.getTime() - HOUR),
      rangeEnd: world.clock,
    });
    await auditLogs.updateOrganizationAuditLogsRetention({
      id: organization,
      retentionPeriod: '1_YEAR',
    });
    await organizations.deleteOrganization(organization);

    const { auditLogEvents, auditLogRetentions } = world.fake.state;
    expect([auditLogEvents.size, auditLogRetentions.size]).toEqual([0, 0]);
    await expect(auditLogs.getExport(id)).rejects.toMatchObject({ status: 404 });
  });
});
