/** A body that is arriving. */
export interface ArrivingBody {
  /** Counts bytes that have arrived. May drop this body or others. */
  grow(bytes: number): void;
  /** Call when the body has arrived, or was given up. Further calls have no effect. */
  leave(): void;
}

/** Bounds the memory of request bodies that are arriving, over all connections. */
export interface BodyRoom {
  /** @param drop called at most once, when the body has to give way */
  enter(owner: BodyOwner, drop: () => void): ArrivingBody;
  bytes(): number;
}

/** The id of the client that sends the body, or undefined if it is not known. */
export type BodyOwner = string | undefined;

const MB = 1024 * 1024;

export interface BodyRoomOptions {
  /** For the bodies of one client, most of which have less than 2 KB. */
  readonly perClient?: number;
  /** For the bodies of all unknown senders: browsers, token requests, WorkOS’s deliveries. */
  readonly strangers?: number;
  readonly total?: number;
  readonly onDropped?: () => void;
}

/**
 * Bytes are counted as they arrive, not as they are announced. When an owner's room is full, its body
 * that has been arriving for the longest time is dropped: a sender that is slow on purpose cannot shut
 * out those that send at once.
 */
export function createBodyRoom({
  perClient = 4 * MB,
  strangers = 16 * MB,
  total = 40 * MB,
  onDropped = () => undefined,
}: BodyRoomOptions = {}): BodyRoom {
  const owners = new Map<BodyOwner, Held>();
  let bytes = 0;
  const most = (owner: BodyOwner): number => (owner === undefined ? strangers : perClient);
  const fullest = (): Held | undefined =>
    [...owners.values()].toSorted((one, other) => other.bytes - one.bytes)[0];

  const free = (owner: BodyOwner, held: Held, body: Body): void => {
    if (!held.bodies.delete(body)) return;
    held.bytes -= body.bytes;
    bytes -= body.bytes;
    if (held.bodies.size === 0) owners.delete(owner);
  };
  const dropOldest = (held: Held | undefined): void => {
    const [oldest] = held?.bodies ?? [];
    oldest?.drop();
    onDropped();
  };

  return {
    enter(owner, drop) {
      const held = owners.get(owner) ?? { bytes: 0, bodies: new Set<Body>() };
      owners.set(owner, held);
      const body: Body = {
        bytes: 0,
        drop() {
          free(owner, held, body);
          drop();
        },
      };
      held.bodies.add(body);
      return {
        grow(more) {
          if (!held.bodies.has(body)) return;
          body.bytes += more;
          held.bytes += more;
          bytes += more;
          while (held.bytes > most(owner)) dropOldest(held);
          while (bytes > total) dropOldest(fullest());
        },
        leave: () => {
          free(owner, held, body);
        },
      };
    },
    bytes: () => bytes,
  };
}

interface Body {
  bytes: number;
  drop(): void;
}

interface Held {
  bytes: number;
  /** The bodies, ordered by when they began to arrive. */
  readonly bodies: Set<Body>;
}
