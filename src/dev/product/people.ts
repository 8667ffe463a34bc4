import type { Person } from './person.ts';

const person = (
  id: string,
  name: string,
  tenantId: string,
  tenantName: string,
  role: string,
): Person => ({
  id,
  name,
  tenantId,
  tenantName,
  roles: [role],
});

/** An IT admin and a member each, of a provisioned tenant (acme) and of one that is not yet (globex). */
export const PEOPLE: readonly Person[] = [
  person('ada', 'Ada', 'acme', 'Acme', 'it_admin'),
  person('max', 'Max', 'acme', 'Acme', 'member'),
  person('grace', 'Grace', 'globex', 'Globex', 'it_admin'),
  person('mo', 'Mo', 'globex', 'Globex', 'member'),
];
