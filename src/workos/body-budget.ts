const MB = 1024 * 1024;

/** The largest answer that is read at all. */
export const LARGEST_BODY = 16 * MB;
/** How much of an answer is read without asking for room: nearly all answers are smaller. */
export const SMALL_BODY = 256 * 1024;
const SHARED = 8 * MB;

/** The memory that large answers may take together. */
export class BodyBudget {
  readonly #shared: number;
  readonly #queue: Waiting[] = [];
  #used = 0;
  /** The one that may go beyond what is shared. */
  #beyond: Room | undefined;

  /**
   * Large answers share 8 MB, and one of them at a time may go beyond, up to the largest that there
   * may be: so one always gets to its end, and all together never take more than 24 MB.
   */
  constructor(shared = SHARED) {
    this.#shared = shared;
  }

  /** @param onRoom called once there is room, if there is none yet @returns whether there is room now */
  grow(room: Room, bytes: number, onRoom: () => void): boolean {
    const isInTurn = this.#queue.length === 0 || this.#beyond === room;
    if (isInTurn && this.#take(room, bytes)) return true;
    this.#queue.push({ room, bytes, onRoom });
    return false;
  }

  /** Gives everything back, and waits for nothing more. */
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

/** What one answer takes while it is read. */
export interface Room {
  bytes: number;
}

interface Waiting {
  readonly room: Room;
  readonly bytes: number;
  readonly onRoom: () => void;
}
