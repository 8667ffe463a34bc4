import type { Logger } from 'pino';

export interface KeyCheckDeps {
  /** A few organizations that the map has, another few each time. */
  readonly mapped: () => Promise<readonly { readonly organizationId: string }[]>;
  /** Undefined if WorkOS has none with this id. @throws when it cannot say */
  readonly find: (organizationId: string) => Promise<unknown>;
  readonly logger: Pick<Logger, 'error' | 'info'>;
  readonly onView: (sees: boolean) => void;
}

const BLIND =
  'the WorkOS key does not see the mapped organizations (another environment’s key?); see WORKOS_API_KEY';

/** Watches whether the WorkOS key sees the organizations that are mapped. */
export function createKeyCheck({ mapped, find, logger, onView }: KeyCheckDeps) {
  let isBlind = false;

  /** A call that fails says nothing of the key, and so the last view stays. */
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
    /** For the operator: a line if the key saw nothing at the last look. */
    notes: (): readonly string[] => (isBlind ? [BLIND] : []),
  };
}
