/** Codes and times of what WorkOS sends by e-mail. */
import { randomInt } from 'node:crypto';
import type { World } from '../state/world.ts';

export const TEN_MINUTES = 600_000;
export const ONE_HOUR = 3_600_000;

export const newCode = (): string => String(randomInt(1_000_000)).padStart(6, '0');

export const inFuture = (world: World, milliseconds: number): string =>
  new Date(world.now().getTime() + milliseconds).toISOString();

export const isExpired = (world: World, { expires_at }: { expires_at: string }): boolean =>
  expires_at <= world.now().toISOString();
