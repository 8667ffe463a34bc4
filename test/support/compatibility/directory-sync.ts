import type { Call } from './call.ts';

export const directorySyncCalls: readonly Call[] = [
  { method: 'directorySync.listDirectories', args: ({ acme }) => [{ organizationId: acme }] },
  {
    method: 'directorySync.listDirectories',
    when: 'of every organization',
    args: () => [{ limit: 2, order: 'asc' }],
  },
  { method: 'directorySync.getDirectory', args: ({ ids }) => [ids.directory] },
  { method: 'directorySync.getDirectory', when: 'there is none', args: () => ['directory_none'] },
  {
    method: 'directorySync.listUsers',
    when: 'of a directory',
    args: ({ ids }) => [{ directory: ids.directory }],
  },
  {
    method: 'directorySync.listUsers',
    when: 'of a group',
    args: ({ ids }) => [{ group: ids.group }],
  },
  {
    method: 'directorySync.listUsers',
    when: 'page by page',
    args: ({ ids }) => [{ directory: ids.directory, limit: 1 }],
    keep: 'page',
    idOf: ({ listMetadata }: { listMetadata: { after: string } }) => listMetadata.after,
  },
  {
    method: 'directorySync.listUsers',
    when: 'the next page',
    args: ({ ids }) => [{ directory: ids.directory, limit: 1, after: ids.page }],
  },
  { method: 'directorySync.listUsers', when: 'of nothing', args: () => [{}] },
  {
    method: 'directorySync.listUsers',
    when: 'there is no such directory',
    args: () => [{ directory: 'directory_none' }],
  },
  {
    method: 'directorySync.listUsers',
    when: 'WorkOS’s limit of one directory is reached',
    args: ({ fake, ids }) => {
      fake.fault(
        'GET /directory_users',
        { kind: 'status', status: 429, body: 'Ratelimited' },
        { times: 1 },
      );
      return [{ directory: ids.busyDirectory }];
    },
    differs: {
      why: '503 with `Retry-After` when WorkOS’s rate limit of a directory is reached, because a 429 would concern the client’s own limit',
      gateway: { error: { name: 'GenericServerException', status: 503 } },
    },
  },
  { method: 'directorySync.getUser', args: ({ ids }) => [ids.directoryUser] },
  { method: 'directorySync.getUser', when: 'there is none', args: () => ['directory_user_none'] },
  {
    method: 'directorySync.listGroups',
    when: 'of a directory',
    args: ({ ids }) => [{ directory: ids.directory }],
  },
  {
    method: 'directorySync.listGroups',
    when: 'of a user',
    args: ({ ids }) => [{ user: ids.directoryUser }],
  },
  { method: 'directorySync.getGroup', args: ({ ids }) => [ids.group] },
  { method: 'directorySync.getGroup', when: 'there is none', args: () => ['directory_group_none'] },
  { method: 'directorySync.deleteDirectory', args: ({ ids }) => [ids.doomedDirectory] },
];
