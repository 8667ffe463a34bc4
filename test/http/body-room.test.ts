/** Bodies that are arriving have a bounded room, and slow senders make way for others. */
import { describe, expect, it } from '@jest/globals';
import { createBodyRoom, type BodyRoom } from '../../src/http/body-room.ts';

/** Begins bodies of one owner; `dropped` lists those that had to give way. */
function senderIn(room: BodyRoom, owner: string | undefined, dropped: string[]) {
  return (name: string, bytes: number) => {
    const body = room.enter(owner, () => dropped.push(name));
    body.grow(bytes);
    return body;
  };
}

describe('the room for bodies', () => {
  it('drops the body that has been arriving for the longest time', () => {
    const dropped: string[] = [];
    const room = createBodyRoom({ strangers: 100 });
    const send = senderIn(room, undefined, dropped);
    send('slow', 60);
    send('slower', 40);

    send('honest', 10);

    expect(dropped).toEqual(['slow']);
    expect(room.bytes()).toBe(50);
  });

  it('lets no owner take the room of another', () => {
    const dropped: string[] = [];
    const room = createBodyRoom({ strangers: 100, perClient: 20 });
    senderIn(room, 'a', dropped)('of a', 20);
    senderIn(room, 'b', dropped)('of b', 20);

    for (let n = 0; n < 10; n += 1) senderIn(room, undefined, dropped)(`stranger ${n}`, 99);

    expect(dropped).not.toContain('of a');
    expect(dropped).not.toContain('of b');
  });

  it('takes from the owner that has most, if all together have too much', () => {
    const dropped: string[] = [];
    const room = createBodyRoom({ strangers: 80, perClient: 60, total: 100 });
    senderIn(room, 'a', dropped)('small', 5);
    senderIn(room, undefined, dropped)('large', 60);

    senderIn(room, 'b', dropped)('late', 40);

    expect(dropped).toEqual(['large']);
  });

  it('is free again once bodies have arrived', () => {
    const room = createBodyRoom({ strangers: 100 });
    const body = room.enter(undefined, () => undefined);
    body.grow(70);

    body.leave();
    body.leave();
    body.grow(70);

    expect(room.bytes()).toBe(0);
  });
});
