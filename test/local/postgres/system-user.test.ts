// What a start as root is told when PostgreSQL's own user cannot reach the files.
import { expect, test } from 'vitest';
import { describeBarrier, findBarrier, type PathStep } from '../../../src/local/postgres/system-user.ts';

const user = { uid: 101, gid: 104 };

const step = (path: string, mode: number, uid = 0, gid = 0): PathStep => ({
  path,
  mode: 0o40000 | mode,
  uid,
  gid,
});

test('the first folder that the user cannot enter is the barrier', () => {
  const steps = [step('/', 0o755), step('/root', 0o700), step('/root/paperround', 0o700)];
  expect(findBarrier({ user, steps })?.path).toBe('/root');
});

test('the owner is judged by the first digit, the group by the second, others by the third', () => {
  expect(findBarrier({ user, steps: [step('/a', 0o700, 101)] })).toBeNull();
  expect(findBarrier({ user, steps: [step('/a', 0o750, 0, 104)] })).toBeNull();
  expect(findBarrier({ user, steps: [step('/a', 0o711)] })).toBeNull();
  expect(findBarrier({ user, steps: [step('/a', 0o077, 101)] })?.path).toBe('/a');
  expect(findBarrier({ user, steps: [step('/a', 0o705, 0, 104)] })?.path).toBe('/a');
});

test('the message names the folder, its mode and the ways out', () => {
  const steps = [step('/', 0o755), step('/root', 0o700)];
  expect(
    describeBarrier({ user, userName: 'postgres', steps, folder: '/root/paperround/.data/postgres' }),
  ).toBe(
    'PostgreSQL does not run as root, and user "postgres", who runs it instead, cannot enter /root (mode 0700): ' +
      'start Paperround as an ordinary user, or move it to a folder that every user can enter (such as ' +
      '/opt/paperround), or set DATABASE_URL to a PostgreSQL of your own',
  );
});

test('where the modes allow it and yet it fails, the folder itself is named', () => {
  const steps = [step('/', 0o755)];
  expect(describeBarrier({ user, userName: 'postgres', steps, folder: '/mnt/data' })).toMatch(
    /cannot enter \/mnt\/data: /,
  );
});
