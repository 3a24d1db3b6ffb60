// The SMTP side of the local inbox: takes every mail, for whomever it is, and says so only once it is kept.
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { InboxFolder } from './folder.ts';

export type SmtpCatcher = { url: string; stop(): Promise<void> };

const maxBytes = 5 * 1024 * 1024;
/** What RFC 5321 section 4.5.3.1.8 asks for at least. */
const maxRecipients = 100;
const stopPatienceMs = 1_000;

/** Listens on a free loopback port. */
export async function startSmtpCatcher(input: {
  folder: InboxFolder;
  log: (message: string) => void;
}): Promise<SmtpCatcher> {
  const { folder, log } = input;
  const server = new SMTPServer({
    name: 'localhost',
    banner: 'Paperround local inbox',
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: maxBytes,
    // Answered with 552, whatever `onData` says.
    rejectOversized: true,
    maxRecipients: maxRecipients,
    // A pooled connection may wait for the next digest.
    socketTimeout: 10 * 60_000,
    closeTimeout: stopPatienceMs,
    onData(stream, session, done) {
      receive({ folder, stream, session }).then(
        (reply) => done(null, reply),
        (error: Error) => {
          // Otherwise the client hung up half-way.
          if (stream.readableEnded) log(`A mail could not be kept in ${folder.path}: ${error.message}`);
          done(Object.assign(new Error('The mail could not be stored: try later'), { responseCode: 451 }));
        },
      );
    },
  });
  // A client that hangs up is no reason to end.
  server.on('error', (error) => log(`The local inbox had trouble with a connection: ${error.message}`));
  const { port } = await listen(server);
  return {
    url: `smtp://127.0.0.1:${port}`,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Answers the text of the 250 reply. Rejects when the mail could not be kept, or came only in part. */
async function receive(input: {
  folder: InboxFolder;
  stream: SMTPServerDataStream;
  session: SMTPServerSession;
}): Promise<string> {
  const { folder, stream, session } = input;
  const chunks: Buffer[] = [];
  for await (const chunk of stream) {
    // Read to its end, so that the client hears the answer.
    if (stream.sizeExceeded) chunks.length = 0;
    else chunks.push(chunk);
  }
  if (stream.sizeExceeded) return '';
  const { mailFrom, rcptTo } = session.envelope;
  const id = await folder.keep({
    envelope: {
      from: mailFrom === false ? '' : mailFrom.address,
      to: rcptTo.map(({ address }) => address),
    },
    source: Buffer.concat(chunks),
  });
  return `OK: kept as ${id}`;
}

function listen(server: SMTPServer): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.server.once('error', reject);
    const listener = server.listen(0, '127.0.0.1', () => {
      const address = listener.address();
      if (address === null || typeof address === 'string') return reject(new Error('The inbox got no port'));
      server.server.off('error', reject);
      resolve(address);
    });
  });
}
