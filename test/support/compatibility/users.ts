import type { Call } from './call.ts';

const ada = {
  email: 'ada@acme.test',
  firstName: 'Ada',
  lastName: 'Lovelace',
  emailVerified: true,
  externalId: 'ada',
  metadata: { team: 'engines' },
};

export const userCalls: readonly Call[] = [
  { method: 'userManagement.createUser', args: () => [ada], keep: 'user' },
  {
    method: 'userManagement.createUser',
    when: 'the address is taken',
    args: () => [{ email: ada.email }],
  },
  {
    method: 'userManagement.createUser',
    when: 'the address is none',
    args: () => [{ email: 'none' }],
  },
  {
    method: 'userManagement.createUser',
    when: 'the password is weak',
    args: () => [{ email: 'max@acme.test', password: 'short' }],
  },
  {
    method: 'userManagement.createUser',
    when: 'there is no address',
    args: () => [{}],
    differs: {
      why: 'the code is `invalid_request` if the gateway itself refuses the request; WorkOS’s is `invalid_request_parameters`',
      gateway: {
        error: { name: 'UnprocessableEntityException', status: 422, code: 'invalid_request' },
      },
    },
  },
  { method: 'userManagement.getUser', args: ({ ids }) => [ids.user] },
  { method: 'userManagement.getUser', when: 'there is none', args: () => ['user_none'] },
  { method: 'userManagement.getUserByExternalId', args: () => ['ada'] },
  {
    method: 'userManagement.getUserByExternalId',
    when: 'there is none',
    args: () => ['nobody'],
  },
  {
    method: 'userManagement.listUsers',
    when: 'of an organization',
    args: ({ acme, fake, ids, organizationId }) => {
      fake.addMembership(organizationId, ids.user ?? '');
      return [{ organizationId: acme }];
    },
  },
  {
    method: 'userManagement.listUsers',
    when: 'by address',
    args: () => [{ email: ada.email }],
  },
  { method: 'userManagement.listUsers', when: 'all', args: () => [{ limit: 1 }] },
  {
    method: 'userManagement.updateUser',
    args: ({ ids }) => [
      {
        userId: ids.user,
        email: 'lovelace@acme.test',
        firstName: 'Augusta',
        externalId: 'augusta',
        metadata: { team: 'poetry' },
      },
    ],
  },
  {
    method: 'userManagement.updateUser',
    when: 'the address is none',
    args: ({ ids }) => [{ userId: ids.user, email: 'none' }],
  },
  {
    method: 'userManagement.updateUser',
    when: 'there is none',
    args: () => [{ userId: 'user_none', firstName: 'Nobody' }],
  },
  { method: 'userManagement.deleteUser', args: ({ ids }) => [ids.user] },
  { method: 'userManagement.deleteUser', when: 'it is gone', args: ({ ids }) => [ids.user] },
];
