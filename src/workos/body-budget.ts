const MB = 1024 * 1024;

/** Larger replies are refused. */
export const LARGEST_BODY = 16 * MB;
/** Replies up to this size do not count against the budget; nearly all are smaller. */
export const SMALL_BODY = 256 * 1024;
const SHARED = 8 * MB;

/** One client may hold at most this part of what is shared. */
const CLIENT_PART = 1 / 2;

/** Bounds the memory that large replies take together. Clients whose replies wait for it take turns. */
export class BodyBudget {
  readonly #shared: number;
  /** The replies that wait, by share, in order of the shares' turns. */
  readonly #queues = new Map<string | undefined, Waiting[]>();
  /** The shared bytes that each share holds. */
  readonly #held = new Map<string | undefined, number>();
  #used = 0;
  /** The one reply that may exceed the shared budget. */
  #beyond: Room | undefined;

  /**
   * Large replies share 8 MB. One of them at a time may exceed that, up to `LARGEST_BODY`, so one
   * can always finish, and together they never take more than 24 MB.
   */
  constructor(shared = SHARED) {
    this.#shared = shared;
  }

  /** Returns true if there is room now. @param onRoom called once there is room, if there is none now */
  grow(room: Room, bytes: number, onRoom: () => void): boolean {
    const queue = this.#queues.get(room.share);
    const isInTurn = queue === undefined || this.#beyond === room;
    if (isInTurn && this.#take(room, bytes)) return true;
    this.#queues.set(room.share, [...(queue ?? []), { room, bytes, onRoom }]);
    return false;
  }

  /** Frees the room of a reply and removes it from the queue. */
  free(room: Room): void {
    if (this.#beyond === room) this.#beyond = undefined;
    else this.#hold(room, -room.bytes);
    room.bytes = 0;
    this.#forget(room);
    this.#serve();
  }

  #forget(room: Room): void {
    const rest = (this.#queues.get(room.share) ?? []).filter((waiting) => waiting.room !== room);
    if (rest.length > 0) this.#queues.set(room.share, rest);
    else this.#queues.delete(room.share);
  }

  #serve(): void {
    for (let next = this.#next(); next; next = this.#next()) next.onRoom();
  }

  /** Takes room for the first waiting reply of a client, and moves the client to the end. */
  #next(): Waiting | undefined {
    for (const [share, queue] of this.#queues) {
      const [first, ...rest] = queue;
      if (!first || !this.#take(first.room, first.bytes)) continue;
      this.#queues.delete(share);
      if (rest.length > 0) this.#queues.set(share, rest);
      return first;
    }
    return undefined;
  }

  #take(room: Room, bytes: number): boolean {
    if (this.#beyond !== room) {
      const more = bytes - room.bytes;
      if (this.#fits(room, more)) this.#hold(room, more);
      else if (this.#beyond) return false;
      else {
        this.#hold(room, -room.bytes);
        this.#beyond = room;
      }
    }
    room.bytes = bytes;
    return true;
  }

  #fits(room: Room, more: number): boolean {
    return (
      this.#used + more <= this.#shared && this.#heldBy(room) + more <= this.#shared * CLIENT_PART
    );
  }

  #heldBy = ({ share }: Room): number => this.#held.get(share) ?? 0;

  #hold(room: Room, more: number): void {
    this.#used += more;
    const held = this.#heldBy(room) + more;
    if (held > 0) this.#held.set(room.share, held);
    else this.#held.delete(room.share);
  }
}

/** Memory reserved for one reply while it is read. */
export interface Room {
  bytes: number;
  /** Names whose share of the memory it uses. Undefined for background tasks. */
  readonly share: string | undefined;
}

interface Waiting {
  readonly room: Room;
  readonly bytes: number;
  readonly onRoom: () => void;
}
