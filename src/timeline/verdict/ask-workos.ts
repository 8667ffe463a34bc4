import type { Facts } from './facts.ts';

/** Says how WorkOS is asked, where only the database was. */
export const askWorkos = ({ tenantId }: Pick<Facts, 'tenantId'>): string =>
  `\`gatehouse why ${tenantId} --live\` asks WorkOS.`;
