import type { TenantStatus } from '../../core/identity.ts';
import type { Cell, Tone } from '../view.ts';

interface Words {
  readonly tone: Tone;
  /** What the status means, and what to do about it. Empty if all is well. */
  readonly means: string;
}

const STATUS: Readonly<Record<TenantStatus, Words>> = {
  active: { tone: 'good', means: '' },
  provisioning: {
    tone: 'waiting',
    means:
      'Its organization is being created at WorkOS. Every process tries until it is done; nobody can sign in before.',
  },
  suspended: {
    tone: 'waiting',
    means:
      'A client has suspended it: its users cannot sign in. Only `PATCH /v1/tenants/{id}` with `{"status": "active"}` ends that.',
  },
  orphaned: {
    tone: 'bad',
    means:
      'WorkOS no longer has its organization: its users cannot sign in. If the organization exists again, `gatehouse tenants verify --mend` restores the tenant.',
  },
  conflict: {
    tone: 'bad',
    means:
      'An organization has its external id that Gatehouse did not create. Adopt that organization by its id, or delete it at WorkOS.',
  },
  deleting: { tone: 'waiting', means: 'It is being deleted, here and maybe at WorkOS.' },
  deleted: { tone: 'plain', means: 'It was deleted. Its id is never used again.' },
};

export const TENANT_STATUSES = Object.keys(STATUS) as readonly TenantStatus[];

export const statusCell = (status: TenantStatus): Cell => ({
  state: STATUS[status].tone,
  text: status,
});

export const statusWords = (status: TenantStatus): Words => STATUS[status];
