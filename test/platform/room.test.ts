import { expect, test } from 'vitest';
import { createRoom, roomLimits } from '../../src/platform/room.ts';

const { least, most } = roomLimits;

/** Looks after each of these times, while the first in line for the database waits so long: the room after each. */
function lookAfter(passedMs: number[], waitMs = 0): number[] {
  const room = createRoom(0);
  let at = 0;
  return passedMs.map((ms) => {
    at += ms;
    room.look(at, waitMs);
    return room.read();
  });
}

const times = (count: number, ms: number) => Array.from({ length: count }, () => ms);

test('a process that gets to its work in time has all the room there is', () => {
  expect(lookAfter(times(50, 103))).toEqual(times(50, most));
});

test('turns that are late leave room for a few, and for no fewer, however late', () => {
  expect(lookAfter(times(12, 130)).at(-1)).toBe(least);
  expect(lookAfter(times(30, 60_000)).at(-1)).toBe(least);
});

test('so does a database that lets its askers wait', () => {
  expect(lookAfter(times(12, 100), 500).at(-1)).toBe(least);
});

test('a few quiet seconds give all of it back, and a single long turn takes it for no longer', () => {
  const rooms = lookAfter([...times(12, 150), ...times(50, 100)]);
  expect(rooms[11]).toBe(least);
  expect(rooms[20]).toBeLessThan(most);
  expect(rooms.at(-1)).toBe(most);
  expect(lookAfter([60_000, ...times(50, 100)]).at(-1)).toBe(most);
});
