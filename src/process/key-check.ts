import type { Logger } from 'pino';

export interface KeyCheckDeps {
  /** A sample of mapped organizations, different at each call. */
  readonly mapped: () => Promise<readonly { readonly organizationId: string }[]>;
  /** Returns undefined when WorkOS has no such organization. @throws when WorkOS cannot be asked */
  readonly find: (organizationId: string) => Promise<unknown>;
  readonly logger: Pick<Logger, 'error' | 'info'>;
  readonly onView: (sees: boolean) => void;
}

const BLIND =
  'the WorkOS key sees none of the mapped organizations (a key of another environment?); check WORKOS_API_KEY';

/** Checks whether the WorkOS key can read the mapped organizations. */
export function createKeyCheck({ mapped, find, logger, onView }: KeyCheckDeps) {
  let isBlind = false;

  /** A failed call proves nothing about the key, so the previous result stays. */
  const look = async (): Promise<void> => {
    const sample = await mapped();
    if (sample.length === 0) return;
    const found = await Promise.allSettled(sample.map((one) => find(one.organizationId)));
    const answers = found.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    if (answers.some((organization) => organization !== undefined)) {
      if (isBlind) logger.info('the WorkOS key sees the mapped organizations again');
      isBlind = false;
      onView(true);
    } else if (answers.length === sample.length) {
      isBlind = true;
      onView(false);
      logger.error({ asked: sample.length }, BLIND);
    }
  };

  return {
    look,
    /** One line for the operator if the last check saw no organization. */
    notes: (): readonly string[] => (isBlind ? [BLIND] : []),
  };
}
