// DKIM signatures (RFC 6376), rsa-sha256 and ed25519-sha256 (RFC 8463), relaxed/relaxed, made in threads of their own. What is asked for in one turn of
// the event loop goes there together: to wake a thread for each signature costs a third of what the signature does.
import { createPrivateKey, hash } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { DkimKey } from '../config/config.ts';

/** The value may be folded, with CRLF and a space. */
export type Header = readonly [name: string, value: string];

export type DkimSigner = {
  /** The signature headers together are no longer, with their names and line ends. */
  longestHeaders: number;
  /**
   * A signature header for each key, of a message whose body is in canonical form already. Rejects when one cannot be
   * made: nothing may leave unsigned.
   */
  sign(message: { headers: readonly Header[]; body: Buffer }): Promise<Header[]>;
};

/** All headers that tell who sends what to whom, and those that RFC 8058 section 4 asks for. */
const signedNames = new Set([
  ...['from', 'to', 'subject', 'date', 'message-id', 'mime-version', 'content-type', 'reply-to'],
  ...['list-id', 'list-unsubscribe', 'list-unsubscribe-post', 'feedback-id', 'auto-submitted'],
]);

export function createDkimSigner(keys: readonly DkimKey[]): DkimSigner {
  const signers = keys.map(createKeySigner);
  return {
    longestHeaders: signers.reduce((sum, { longestHeader }) => sum + longestHeader, 0),
    async sign({ headers, body }) {
      const signed = headers.filter(([name]) => signedNames.has(name.toLowerCase()));
      const covered = {
        names: foldAt(
          ':',
          signed.map(([name]) => name.toLowerCase()),
        ),
        text: signed.map((header) => `${canonicalHeader(header)}\r\n`).join(''),
        bodyHash: hash('sha256', body, 'base64'),
      };
      return Promise.all(signers.map(({ sign }) => sign(covered)));
    },
  };
}

/** What is signed: `text` is the headers of `names` in canonical form. */
type Covered = { names: string; text: string; bodyHash: string };

function createKeySigner({ domainName, keySelector, privateKey }: DkimKey) {
  const { asymmetricKeyType, asymmetricKeyDetails } = createPrivateKey(privateKey);
  const signText = createSigningThread(privateKey);
  const algorithm = asymmetricKeyType === 'ed25519' ? 'ed25519' : 'rsa';
  const start = `v=1; a=${algorithm}-sha256; c=relaxed/relaxed;\r\n d=${domainName}; s=${keySelector};`;
  const bytes = algorithm === 'ed25519' ? 64 : (asymmetricKeyDetails?.modulusLength ?? 0) / 8;
  return {
    // Twice the base64 of the signature leaves room for folding.
    longestHeader: start.length + 2 * [...signedNames].join(':').length + 3 * bytes + 200,
    async sign({ names, text, bodyHash }: Covered): Promise<Header> {
      const unsigned = `${start}\r\n h=${names};\r\n bh=${bodyHash};\r\n b=`;
      // The signature covers its own header, with nothing behind `b=` and no line end (section 3.7).
      const signature = await signText(text + canonicalHeader(['DKIM-Signature', unsigned]));
      return ['DKIM-Signature', unsigned + foldText(signature)];
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
  return `${name.toLowerCase()}:${isUneven.test(value) ? unfold(value) : value}`;
}

/** Most values are one line with single spaces, and canonical as they are. */
const isUneven = /[\t\r]| {2}|^ | $/;

function unfold(value: string): string {
  return value
    .replaceAll('\r\n', '')
    .replace(/[\t ]+/g, ' ')
    .trim();
}

/** Section 3.4.4, for lines before the last: white space at line ends goes, other runs of it become one space. */
export function canonicalizeLines(lines: string): string {
  return lines.replace(/[\t ]+/g, ' ').replaceAll(' \r\n', '\r\n');
}

/** Base64 of the signature of a text in ASCII, by the kind of its key. Rejects when it cannot be made. */
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
  const { createHash, createPrivateKey, sign } = require('node:crypto');
  const { parentPort, workerData } = require('node:worker_threads');
  const key = createPrivateKey(workerData);
  // Ed25519 signs the hash, and knows no other (RFC 8463 section 3).
  const isEd25519 = key.asymmetricKeyType === 'ed25519';
  const hash = (bytes) => createHash('sha256').update(bytes).digest();
  const signBytes = (bytes) => (isEd25519 ? sign(null, hash(bytes), key) : sign('sha256', bytes, key));
  const signText = (text) => signBytes(Buffer.from(text, 'latin1')).toString('base64');
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
