const MB = 1024 * 1024;

/** Larger replies are refused. */
export const LARGEST_BODY = 16 * MB;
/** Replies up to this size do not count against the budget; nearly all are smaller. */
export const SMALL_BODY = 256 * 1024;
const SHARED = 8 * MB;

/** Bounds the memory that large replies take together. */
export class BodyBudget {
  readonly #shared: number;
  readonly #queue: Waiting[] = [];
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
    const isInTurn = this.#queue.length === 0 || this.#beyond === room;
    if (isInTurn && this.#take(room, bytes)) return true;
    this.#queue.push({ room, bytes, onRoom });
    return false;
  }

  /** Frees the room of a reply and removes it from the queue. */
  free(room: Room): void {
    if (this.#beyond === room) this.#beyond = undefined;
    else this.#used -= room.bytes;
    room.bytes = 0;
    const place = this.#queue.findIndex((waiting) => waiting.room === room);
    if (place >= 0) this.#queue.splice(place, 1);
    this.#serve();
  }

  #serve(): void {
    for (let [first] = this.#queue; first; [first] = this.#queue) {
      if (!this.#take(first.room, first.bytes)) return;
      this.#queue.shift();
      first.onRoom();
    }
  }

  #take(room: Room, bytes: number): boolean {
    if (this.#beyond !== room) {
      const used = this.#used - room.bytes;
      if (used + bytes <= this.#shared) this.#used = used + bytes;
      else if (this.#beyond) return false;
      else [this.#beyond, this.#used] = [room, used];
    }
    room.bytes = bytes;
    return true;
  }
}

/** Memory reserved for one reply while it is read. */
export interface Room {
  bytes: number;
}

interface Waiting {
  readonly room: Room;
  readonly bytes: number;
  readonly onRoom: () => void;
}
