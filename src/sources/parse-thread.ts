// The thread in which a large listing is read.
import { parentPort, workerData } from 'node:worker_threads';
import { parsePapersFile } from './papers-file.ts';
import type { ListingToParse } from './parse-apart.ts';

const { bytes, options } = workerData as ListingToParse;
parentPort?.postMessage(parsePapersFile(bytes, options));
