// Whether a request under way takes of the room that there is: who waits in a line of their own, and holds nothing, does not.
import type { Response } from 'express';

const takers = new WeakMap<Response, (one: 0 | 1) => void>();

/** From now to its end it takes room, unless it stands aside. `count` hears of each one more, and each one less. */
export function takeRoom(response: Response, count: (change: number) => void): void {
  let taken = 0;
  const take = (one: 0 | 1) => {
    count(one - taken);
    taken = one;
  };
  take(1);
  takers.set(response, take);
  response.once('close', () => {
    takers.delete(response);
    take(0);
  });
}

export function standAside(response: Response): void {
  takers.get(response)?.(0);
}

export function comeBack(response: Response): void {
  takers.get(response)?.(1);
}
