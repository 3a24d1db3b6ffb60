import { expect, test } from 'vitest';
import { undoAll } from './undo-all.ts';

test('steps are undone from the last to the first, once, whichever of them fails', async () => {
  const undone: string[] = [];
  const steps = ['folder', 'server', 'client'].map((name) => async () => {
    undone.push(name);
    if (name === 'server') throw new Error('the server does not end');
  });
  await expect(undoAll(steps)).rejects.toThrow('the server does not end');
  expect(undone).toEqual(['client', 'server', 'folder']);
  await undoAll(steps);
  expect(undone).toHaveLength(3);
});
