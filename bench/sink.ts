// The SMTP server that every benchmark sends to, in a process of its own: takes each message, keeps none, and does so
// little for it that the sender is what is measured. Run as a child process, it tells its port, and on request what came.
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** What came since the last request. */
export type SinkCounts = {
  mails: number;
  /** How many different recipients they had: as many as mails, unless somebody got two. */
  recipients: number;
  bytes: number;
  cpuMs: number;
};

export type SinkRequest = { delayMs?: number };

const endOfBody = '\r\n.\r\n';
const greeting = '220 sink\r\n';
const abilities = '250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n';
const fine = '250 fine\r\n';

let mails = 0;
let bytes = 0;
let recipients = new Set<string>();
let cpuBefore = process.cpuUsage();
/** How long each answer takes: as from a server that is far away. */
let delayMs = 0;

function takeCounts(): SinkCounts {
  const { user, system } = process.cpuUsage(cpuBefore);
  const counts = { mails, recipients: recipients.size, bytes, cpuMs: (user + system) / 1000 };
  cpuBefore = process.cpuUsage();
  mails = 0;
  bytes = 0;
  recipients = new Set();
  return counts;
}

/** Replies to everything in a chunk are sent at once, as RFC 2920 asks of a server. */
function converse(socket: Socket): void {
  let inBody = false;
  /** The start of a command line, or in a body the last bytes: a line end may be cut in two. */
  let rest = '';

  const obey = (line: string): string => {
    switch (line.slice(0, 4).toUpperCase()) {
      case 'EHLO':
        return abilities;
      case 'RCPT':
        recipients.add(line);
        return fine;
      case 'DATA':
        inBody = true;
        // So that a body of nothing but the dot is one, too.
        rest = '\r\n';
        return '354 go on\r\n';
      case 'QUIT':
        return '221 bye\r\n';
      default:
        return fine;
    }
  };

  /** Returns where the body ends in the chunk, or null when it goes on. */
  const findEnd = (chunk: Buffer, from: number): number | null => {
    const seam = rest + chunk.toString('latin1', from, from + endOfBody.length - 1);
    const atSeam = seam.indexOf(endOfBody);
    if (atSeam !== -1) return from + atSeam + endOfBody.length - rest.length;
    const at = chunk.indexOf(endOfBody, from, 'latin1');
    return at === -1 ? null : at + endOfBody.length;
  };

  socket.on('data', (chunk) => {
    let replies = '';
    for (let at = 0; at < chunk.length; ) {
      if (inBody) {
        const end = findEnd(chunk, at);
        bytes += (end ?? chunk.length) - at;
        if (end === null) {
          rest = (rest + chunk.toString('latin1', Math.max(at, chunk.length - 4))).slice(-4);
          break;
        }
        inBody = false;
        rest = '';
        mails += 1;
        replies += fine;
        at = end;
        continue;
      }
      const end = chunk.indexOf('\r\n', at, 'latin1');
      const splitEnd = rest.endsWith('\r') && chunk[at] === 10;
      if (end === -1 && !splitEnd) {
        rest += chunk.toString('latin1', at);
        break;
      }
      const stop = splitEnd ? at : end;
      const line = rest + chunk.toString('latin1', at, stop);
      rest = '';
      at = splitEnd ? at + 1 : end + 2;
      replies += obey(line);
    }
    if (replies === '') return;
    if (delayMs === 0) answer(socket, replies);
    else setTimeout(answer, delayMs, socket, replies);
  });
  socket.on('error', () => socket.destroy());
  socket.setNoDelay(true);
  socket.write(greeting);
}

function answer(socket: Socket, replies: string): void {
  if (socket.destroyed) return;
  socket.write(replies, 'latin1');
  if (replies.endsWith('221 bye\r\n')) socket.end();
}

const server = createServer(converse);
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('message', (request: SinkRequest) => {
  delayMs = request.delayMs ?? delayMs;
  process.send?.(takeCounts());
});
process.on('disconnect', () => process.exit());
