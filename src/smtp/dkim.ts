// DKIM signatures (RFC 6376), rsa-sha256 and relaxed/relaxed, made in a thread of their own. What is asked for in one turn of
// the event loop goes there together: to wake a thread for each signature costs a third of what the signature does.
import { createPrivateKey, hash } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { DkimKey } from '../config/config.ts';

/** The value may be folded, with CRLF and a space. */
export type Header = readonly [name: string, value: string];

export type DkimSigner = {
  /** No signature header is longer, with its name and its line end. */
  longestHeader: number;
  /**
   * The signature header of a message whose body is in canonical form already. Rejects when it cannot be made: nothing
   * may leave unsigned.
   */
  sign(message: { headers: readonly Header[]; body: Buffer }): Promise<Header>;
};

/** All headers that tell who sends what to whom, and those that RFC 8058 section 4 asks for. */
const signedNames = new Set([
  ...['from', 'to', 'subject', 'date', 'message-id', 'mime-version', 'content-type', 'reply-to'],
  ...['list-id', 'list-unsubscribe', 'list-unsubscribe-post', 'feedback-id', 'auto-submitted'],
]);

export function createDkimSigner({ domainName, keySelector, privateKey }: DkimKey): DkimSigner {
  const { asymmetricKeyDetails } = createPrivateKey(privateKey);
  const sign = createSigningThread(privateKey);
  const start = `v=1; a=rsa-sha256; c=relaxed/relaxed;\r\n d=${domainName}; s=${keySelector};`;
  const names = [...signedNames].join(':').length;
  const bytes = (asymmetricKeyDetails?.modulusLength ?? 0) / 8;
  return {
    // Twice the base64 of the signature leaves room for folding.
    longestHeader: start.length + 2 * names + 3 * bytes + 200,
    async sign({ headers, body }) {
      const signed = headers.filter(([name]) => signedNames.has(name.toLowerCase()));
      const listed = signed.map(([name]) => name.toLowerCase());
      const unsigned = `${start}\r\n h=${foldAt(':', listed)};\r\n bh=${hash('sha256', body, 'base64')};\r\n b=`;
      // The signature covers its own header, with nothing behind `b=` and no line end (section 3.7).
      const covered = [...signed, ['DKIM-Signature', unsigned] as const].map(canonicalHeader).join('\r\n');
      return ['DKIM-Signature', unsigned + foldText(await sign(covered))];
    },
  };
}

/** Three names to a line. */
function foldAt(separator: string, names: string[]): string {
  return names.map((name, index) => (index > 0 && index % 3 === 0 ? `\r\n ${name}` : name)).join(separator);
}

/** 70 characters to a line. */
function foldText(text: string): string {
  let folded = text.slice(0, 70);
  for (let at = 70; at < text.length; at += 70) folded += `\r\n ${text.slice(at, at + 70)}`;
  return folded;
}

/** Section 3.4.2, without the line end. */
function canonicalHeader([name, value]: Header): string {
  return `${name.toLowerCase()}:${value
    .replaceAll('\r\n', '')
    .replace(/[\t ]+/g, ' ')
    .trim()}`;
}

/** Section 3.4.4, for lines before the last: white space at line ends goes, other runs of it become one space. */
export function canonicalizeLines(lines: string): string {
  return lines.replace(/[\t ]+/g, ' ').replaceAll(' \r\n', '\r\n');
}

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
