/** Refuses a scripted fault that no request would ever meet, which a test would otherwise take for a healthy WorkOS. */
import { route } from '../http/router.ts';
import { operations } from '../operations.ts';
import { FAULT_KINDS } from './apply-fault.ts';
import type { Fault } from './faults.ts';

/**
 * @param fault undefined if a caller over HTTP left it out
 * @throws Error if the fake has no such operation, or no such kind of fault
 */
export function checkFault(operation: string, fault: Fault | undefined): void {
  if (!isOffered(operation))
    throw new Error(`The fake has no operation ${operation}; write it as "GET /organizations/*"`);
  if (!fault || !FAULT_KINDS.includes(fault.kind))
    throw new Error(`The fault has no known kind; kinds are ${FAULT_KINDS.join(', ')}`);
}

function isOffered(operation: string): boolean {
  if (operation === '*') return true;
  const [method = '', path = ''] = operation.split(' ');
  return route(operations, { method, path }) !== undefined;
}
