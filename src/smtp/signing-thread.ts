// RSA signatures, made in a thread of their own. What is asked for in one turn of the event loop goes there together: to
// wake a thread for each signature costs a third of what the signature does.
import { Worker } from 'node:worker_threads';

/** Base64 of the rsa-sha256 signature of a text in ASCII. Rejects when it cannot be made. */
export type SignText = (text: string) => Promise<string>;

type Waiting = { text: string; resolve: (signature: string) => void; reject: (error: Error) => void };

/** The thread starts with the first text, ends with the process, and is replaced should it die. */
export function createSigningThread(privateKey: string): SignText {
  let thread: Thread | null = null;
  let waiting: Waiting[] = [];

  function flush(): void {
    const batch = waiting;
    waiting = [];
    thread ??= openThread();
    thread.sign(batch);
  }

  function openThread(): Thread {
    const opened = startThread(privateKey, () => {
      // It tells its end twice, the second time when another may have taken its place.
      if (thread === opened) thread = null;
    });
    return opened;
  }

  return (text) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(flush);
      waiting.push({ text, resolve, reject });
    });
}

// A text, not a file: Node 20 starts no thread from TypeScript, and these lines need no compiler.
const program = `
  const { createPrivateKey, sign } = require('node:crypto');
  const { parentPort, workerData } = require('node:worker_threads');
  const key = createPrivateKey(workerData);
  const signText = (text) => sign('sha256', Buffer.from(text, 'latin1'), key).toString('base64');
  parentPort.on('message', (texts) => parentPort.postMessage(texts.map(signText)));
`;

type Thread = { sign(batch: Waiting[]): void };

function startThread(privateKey: string, onEnd: () => void): Thread {
  const worker = new Worker(program, { eval: true, workerData: privateKey, execArgv: [] });
  /** Answered in their order. */
  const underWay: Waiting[][] = [];
  const fail = (error: Error) => {
    onEnd();
    for (const { reject } of underWay.splice(0).flat()) reject(error);
  };
  worker.on('message', (signatures: string[]) => {
    const batch = underWay.shift() ?? [];
    // An idle thread keeps no process alive.
    if (underWay.length === 0) worker.unref();
    for (const [index, { resolve, reject }] of batch.entries()) {
      const signature = signatures[index];
      if (signature === undefined) reject(new Error('the signing thread left a text out'));
      else resolve(signature);
    }
  });
  worker.on('error', fail);
  worker.on('exit', (code) => fail(new Error(`the signing thread ended with code ${code}`)));
  return {
    sign(batch) {
      underWay.push(batch);
      worker.ref();
      worker.postMessage(batch.map(({ text }) => text));
    },
  };
}
