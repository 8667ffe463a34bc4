import { inspect } from 'node:util';

/**
 * A secret value: printing, logging or serialising it gives `[redacted]`. `reveal()` is the only way
 * to read it, so every use of a secret can be found by that name.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '[redacted]';
  }

  toJSON(): string {
    return '[redacted]';
  }

  [inspect.custom](): string {
    return '[redacted]';
  }
}
