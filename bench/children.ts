// The processes of a benchmark. They end with this one, however it ends.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Closer } from '../src/service/closer.ts';
import { buildProgram, programScripts } from '../test/support/build.ts';
import type { Answer, CrowdRequest } from './crowd.ts';
import type { Measurement } from './measure.ts';
import type { PhaseName, Request } from './phase.ts';
import type { Setting } from './setting.ts';
import type { SinkCounts, SinkRequest } from './sink.ts';
import type { Visit } from './visitor.ts';

export type StepResult = Measurement & { count: number };

export type WorkerProcess = {
  run(step: string): Promise<StepResult>;
  end(): Promise<void>;
  /** Without waiting for what is under way. */
  kill(): void;
};

/** Resolves once it is ready for its first step. */
export async function startWorker(
  phase: PhaseName,
  setting: Setting,
  closer: Closer,
): Promise<WorkerProcess> {
  const child = await forkScript('worker', closer);
  const ask = <Reply>(request: Request) => askChild<Reply>(child, `The ${phase} process`, request);
  await ask({ type: 'prepare', phase, setting });
  return {
    run: (step) => ask<StepResult>({ type: 'run', step }),
    async end() {
      const ended = once(child, 'exit');
      child.send({ type: 'end' } satisfies Request);
      await ended;
    },
    kill: () => child.kill('SIGKILL'),
  };
}

export type SinkProcess = {
  smtpUrl: string;
  port: number;
  /** What came since the last call; `delayMs` is how long each answer takes from now on. */
  takeCounts(request?: SinkRequest): Promise<SinkCounts>;
};

export async function startSink(closer: Closer): Promise<SinkProcess> {
  const child = await forkScript('sink', closer);
  const { port } = await listen<{ port: number }>(child, 'The sink');
  return {
    port,
    smtpUrl: `smtp://127.0.0.1:${port}`,
    takeCounts: (request = {}) => askChild<SinkCounts>(child, 'The sink', request),
  };
}

export type CrowdProcess = { visit(request: CrowdRequest): Promise<Answer[]> };

export async function startCrowd(closer: Closer): Promise<CrowdProcess> {
  const child = await forkScript('crowd', closer);
  return { visit: (request) => askChild<Answer[]>(child, 'The crowd', request) };
}

export type VisitorProcess = { visit(url: string): Promise<Visit> };

export async function startVisitor(closer: Closer): Promise<VisitorProcess> {
  const child = await forkScript('visitor', closer);
  return {
    visit(url) {
      const visit = listen<Visit>(child, 'The visitor');
      child.send(url);
      return visit;
    },
  };
}

const scripts = ['worker', 'sink', 'crowd', 'visitor'] as const;
type Script = (typeof scripts)[number];

async function forkScript(name: Script, closer: Closer): Promise<ChildProcess> {
  const child = fork(join(await buildOnce(), `bench/${name}.js`), { execArgv: [] });
  closer.add(() => child.kill('SIGKILL'));
  return child;
}

let built: Promise<string> | null = null;

/** Translated ahead, as what an operator runs is: tsx would be measured with it, its memory and its threads. */
function buildOnce(): Promise<string> {
  built ??= buildProgram([...programScripts, ...scripts.map((name) => `bench/${name}.ts`)]).then(
    ({ folder }) => {
      process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
      return folder;
    },
  );
  return built;
}

function askChild<Reply>(child: ChildProcess, who: string, request: object): Promise<Reply> {
  const reply = listen<Reply>(child, who);
  child.send(request);
  return reply;
}

/** One request at a time: the next message is the reply to it. */
function listen<Reply>(child: ChildProcess, who: string): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null, signal: string | null) =>
      reject(new Error(`${who} ended with ${code === null ? signal : `code ${code}`}: see above`));
    child.once('exit', onExit);
    child.once('message', (message) => {
      child.off('exit', onExit);
      resolve(message as Reply);
    });
  });
}

/** A process for these steps alone: results in their order. */
export async function takeSteps(
  phase: PhaseName,
  { setting, steps }: { setting: Setting; steps: readonly string[] },
  closer: Closer,
): Promise<StepResult[]> {
  const worker = await startWorker(phase, setting, closer);
  const results: StepResult[] = [];
  for (const step of steps) results.push(await worker.run(step));
  await worker.end();
  return results;
}
