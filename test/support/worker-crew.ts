// Workers in processes of their own, a substitute always at hand: to be killed and frozen by tests.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { forkScript } from './build.ts';
import type { WorkerSettings } from './worker-process.ts';

export type WorkerCrew = {
  atWork: ReadonlySet<ChildProcess>;
  /** One more begins. */
  add(): Promise<void>;
  /** kill -9: nothing is finished, nothing is closed. */
  kill(worker: ChildProcess): Promise<void>;
  close(): Promise<void>;
};

export async function startWorkerCrew(settings: WorkerSettings, size: number): Promise<WorkerCrew> {
  const atWork = new Set<ChildProcess>();
  let substitute = boot(settings);

  const crew: WorkerCrew = {
    atWork,
    async add() {
      const worker = await substitute;
      substitute = boot(settings);
      // Whoever ends unasked has failed at something that is to be put up with.
      worker.once('exit', (code) => {
        if (atWork.delete(worker)) throw new Error(`a worker ended by itself with code ${code}`);
      });
      atWork.add(worker);
      worker.send('begin');
    },
    async kill(worker) {
      atWork.delete(worker);
      await end(worker);
    },
    async close() {
      await Promise.all([...atWork].map(crew.kill));
      await end(await substitute);
    },
  };
  for (let count = 0; count < size; count += 1) await crew.add();
  return crew;
}

/** It begins when it is told. */
export async function boot(
  settings: WorkerSettings,
  fork: (script: string) => ChildProcess | Promise<ChildProcess> = forkScript,
): Promise<ChildProcess> {
  const worker = await fork('test/support/worker-process.ts');
  worker.send(settings);
  await once(worker, 'message');
  return worker;
}

export async function end(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  worker.kill('SIGKILL');
  await once(worker, 'exit');
}
