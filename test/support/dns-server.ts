// A DNS server that knows what a test tells it, for a resolver of its own.
import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { type Answer, decode, encode, type Question } from 'dns-packet';

/** Records by type and name, such as `TXT example.org`; a name with none of any type does not exist. */
export type Records = Record<string, string[]>;

export type DnsServer = {
  resolver: Resolver;
  /** Null: it answers that it failed. */
  serve(records: Records | null): void;
  close(): Promise<void>;
};

export async function startDnsServer(): Promise<DnsServer> {
  let served: Records | null = {};
  const socket = createSocket('udp4');
  socket.on('message', (message, { port, address }) => {
    const { id = 0, questions = [] } = decode(message);
    const [question] = questions;
    if (question === undefined) return;
    const answers = served === null ? [] : findAnswers(served, question);
    const isKnown = Object.keys(served ?? {}).some((key) => key.endsWith(` ${question.name}`));
    // RCODE in the last four bits: 2, the server failed; 3, no such name.
    const flags = (1 << 7) | (served === null ? 2 : isKnown ? 0 : 3);
    socket.send(encode({ type: 'response', id, flags, questions, answers }), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const resolver = new Resolver({ timeout: 2000, tries: 2 });
  resolver.setServers([`127.0.0.1:${socket.address().port}`]);
  return {
    resolver,
    serve(records) {
      served = records;
    },
    async close() {
      resolver.cancel();
      socket.close();
      await once(socket, 'close');
    },
  };
}

function findAnswers(records: Records, { type, name }: Question): Answer[] {
  const found = records[`${type} ${name}`] ?? [];
  return found.map((data) => {
    if (type === 'MX') return { type, name, data: { preference: 10, exchange: data } };
    // Text records come in parts of 255 bytes.
    if (type === 'TXT') return { type, name, data: data.match(/.{1,255}/g) ?? [''] };
    return { type, name, data } as Answer;
  });
}
