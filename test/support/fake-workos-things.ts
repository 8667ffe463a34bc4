/** What the words in capitals of the cases stand for; made where a case names one. */
import type { WorkOS } from '@workos-inc/node';
import { accessThings } from './fake-workos-access-things.ts';
import type { FakeWorkos } from '../../src/dev/fake-workos/server.ts';

type Thing = () => string | Promise<string>;

export const AUDIT_LOG_SCHEMA = {
  action: 'invoice.paid',
  targets: [{ type: 'invoice', metadata: { cost: 'number' } }],
  metadata: { reason: 'string' },
};

/** @param organization whose things they are */
export function thingsOf(
  { fake, workos }: { fake: FakeWorkos; workos: WorkOS },
  organization: string,
): Record<string, Thing> {
  return {
    ...directoryThings(fake, organization),
    ...auditLogThings({ fake, workos }, organization),
    ...factorThings(fake, workos),
    ...userThings({ fake, workos }, organization),
    ...accessThings({ fake, workos }, organization),
  };
}

function directoryThings(fake: FakeWorkos, organization: string): Record<string, Thing> {
  const own = () => [...fake.state.directories.keys()][0] ?? fake.addDirectory(organization).id;
  const member = () => {
    const user = fake.addDirectoryUser(own(), { email: 'ada@acme.test', role: { slug: 'admin' } });
    const group = fake.addDirectoryGroup(own());
    fake.addToGroup(group.id, user.id);
    return { user, group };
  };
  return {
    DUSER: () => [...fake.state.directoryUsers.keys()][0] ?? member().user.id,
    DGROUP: () => [...fake.state.directoryGroups.keys()][0] ?? member().group.id,
    BUSYDIRECTORY: () => {
      fake.limits.directoryUsersPerSecond = 0;
      return own();
    },
  };
}

function auditLogThings(
  { fake, workos }: { fake: FakeWorkos; workos: WorkOS },
  organizationId: string,
): Record<string, Thing> {
  const made = async () => {
    const [rangeStart, rangeEnd] = [
      new Date('2026-11-22T11:00:00Z'),
      new Date('2026-11-22T12:00:00Z'),
    ];
    return (await workos.auditLogs.createExport({ organizationId, rangeStart, rangeEnd })).id;
  };
  return {
    STREAMING: () => {
      fake.state.logStreams.set(organizationId, {
        id: 'als_1',
        type: 'Datadog',
        state: 'active',
        last_synced_at: null,
        created_at: '2026-11-22T12:00:00.000Z',
      });
      return organizationId;
    },
    EXPORT: made,
    READYEXPORT: async () => {
      const id = await made();
      await workos.auditLogs.getExport(id);
      return id;
    },
    FAILEDEXPORT: async () => {
      const id = await made();
      fake.failAuditLogExport(id);
      return id;
    },
  };
}

function factorThings(fake: FakeWorkos, { multiFactorAuth }: WorkOS): Record<string, Thing> {
  const otp = async () => (await multiFactorAuth.enrollFactor({ type: 'generic_otp' })).id;
  const challenge = async () =>
    multiFactorAuth.challengeFactor({ authenticationFactorId: await otp() });
  const answer = (authenticationChallengeId: string, code: string) =>
    multiFactorAuth.verifyChallenge({ authenticationChallengeId, code });
  return {
    FACTOR: async () =>
      (await multiFactorAuth.enrollFactor({ type: 'totp', issuer: 'Acme', user: 'ada' })).id,
    OTPFACTOR: otp,
    CHALLENGE: async () => (await challenge()).id,
    SPENTCHALLENGE: async () => {
      const { id } = await challenge();
      while ((fake.state.authChallenges.get(id)?.failures ?? 5) < 5) await answer(id, 'wrong');
      return id;
    },
    ANSWEREDCHALLENGE: async () => {
      const { id, code = '' } = await challenge();
      await answer(id, code);
      return id;
    },
  };
}

function userThings(
  { fake, workos }: { fake: FakeWorkos; workos: WorkOS },
  organization: string,
): Record<string, Thing> {
  let count = 0;
  const user = () => {
    count += 1;
    const email = `user${count}@acme.test`;
    return workos.userManagement.createUser({ email, externalId: `user-${count}` });
  };
  const member = async (status: 'active' | 'pending') =>
    fake.addMembership(organization, (await user()).id, { status });
  return {
    MAGICLINK: async () => {
      const mail = { email: 'ada@acme.test', redirectURI: 'https://app.test/cb' };
      return (await workos.passwordless.createSession({ type: 'MagicLink', ...mail })).id;
    },
    USER: async () => (await user()).id,
    EXTERNALID: async () => (await user()).externalId ?? '',
    MEMBER: async () => (await member('active')).user_id,
    MEMBERSMAIL: async () => {
      const { user_id } = await member('active');
      return fake.state.users.get(user_id)?.email ?? '';
    },
    INVITED: async () => (await member('pending')).user_id,
    MEMBERSHIP: async () => (await member('active')).id,
  };
}
