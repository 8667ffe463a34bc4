import { implement } from '../http/endpoint.ts';
import { Problem } from '../core/problem.ts';
import type { ToolDeps } from './call-tool.ts';
import { mcpContract } from './contract.ts';
import type { createMcpService } from './service.ts';

export const mcpRoutes = (deps: ToolDeps) =>
  implement(
    mcpContract,
    { sendMcpMessage: sendLate(deps) },
    {},
    {
      sendMcpMessage: ({ origin }) => {
        refuseForeignOrigin(origin, deps.publicUrl);
      },
    },
  );

/** The tools are made at the first message: most processes never get one. */
function sendLate(deps: ToolDeps) {
  let service: ReturnType<typeof createMcpService> | undefined;
  return async (input: Parameters<ReturnType<typeof createMcpService>['send']>[0]) => {
    const { createMcpService } = await import('./service.ts');
    service ??= createMcpService(deps);
    return service.send(input);
  };
}

/**
 * Only browsers send `Origin`. A page of another site could reach this address from inside the network, under
 * a name of its own (DNS rebinding).
 */
function refuseForeignOrigin(origin: string | undefined, publicUrl: string): void {
  if (origin !== undefined && origin !== new URL(publicUrl).origin)
    throw new Problem('foreign-origin', 'Origin: pages of other sites may not call this.');
}
