import type { Call } from './call.ts';

const key = (name: string) => ({ name, permissions: ['invoices:read'] });
const resetTokenOf = ({
  fake,
}: {
  fake: { state: { passwordResets: ReadonlyMap<string, { password_reset_token: string }> } };
}) => [...fake.state.passwordResets.values()].at(-1)?.password_reset_token;

export const keyAndCodeCalls: readonly Call[] = [
  {
    method: 'apiKeys.createOrganizationApiKey',
    args: ({ acme }) => [{ organizationId: acme, ...key('Nightly') }],
    keep: 'apiKey',
  },
  {
    method: 'organizations.createOrganizationApiKey',
    args: ({ acme }) => [{ organizationId: acme, ...key('Nightly') }],
    keep: 'apiKey',
  },
  { method: 'apiKeys.listOrganizationApiKeys', args: ({ acme }) => [{ organizationId: acme }] },
  {
    method: 'organizations.listOrganizationApiKeys',
    args: ({ acme }) => [{ organizationId: acme }],
  },
  {
    method: 'apiKeys.createValidation',
    args: ({ fake, ids }) => [{ value: fake.state.apiKeys.get(ids.apiKey ?? '')?.value }],
  },
  {
    method: 'apiKeys.createValidation',
    when: 'there is no such key',
    args: () => [{ value: 'sk_none' }],
  },
  {
    method: 'userManagement.createUserApiKey',
    args: ({ acme, ids }) => [ids.member, { organizationId: acme, ...key('Laptop') }],
  },
  { method: 'userManagement.listUserApiKeys', args: ({ ids }) => [ids.member, {}] },
  { method: 'apiKeys.deleteApiKey', args: ({ ids }) => [ids.apiKey] },
  { method: 'apiKeys.deleteApiKey', when: 'it is gone', args: ({ ids }) => [ids.apiKey] },
  {
    method: 'userManagement.createMagicAuth',
    args: () => [{ email: 'grace@acme.test' }],
    keep: 'magicAuth',
  },
  { method: 'userManagement.getMagicAuth', args: ({ ids }) => [ids.magicAuth] },
  { method: 'userManagement.getMagicAuth', when: 'there is none', args: () => ['magic_auth_1'] },
  {
    method: 'userManagement.createPasswordReset',
    args: () => [{ email: 'grace@acme.test' }],
    keep: 'passwordReset',
  },
  {
    method: 'userManagement.createPasswordReset',
    when: 'there is no such user',
    args: () => [{ email: 'nobody@acme.test' }],
  },
  { method: 'userManagement.getPasswordReset', args: ({ ids }) => [ids.passwordReset] },
  {
    method: 'userManagement.resetPassword',
    when: 'the password is weak',
    args: (world) => [{ token: resetTokenOf(world), newPassword: 'short' }],
  },
  {
    method: 'userManagement.resetPassword',
    args: (world) => [{ token: resetTokenOf(world), newPassword: 'correct horse battery staple' }],
  },
  {
    method: 'userManagement.resetPassword',
    when: 'there is no such token',
    args: () => [{ token: 'none', newPassword: 'correct horse battery staple' }],
  },
  {
    method: 'userManagement.sendVerificationEmail',
    args: ({ ids }) => [{ userId: ids.member }],
  },
  {
    method: 'userManagement.getEmailVerification',
    args: ({ fake }) => [[...fake.state.emailVerifications.keys()].at(-1)],
  },
  {
    method: 'userManagement.verifyEmail',
    when: 'the code is wrong',
    args: ({ ids }) => [{ userId: ids.member, code: 'wrong' }],
  },
  {
    method: 'userManagement.verifyEmail',
    args: ({ fake, ids }) => [
      { userId: ids.member, code: [...fake.state.emailVerifications.values()].at(-1)?.code },
    ],
  },
];
