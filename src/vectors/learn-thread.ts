// The thread in which vectors are learnt: seconds of arithmetic, during which pages and mails go on.
import { parentPort, workerData } from 'node:worker_threads';
import type { MatchablePaper } from '../matching/match.ts';
import { giveWay } from '../platform/give-way.ts';
import { learnModel } from './learn.ts';

giveWay();

parentPort?.postMessage(learnModel(workerData as MatchablePaper[]));
