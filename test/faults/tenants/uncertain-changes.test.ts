import { describe, expect, it } from '@jest/globals';
import { operator } from '../../../src/cli/operator.ts';
import { openDatabase } from '../../../src/db/database.ts';
import { revokeOpenGrants } from '../../../src/maintenance/revoke-open-grants.ts';
import { Secret } from '../../../src/core/secret.ts';
import type { TenantRow } from '../../../src/tenants/model/row.ts';
import { createSettling } from '../../../src/tenants/changes/settle-changes.ts';
import { UpstreamFailure } from '../../../src/workos/failure.ts';
import { interleave, pauseCall } from '../../support/interleave.ts';
import { ageSends, settleNow } from '../../support/settling.ts';
import { gatehouse, on, patch, sql, UPDATE, useTwoReplicas } from './two-replicas.ts';

useTwoReplicas();

interface Profile {
  readonly name: string;
  readonly domains: readonly { readonly domain: string }[];
  readonly metadata: Readonly<Record<string, string>>;
}
const get = async (id: string) => (await on(1).get(`/v1/tenants/${id}`)).body as Profile;
const organizationOf = (id: string) => {
  const found = [...gatehouse.workos.organizations.values()].find(
    ({ external_id }) => external_id === `gh:test:${id}`,
  );
  if (!found) throw new Error('There is no such organization.');
  return found;
};
const namesOf = async (id: string) => [(await get(id)).name, organizationOf(id).name];
const domainsOf = async (id: string) =>
  [(await get(id)).domains, organizationOf(id).domains].map((list) =>
    list.map(({ domain }) => domain).sort(),
  );
const isUncertain = async (id: string) => {
  const [row] = await sql('select profile_unsure from tenants where id = $1', id);
  return row?.profile_unsure !== null;
};
const settle = async (id: string) => {
  await ageSends(gatehouse, id);
  return settleNow(gatehouse);
};

/** WorkOS does what it is told and answers nothing, and so again when it is told again. */
const loseAnswers = () => {
  gatehouse.workos.fault(UPDATE, { kind: 'after-effect-reset' }, { times: 2 });
};
const failTwice = () => {
  gatehouse.workos.fault(UPDATE, { kind: 'status', status: 500 }, { times: 2 });
};

/** Runs while no change of a profile can be recorded: the statement fails, or changes nothing. */
async function withoutRecords(what: 'fails' | 'changes nothing', work: () => PromiseLike<unknown>) {
  const body = what === 'fails' ? `raise exception 'no'` : 'return null';
  await sql(`create or replace function refuse() returns trigger language plpgsql as
    $$ begin ${body}; end $$`);
  await sql(`create trigger refuse before update on tenants for each row
    when (old.profile_version <> new.profile_version) execute function refuse()`);
  try {
    await work();
  } finally {
    await sql('drop trigger refuse on tenants');
  }
}

/** Each leaves the name `Wanted` here and another at WorkOS. */
const WAYS: [string, (id: string) => Promise<unknown>][] = [
  [
    'a change that lost a race and could not be sent again',
    (id) =>
      interleave(
        pauseCall(gatehouse.workos, UPDATE),
        () => patch(id, { name: 'Other' }, 1).expect(502),
        async () => {
          await patch(id, { name: 'Wanted' }).expect(200);
          failTwice();
        },
      ),
  ],
  [
    'a crash between the sending and the record',
    async (id) => {
      await patch(id, { name: 'Wanted' }).expect(200);
      await withoutRecords('fails', () => patch(id, { name: 'Other' }).expect(500));
    },
  ],
  [
    'a lost answer',
    async (id) => {
      await patch(id, { name: 'Wanted' }).expect(200);
      loseAnswers();
      await patch(id, { name: 'Other' }).expect(502);
    },
  ],
  [
    'a change that WorkOS makes only after a later one',
    async (id) => {
      failTwice();
      await patch(id, { name: 'Other' }).expect(502);
      await patch(id, { name: 'Wanted' }, 1).expect(200);
      organizationOf(id).name = 'Other';
    },
  ],
  [
    'a change that others were always faster than',
    async (id) => {
      await patch(id, { name: 'Wanted' }).expect(200);
      await withoutRecords('changes nothing', () => patch(id, { name: 'Other' }).expect(503));
    },
  ],
];

describe.each(WAYS)('%s', (way, happen) => {
  const tenant = async (why: string) => {
    const id = `${why}-${WAYS.findIndex(([name]) => name === way)}`;
    await gatehouse.provision(id);
    await happen(id);
    expect(await namesOf(id)).toEqual(['Wanted', 'Other']);
    return id;
  };

  it('is settled later, and then both sides are the same', async () => {
    const id = await tenant('settled');

    expect(await settle(id)).toEqual([]);

    expect(await namesOf(id)).toEqual(['Wanted', 'Wanted']);
    expect(await isUncertain(id)).toBe(false);
  });

  it('is sent to WorkOS again when the same change is requested again', async () => {
    const id = await tenant('again');

    await patch(id, { name: 'Wanted' }, 1).expect(200);

    expect(await namesOf(id)).toEqual(['Wanted', 'Wanted']);
  });

  it('is settled by any other change', async () => {
    const id = await tenant('else');

    await patch(id, { metadata: { plan: 'gold' } }, 1).expect(200);

    expect(await namesOf(id)).toEqual(['Wanted', 'Wanted']);
  });

  it('is also settled for a suspended tenant', async () => {
    const id = await tenant('suspended');
    await patch(id, { status: 'suspended' }).expect(200);

    await settle(id);

    expect(await namesOf(id)).toEqual(['Wanted', 'Wanted']);
    expect(await get(id)).toMatchObject({ status: 'suspended' });
  });
});

describe('an uncertain change', () => {
  it('of metadata is settled key by key', async () => {
    await gatehouse.provision('keys');
    await patch('keys', { metadata: { a: '1' } }).expect(200);
    loseAnswers();
    await patch('keys', { metadata: { b: '2' } }).expect(502);

    await settle('keys');

    expect(organizationOf('keys').metadata).toEqual({ a: '1', gatehouse_tenant: 'keys' });
    expect((await get('keys')).metadata).toEqual({ a: '1' });
  });

  it('of a name leaves domains that an IT admin added in the portal', async () => {
    await gatehouse.provision('portal');
    await patch('portal', { domains: [{ domain: 'old.example' }] }).expect(200);
    const { id, domains } = organizationOf('portal');
    await fetch(`${gatehouse.workos.url}/organizations/${id}`, {
      method: 'PUT',
      headers: {
        authorization: `Bearer ${gatehouse.workos.apiKey}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        domain_data: [...domains, { domain: 'added.example' }].map(({ domain }) => ({
          domain,
          state: 'pending',
        })),
      }),
    });
    loseAnswers();
    await patch('portal', { name: 'Other' }).expect(502);

    await settle('portal');

    expect((await domainsOf('portal'))[1]).toEqual(['added.example', 'old.example']);
  });

  it('of domains is settled with the domains at WorkOS if no later change was recorded', async () => {
    await gatehouse.provision('domains');
    await patch('domains', { domains: [{ domain: 'one.example' }] }).expect(200);
    loseAnswers();
    await patch('domains', { domains: [{ domain: 'two.example' }] }).expect(502);

    await settle('domains');

    expect(await domainsOf('domains')).toEqual([['two.example'], ['two.example']]);
    expect(await isUncertain('domains')).toBe(false);
  });

  it('of domains does not undo a later one that succeeded', async () => {
    await gatehouse.provision('answered');
    failTwice();
    await patch('answered', { domains: [{ domain: 'late.example' }] }).expect(502);
    await patch('answered', { domains: [{ domain: 'wanted.example' }] }, 1).expect(200);
    const [late] = organizationOf('answered').domains;
    if (late) late.domain = 'late.example';

    await settle('answered');

    expect(await domainsOf('answered')).toEqual([['wanted.example'], ['wanted.example']]);
  });

  it('is settled once when two processes try', async () => {
    await gatehouse.provision('once');
    loseAnswers();
    await patch('once', { name: 'Other' }).expect(502);
    await ageSends(gatehouse, 'once');
    const before = gatehouse.workos.requests.length;

    await Promise.all([settleNow(gatehouse), settleNow(gatehouse)]);

    expect(gatehouse.workos.requests.slice(before).map(({ method }) => method)).toEqual(['PUT']);
    expect(await isUncertain('once')).toBe(false);
  });

  it('stays uncertain while WorkOS cannot be reached, and is settled later', async () => {
    await gatehouse.provision('down');
    loseAnswers();
    await patch('down', { name: 'Other' }).expect(502);
    failTwice();

    expect(await settle('down')).toEqual(['down']);
    expect(await isUncertain('down')).toBe(true);
    await settle('down');

    expect(await namesOf('down')).toEqual(['Tenant down', 'Tenant down']);
    expect(await isUncertain('down')).toBe(false);
  });

  it('from a backup is not repeated after a restore', async () => {
    await gatehouse.provision('backup');
    loseAnswers();
    await patch('backup', { name: 'Other' }).expect(502);

    const owner = openDatabase({
      url: new Secret(gatehouse.database.ownerUrl),
      max: 1,
      connectMs: 30_000,
    });
    try {
      await revokeOpenGrants(owner, operator('restored'));
    } finally {
      await owner.close();
    }
    await settle('backup');

    expect(organizationOf('backup').name).toBe('Other');
  });

  it('stays uncertain when WorkOS refuses another one', async () => {
    await gatehouse.provision('beside');
    loseAnswers();
    await patch('beside', { name: 'Other' }).expect(502);
    await ageSends(gatehouse, 'beside');
    gatehouse.workos.fault(UPDATE, { kind: 'status', status: 422 }, { times: 1 });
    await patch('beside', { metadata: { bad: 'x' } }).expect(422);

    expect(await isUncertain('beside')).toBe(true);
  });
});

describe('a change', () => {
  it.each([400, 403, 409, 422])('that WorkOS refuses with %s is not uncertain', async (status) => {
    const id = `refused-${status}`;
    await gatehouse.provision(id);
    gatehouse.workos.fault(UPDATE, { kind: 'status', status }, { times: 1 });

    await patch(id, { name: 'Other' });

    expect(await isUncertain(id)).toBe(false);
    gatehouse.workos.clearFaults();
  });

  it('that was answered is not uncertain', async () => {
    await gatehouse.provision('answered-well');

    await patch('answered-well', { name: 'Other', metadata: { a: '1' } }).expect(200);

    expect(await isUncertain('answered-well')).toBe(false);
  });
});

describe('while WorkOS is unavailable', () => {
  it('retries a few uncertain changes per round, and all of them after an outage', async () => {
    const ids = Array.from({ length: 8 }, (_, at) => `away-${at}`);
    for (const id of ids) await gatehouse.provision(id);
    await sql(
      `update tenants set profile_unsure = gen_random_uuid(), profile_unsure_fields = '{name}',
         profile_unsure_since = now() - interval '1 hour' where id like 'away-%'`,
    );
    gatehouse.workos.fault(UPDATE, { kind: 'reset', when: 'before-headers' });

    const [first, second] = [await settleNow(gatehouse), await settleNow(gatehouse)];

    // The service's own background task may have taken three of the eight.
    for (const { length } of [first, second]) expect([2, 3]).toContain(length);
    expect(new Set([...first, ...second]).size).toBe(first.length + second.length);
    gatehouse.workos.clearFaults();
    await sql(`update tenants set profile_unsure_since = now() - interval '1 hour'
      where profile_unsure is not null`);
    expect(await settleNow(gatehouse)).toEqual([]);
    expect(await Promise.all(ids.map(isUncertain))).toEqual(ids.map(() => false));
  });

  it('pauses for up to a minute between rounds, and for ten seconds once WorkOS is back', async () => {
    let settle: () => Promise<boolean> = () =>
      Promise.reject(new UpstreamFailure('unreachable', { reason: 'ECONNREFUSED' }));
    const { round, pauseMs } = createSettling(10_000, {
      tenants: { uncertain: () => Promise.resolve([{ id: 'acme' } as TenantRow]) },
      settle: () => settle(),
    });
    const pauses: number[] = [];
    for (let at = 0; at < 4; at += 1) {
      await round();
      pauses.push(pauseMs());
    }
    settle = () => Promise.resolve(true);
    await round();

    expect(pauses).toEqual([20_000, 40_000, 60_000, 60_000]);
    expect(pauseMs()).toBe(10_000);
  });
});
