// A mail server that fails at any stage, in any way: what becomes of the mail, and that what can be sent later is.
import { describe, expect, test } from 'vitest';
import { listBrokenPromises } from '../support/broken-promises.ts';
import type { Mishap, Stage } from '../support/smtp-catcher.ts';
import { hangUp, openTroubledPost, type PostOptions, reply, stall, wait } from './troubled-post.ts';

/** For servers that fall silent; and long enough for an answer on a busy machine. */
const timeouts = { connectionMs: 3000, greetingMs: 3000, socketMs: 3000 };

const auth = {
  extensions: ['AUTH PLAIN LOGIN'],
  changeUrl: (url: string) => url.replace('://', '://paperround:secret@'),
};
const pipelining = { extensions: ['8BITMIME', 'PIPELINING'] };

/** What goes wrong there is not the mail's fault. */
const transportStages = new Set<Stage>(['greeting', 'EHLO', 'AUTH', 'MAIL']);

type Case = [what: string, stage: Stage, mishap: Mishap, state: string, options?: PostOptions];

const cases: Case[] = [
  ['has no time', 'greeting', reply('421 4.3.2 too busy'), 'deferred'],
  ['is closed for now', 'greeting', reply('450 4.3.2 not yet'), 'deferred'],
  ['is closed for good', 'greeting', reply('554 5.3.2 no service here'), 'deferred'],
  ['says goodbye to our name', 'EHLO', reply('421 4.3.2 not now'), 'deferred'],
  ['dislikes our name for now', 'EHLO', reply('451 4.3.0 later'), 'deferred'],
  ['dislikes our name', 'EHLO', reply('550 5.7.1 who?'), 'deferred'],
  ['can not look up our password', 'AUTH', reply('454 4.7.0 later'), 'deferred', auth],
  ['does not know our password', 'AUTH', reply('535 5.7.8 wrong'), 'deferred', auth],
  ['says goodbye at our password', 'AUTH', reply('421 4.7.0 enough'), 'deferred', auth],
  ['refuses the sender for now', 'MAIL', reply('451 4.3.0 later'), 'deferred'],
  ['refuses the sender for good', 'MAIL', reply('550 5.7.1 not from you'), 'deferred'],
  ['says goodbye at the sender', 'MAIL', reply('421 4.7.0 enough'), 'deferred'],
  ['has no room for the recipient', 'RCPT', reply('452 4.2.2 mailbox full'), 'deferred'],
  ['has no such recipient', 'RCPT', reply('550 5.1.1 nobody'), 'rejected'],
  ['answers with a zero byte', 'RCPT', reply('550 5.1.1 no\0body'), 'rejected'],
  ['says goodbye at the recipient', 'RCPT', reply('421 4.7.0 enough'), 'deferred'],
  ['has no room for a pipelined recipient', 'RCPT', reply('452 4.2.2 full'), 'deferred', pipelining],
  ['has no such pipelined recipient', 'RCPT', reply('550 5.1.1 nobody'), 'rejected', pipelining],
  ['says goodbye at a pipelined recipient', 'RCPT', reply('421 4.7.0 enough'), 'deferred', pipelining],
  ['refuses the data for now', 'DATA', reply('451 4.3.0 later'), 'deferred'],
  ['refuses the data for good', 'DATA', reply('554 5.7.1 no'), 'rejected'],
  ['says goodbye at the data', 'DATA', reply('421 4.3.2 going down'), 'deferred'],
  ['refuses the whole message for now', 'end', reply('451 4.7.1 greylisted'), 'deferred'],
  ['refuses the whole message for good', 'end', reply('554 5.7.1 spam'), 'rejected'],
  ['says goodbye at the end of the message', 'end', reply('421 4.3.2 going down'), 'deferred'],

  ['hangs up at the greeting', 'greeting', hangUp, 'deferred'],
  ['hangs up at our name', 'EHLO', hangUp, 'deferred'],
  ['hangs up at our password', 'AUTH', hangUp, 'deferred', auth],
  ['hangs up at the sender', 'MAIL', hangUp, 'deferred'],
  ['hangs up at the recipient', 'RCPT', hangUp, 'deferred'],
  ['hangs up at a pipelined recipient', 'RCPT', hangUp, 'deferred', pipelining],
  ['hangs up at the data', 'DATA', hangUp, 'deferred'],
  ['hangs up after its 354', '354', hangUp, 'unknown'],
  ['hangs up in the middle of the body', 'body', hangUp, 'unknown'],
  ['hangs up at the end of the message', 'end', hangUp, 'unknown'],
  ['hangs up with the message stored', 'stored', hangUp, 'unknown'],
  ['hangs up after its answer', 'answered', hangUp, 'accepted'],

  ['falls silent at the greeting', 'greeting', stall, 'deferred', { timeouts }],
  ['falls silent at our name', 'EHLO', stall, 'deferred', { timeouts }],
  ['falls silent at our password', 'AUTH', stall, 'deferred', { ...auth, timeouts }],
  ['falls silent at the sender', 'MAIL', stall, 'deferred', { timeouts }],
  ['falls silent at the recipient', 'RCPT', stall, 'deferred', { timeouts }],
  ['falls silent at the data', 'DATA', stall, 'deferred', { timeouts }],
  ['falls silent after its 354', '354', stall, 'unknown', { timeouts }],
  ['falls silent in the middle of the body', 'body', stall, 'unknown', { timeouts }],
  ['falls silent at the end of the message', 'end', stall, 'unknown', { timeouts }],
  ['falls silent with the message stored', 'stored', stall, 'unknown', { timeouts }],
  ['answers after we have given up', 'stored', wait(5000), 'unknown', { timeouts }],
];

describe('a server that', () => {
  test.concurrent.for(cases)(
    '%s (%s), makes the mail what it must be',
    async ([_, stage, mishap, state, options], { onTestFinished }) => {
      // What the transport suffers from is tried with a few mails, and costs the others not even a try.
      const readers = transportStages.has(stage) ? 12 : 1;
      const post = await openTroubledPost(readers, { connections: 2, ...options });
      onTestFinished(post.close);
      post.smtp.behave((reached) => (reached === stage ? mishap : null));
      await post.sweep();
      const states = (await post.states()).filter((found) => found !== 'planned');
      expect(new Set(states)).toEqual(new Set([state]));
      if (transportStages.has(stage)) expect(states.length).toBeLessThan(readers);
      const reader = await post.find('reader1@d1.example.org');
      expect(reader).toMatchObject({ status: 'active', servedThrough: state === 'accepted' ? 1 : 0 });

      post.smtp.behave(() => null);
      await post.deliverAll();
      expect(new Set(await post.states())).toEqual(new Set([state === 'deferred' ? 'accepted' : state]));
      expect(await listBrokenPromises(post.db, post.smtp.mails)).toEqual([]);
      const isStored = state === 'deferred' || state === 'accepted' || stage === 'stored';
      expect(post.smtp.mails).toHaveLength(isStored ? readers : 0);
    },
  );

  test.concurrent.for<[string, PostOptions]>([
    ['is not there', { changeUrl: () => 'smtp://127.0.0.1:1' }],
    ['speaks no TLS where it should', { changeUrl: (url) => url.replace('smtp:', 'smtps:') }],
    ['offers TLS and can not do it', { extensions: ['STARTTLS'], timeouts }],
  ])('%s is in trouble, and no reader is blamed', async ([_, options], { onTestFinished }) => {
    const post = await openTroubledPost(3, options);
    onTestFinished(post.close);
    expect(await post.sweep()).toMatchObject({ accepted: 0, rejected: 0, unknown: 0 });
    expect((await post.states()).filter((state) => state !== 'deferred' && state !== 'planned')).toEqual([]);
    expect(post.smtp.mails).toEqual([]);
  });
});
