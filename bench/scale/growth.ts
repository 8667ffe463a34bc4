/** What a portal link and a read of a setup cost when the installation grows. Needs about a quarter of an hour, and 12 GB of disk for a while. */
import { tell, type Bench } from '../context.ts';
import { growAuditTrail } from './audit.ts';
import { growClients } from './clients.ts';
import { growReplicas } from './replicas.ts';
import { growTenants } from './tenants.ts';

export async function measureGrowth(bench: Bench): Promise<void> {
  tell('growth\n');
  await growReplicas(bench);
  await growClients(bench);
  await growTenants(bench);
  await growAuditTrail(bench);
}
