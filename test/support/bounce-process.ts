// A bounce receiver in a process of its own, for tests that kill it: says its port when it listens.
import { pino } from 'pino';
import { startBounceReceiver } from '../../src/bounces/receiver.ts';
import { recordBounce } from '../../src/bounces/record-bounce.ts';
import { createBounceAddresses, createBounceTokens } from '../../src/platform/bounce-address.ts';
import { makeCertificate } from '../../src/platform/keys/certificate.ts';
import { createTokenSigner } from '../../src/platform/keys/tokens.ts';
import { createDb } from '../../src/platform/postgres/db.ts';

export type BounceProcessSettings = { databaseUrl: string; secret: string; address: string };

const [given = ''] = process.argv.slice(2);
const { databaseUrl, secret, address }: BounceProcessSettings = JSON.parse(given);
const now = () => new Date();
const log = pino({ level: 'silent' });
const bounceTokens = createBounceTokens(secret, null);
const deps = { db: createDb(databaseUrl, 5), bounceTokens, tokens: createTokenSigner(secret), now, log };
const { port } = await startBounceReceiver({
  host: '127.0.0.1',
  port: 0,
  certificate: makeCertificate('mail.example.org', new Date()),
  addresses: createBounceAddresses(address, bounceTokens),
  record: (bounce) => recordBounce(deps, bounce),
  now,
  log,
});
process.once('disconnect', () => process.exit());
process.send?.(port);
