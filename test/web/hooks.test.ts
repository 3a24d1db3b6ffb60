// What mail providers tell over HTTP, in the shapes of theirs, signed by keys of our own.
import { createHmac, createSign, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createFetchText } from '../../src/bounces/providers/fetch-text.ts';
import { isSnsUrl } from '../../src/bounces/providers/ses.ts';
import { recordEvent } from '../../src/bounces/record-event.ts';
import { createBounceAddresses, createBounceTokens } from '../../src/platform/bounce-address.ts';
import { makeCertificate } from '../../src/platform/keys/certificate.ts';
import { startApp, type TestApp } from './start-app.ts';

const bounceTokens = createBounceTokens('a secret for tests that is long enough', null);
const addresses = createBounceAddresses('bounces@mail.example.org', bounceTokens);
const topicArn = 'arn:aws:sns:eu-west-1:123456789012:bounces';
const certificateUrl = 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a1b.pem';
const amazon = makeCertificate('sns.amazonaws.com', new Date());
const stranger = makeCertificate('sns.amazonaws.com', new Date());
const sendgridKey = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const secrets = {
  ses: topicArn,
  postmark: 'a password of postmark’s',
  sendgrid: sendgridKey.publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
  mailgun: 'key-0123456789abcdef0123',
  generic: 'a secret of the generic hook',
};

let app: TestApp;
const fetched: string[] = [];
beforeAll(async () => {
  app = await startApp({
    openHooks: (deps) => ({
      settings: secrets,
      record: (event) => recordEvent({ ...deps, bounceTokens, log: pino({ level: 'silent' }) }, event),
      async fetchText(url) {
        fetched.push(url);
        if (url !== certificateUrl && !url.includes('Action=ConfirmSubscription'))
          throw new Error(`nothing is at ${url}`);
        return amazon.cert;
      },
    }),
  });
});
afterAll(() => app?.stop());

type Sent = { id: bigint; email: string; messageId: string; bounceAddress: string };
let ada: Sent;
let count = 0;
beforeEach(async () => {
  fetched.length = 0;
  await app.db.suppression.deleteMany();
  count += 1;
  ada = await send(`ada${count}@example.org`);
});

/** A reader with a digest that was taken an hour ago. */
async function send(email: string): Promise<Sent> {
  const { id: subscriberId } = await app.addActive(email);
  const { now } = app.clock;
  const createdAt = new Date(now.getTime() - 3_600_000);
  const { id, day } = await app.db.delivery.findFirstOrThrow({ where: { subscriberId, kind: 'digest' } });
  await app.db.delivery.update({
    where: { id_day: { id, day } },
    data: { state: 'accepted', createdAt, finishedAt: createdAt },
  });
  return {
    id,
    email,
    messageId: `digest.${id}.${subscriberId}@papers.example.org`,
    bounceAddress: addresses.write({ deliveryId: id, signedAt: createdAt }),
  };
}

const seconds = () => String(Math.floor(app.clock.now.getTime() / 1000));
const isoTime = () => new Date(app.clock.now.getTime() - 60_000).toISOString();

type Request = { path: string; body: string; headers: Record<string, string> };

const post = async ({ path, body, headers }: Request) => {
  const response = await app.request(`/hooks/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  return { status: response.status, text: await response.text() };
};

const viaSendgrid = (events: object[], time = seconds()): Request => {
  const body = JSON.stringify(events);
  const signature = sign('sha256', Buffer.from(time + body), sendgridKey.privateKey).toString('base64');
  return {
    path: 'sendgrid',
    body,
    headers: {
      'x-twilio-email-event-webhook-timestamp': time,
      'x-twilio-email-event-webhook-signature': signature,
    },
  };
};

const viaMailgun = (event: object, timestamp = seconds(), token = randomUUID()): Request => {
  const signature = createHmac('sha256', secrets.mailgun)
    .update(timestamp + token)
    .digest('hex');
  return {
    path: 'mailgun',
    body: JSON.stringify({ signature: { timestamp, token, signature }, 'event-data': event }),
    headers: {},
  };
};

const viaPostmark = (event: object, password = secrets.postmark): Request => ({
  path: 'postmark',
  body: JSON.stringify(event),
  headers: { authorization: `Basic ${Buffer.from(`paperround:${password}`).toString('base64')}` },
});

const viaGeneric = (events: object[], time = seconds()): Request => {
  const body = JSON.stringify({ events });
  const hmac = createHmac('sha256', secrets.generic).update(`${time}.${body}`).digest('hex');
  return {
    path: 'generic',
    body,
    headers: { 'x-webhook-timestamp': time, 'x-webhook-signature': `sha256=${hmac}` },
  };
};

type Sns = Record<string, string>;

/** As SNS signs it. */
function signSns(message: Sns, { key = amazon.key, version = '2' } = {}): Request {
  const names =
    message.Type === 'Notification'
      ? ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
      : ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
  const text = names.flatMap((name) => (message[name] === undefined ? [] : [`${name}\n${message[name]}\n`]));
  const signature = createSign(version === '1' ? 'sha1' : 'sha256')
    .update(text.join(''))
    .sign(key, 'base64');
  const body = JSON.stringify({ ...message, SignatureVersion: version, Signature: signature });
  return { path: 'ses', body, headers: { 'content-type': 'text/plain; charset=UTF-8' } };
}

const notification = (content: object, changes: Sns = {}): Sns => ({
  Type: 'Notification',
  MessageId: randomUUID(),
  TopicArn: topicArn,
  Subject: 'Amazon SES Email Event Notification',
  Message: JSON.stringify(content),
  Timestamp: app.clock.now.toISOString(),
  SigningCertURL: certificateUrl,
  UnsubscribeURL: 'https://sns.eu-west-1.amazonaws.com/?Action=Unsubscribe',
  ...changes,
});

const sesMail = (mail: Sent) => ({
  timestamp: isoTime(),
  source: mail.bounceAddress,
  messageId: '0102018c-aws-0000',
  destination: [mail.email],
});

const sesBounce = (mail: Sent, changes: object = {}) => ({
  notificationType: 'Bounce',
  mail: sesMail(mail),
  bounce: {
    bounceType: 'Permanent',
    bounceSubType: 'General',
    timestamp: isoTime(),
    feedbackId: 'f1',
    bouncedRecipients: [
      {
        emailAddress: mail.email,
        action: 'failed',
        status: '5.1.1',
        diagnosticCode: 'smtp; 550 5.1.1 user unknown',
      },
    ],
    ...changes,
  },
});

const viaSes = (content: object) => signSns(notification(content));

const bouncesOf = ({ id }: Sent) =>
  app.db.bounce.findMany({
    where: { deliveryId: id },
    select: { kind: true, status: true, diagnostic: true },
  });
const barred = async () => (await app.db.suppression.findMany()).map(({ emailKey }) => emailKey);

const unknownUser = '550 5.1.1 The email account that you tried to reach does not exist';

/** The same failure, as each of them tells it. */
const failures: Record<string, () => Request> = {
  'ses, by the envelope sender': () => viaSes(sesBounce(ada)),
  'ses, an event of a configuration set': () => {
    const { notificationType, ...content } = sesBounce(ada);
    return viaSes({ eventType: notificationType, ...content });
  },
  'ses, signed in the first way': () => signSns(notification(sesBounce(ada)), { version: '1' }),
  'ses, by the original header': () =>
    viaSes({
      ...sesBounce(ada),
      mail: {
        ...sesMail(ada),
        source: 'digest@papers.example.org',
        headers: [{ name: 'Message-ID', value: `<${ada.messageId}>` }],
      },
    }),
  sendgrid: () =>
    viaSendgrid([
      { event: 'processed', email: ada.email, timestamp: Number(seconds()), sg_event_id: 'a' },
      {
        event: 'bounce',
        type: 'bounce',
        email: ada.email,
        timestamp: Number(seconds()),
        'smtp-id': `<${ada.messageId}>`,
        status: '5.1.1',
        reason: unknownUser,
        sg_event_id: 'b',
      },
    ]),
  mailgun: () =>
    viaMailgun({
      event: 'failed',
      severity: 'permanent',
      reason: 'bounce',
      id: 'G9Bn5sl1TC6nu79C8C0bwg',
      timestamp: Number(seconds()) + 0.5,
      recipient: ada.email,
      envelope: { sender: ada.bounceAddress, targets: ada.email, transport: 'smtp' },
      message: { headers: { 'message-id': ada.messageId, to: ada.email } },
      'delivery-status': { code: 550, 'enhanced-code': '5.1.1', message: unknownUser, description: '' },
    }),
  'postmark, by the address': () =>
    viaPostmark({
      RecordType: 'Bounce',
      ID: 42,
      Type: 'HardBounce',
      TypeCode: 1,
      MessageID: randomUUID(),
      Email: ada.email,
      Details: `smtp;${unknownUser}`,
      BouncedAt: isoTime(),
    }),
  generic: () =>
    viaGeneric([
      { type: 'bounce', at: isoTime(), recipient: ada.email, messageId: ada.messageId, reply: unknownUser },
    ]),
};

describe.each(Object.keys(failures))('%s', (name) => {
  const write = () => {
    const request = failures[name]?.();
    if (request === undefined) throw new Error(`There is no ${name}`);
    return request;
  };

  test('a failure is recorded once, however often it is told, and bars the address', async () => {
    const request = write();
    expect(await post(request)).toMatchObject({ status: 200 });
    expect(await bouncesOf(ada)).toMatchObject([{ kind: 'hard' }]);
    expect(await barred()).toEqual([ada.email]);
    await app.db.suppression.deleteMany();
    await app.db.subscriber.updateMany({ data: { bouncesCountFrom: app.clock.now } });
    for (let time = 0; time < 3; time += 1) expect(await post(request)).toMatchObject({ status: 200 });
    expect(await bouncesOf(ada)).toHaveLength(1);
    expect(await barred()).toEqual([]);
  });

  test('what was changed on the way, or is not signed, is refused without a word why', async () => {
    const request = write();
    const other = request.body.replace(ada.email, 'eve@example.org');
    const changed: Request[] = [
      { ...request, body: '' },
      { ...request, body: '[]' },
      { ...request, body: 'not json' },
      ...(request.path === 'mailgun' ? [] : [{ ...request, headers: {} }]),
      // Postmark's password covers no body, and Mailgun's signature only the first that comes with it.
      ...(request.path === 'postmark' ? [] : [{ ...request, body: other }]),
    ];
    if (request.path === 'mailgun') await post(request);
    const isSignedInBody = request.path === 'ses';
    for (const each of changed) {
      if (isSignedInBody && Object.keys(each.headers).length === 0) continue;
      if (request.path === 'postmark' && each.headers === request.headers) continue;
      const { status, text } = await post(each);
      expect([status, text], each.body.slice(0, 60)).toEqual([403, expect.stringContaining('is not taken')]);
      expect(text).not.toMatch(/signature|time|key|password/i);
    }
    expect(await barred()).toEqual(request.path === 'mailgun' ? [ada.email] : []);
  });

  test('what is larger than an event can be is not read', async () => {
    const request = write();
    const { status } = await post({ ...request, body: `${request.body}${' '.repeat(1_100_000)}` });
    expect(status).toBe(413);
    expect(await bouncesOf(ada)).toEqual([]);
  });
});

test('a signature of long ago, or of tomorrow, is refused', async () => {
  const event = { type: 'bounce', at: isoTime(), recipient: ada.email, claim: 'hard' };
  const sendgrid = { event: 'bounce', type: 'bounce', email: ada.email, timestamp: Number(seconds()) };
  const at = (hours: number) => String(Number(seconds()) + hours * 3600);
  const days = (hours: number) => new Date(app.clock.now.getTime() + hours * 3_600_000).toISOString();
  for (const request of [
    viaGeneric([event], at(-0.2)),
    viaGeneric([event], at(0.2)),
    viaSendgrid([sendgrid], at(-27)),
    viaSendgrid([sendgrid], at(1)),
    viaMailgun({ event: 'complained', recipient: ada.email, timestamp: 1 }, at(-27)),
    signSns(notification(sesBounce(ada), { Timestamp: days(-27) })),
    viaPostmark({ RecordType: 'Bounce', Type: 'HardBounce', Email: ada.email, BouncedAt: days(-27) }),
  ])
    expect(await post(request), request.path).toMatchObject({ status: 403 });
  expect(await bouncesOf(ada)).toEqual([]);
});

test.each<[string, () => Request]>([
  [
    'ses',
    () =>
      viaSes({
        notificationType: 'Complaint',
        mail: sesMail(ada),
        complaint: {
          complainedRecipients: [{ emailAddress: ada.email }],
          complaintFeedbackType: 'abuse',
          timestamp: isoTime(),
        },
      }),
  ],
  ['sendgrid', () => viaSendgrid([{ event: 'spamreport', email: ada.email, timestamp: Number(seconds()) }])],
  ['mailgun', () => viaMailgun({ event: 'complained', recipient: ada.email, timestamp: Number(seconds()) })],
  ['postmark', () => viaPostmark({ RecordType: 'SpamComplaint', Email: ada.email, BouncedAt: isoTime() })],
  ['generic', () => viaGeneric([{ type: 'complaint', at: isoTime(), envelopeFrom: ada.bounceAddress }])],
])('a complaint by %s ends it all at once', async (_, write) => {
  expect(await post(write())).toMatchObject({ status: 200 });
  expect(await bouncesOf(ada)).toMatchObject([{ kind: 'complaint' }]);
  expect(await barred()).toEqual([ada.email]);
  const { status } = await app.db.subscriber.findUniqueOrThrow({ where: { emailKey: ada.email } });
  expect(status).toBe('unsubscribed');
});

describe('what it means for the address', () => {
  const sendgrid = (changes: object) => () =>
    viaSendgrid([
      { event: 'bounce', type: 'bounce', email: ada.email, timestamp: Number(seconds()), ...changes },
    ]);
  const postmark = (Type: string, Details: string) => () =>
    viaPostmark({ RecordType: 'Bounce', Type, Email: ada.email, Details, BouncedAt: isoTime() });
  const ses = (bounceType: string, bounceSubType: string, diagnosticCode?: string) => () =>
    viaSes(
      sesBounce(ada, {
        bounceType,
        bounceSubType,
        bouncedRecipients: [{ emailAddress: ada.email, ...(diagnosticCode && { diagnosticCode }) }],
      }),
    );

  test.each<[string, string, () => Request]>([
    ['hard', 'their word, where the server’s say nothing', ses('Permanent', 'General')],
    [
      'policy',
      'the server’s own words before theirs',
      ses('Permanent', 'General', 'smtp; 550 5.7.1 blocked using zen.spamhaus.org'),
    ],
    [
      'soft',
      'no more than soft where they still call it temporary',
      ses('Transient', 'General', 'smtp; 550 5.1.1 no such user here'),
    ],
    ['soft', 'nothing, that a list of theirs has it', ses('Permanent', 'Suppressed')],
    ['policy', 'nothing, that the mail was not wanted', ses('Transient', 'ContentRejected')],
    ['soft', 'nothing, that they did not send', sendgrid({ event: 'dropped', reason: 'Bounced Address' })],
    ['policy', 'nothing, that it was blocked', sendgrid({ type: 'blocked', reason: 'delivery refused' })],
    ['soft', 'not now, that it is full', sendgrid({ reason: '552 5.2.2 mailbox full', status: '5.2.2' })],
    ['soft', 'not now, for what passes', postmark('SoftBounce', 'try later')],
    ['policy', 'nothing, that it looked like spam', postmark('SpamNotification', 'looks like spam')],
  ])('%s: %s', async (kind, _, write) => {
    expect(await post(write())).toMatchObject({ status: 200 });
    expect(await bouncesOf(ada)).toMatchObject([{ kind }]);
    expect(await barred()).toEqual(kind === 'hard' ? [ada.email] : []);
  });
});

test('events that say nothing to us, and those about nobody of ours, are taken and change nothing', async () => {
  const before = await app.dump();
  const nobody = 'nobody@example.org';
  for (const request of [
    viaSes({ notificationType: 'Delivery', mail: sesMail(ada) }),
    viaSes({
      notificationType: 'Complaint',
      mail: sesMail(ada),
      complaint: {
        complainedRecipients: [{ emailAddress: ada.email }],
        complaintFeedbackType: 'not-spam',
        timestamp: isoTime(),
      },
    }),
    viaSendgrid([
      { event: 'open', email: ada.email, timestamp: Number(seconds()) },
      { event: 'new kind', timestamp: 1 },
    ]),
    viaSendgrid([]),
    viaMailgun({
      event: 'failed',
      severity: 'temporary',
      recipient: ada.email,
      timestamp: Number(seconds()),
    }),
    viaPostmark({ RecordType: 'Bounce', Type: 'AutoResponder', Email: ada.email, BouncedAt: isoTime() }),
    viaPostmark({ RecordType: 'Open', Email: ada.email }),
    viaGeneric([{ type: 'bounce', at: isoTime(), recipient: nobody, claim: 'hard' }]),
    viaGeneric([
      {
        type: 'bounce',
        at: isoTime(),
        messageId: ada.messageId.replace(/\.[^.]*@/, '.de957784-bbc3-4135-a7ac-197d54dc4ce3@'),
        claim: 'hard',
      },
    ]),
    // Before anything was sent to them.
    viaGeneric([{ type: 'bounce', at: '2020-01-01T00:00:00Z', recipient: ada.email, claim: 'hard' }]),
  ])
    expect(await post(request), request.body).toMatchObject({ status: 200 });
  expect(await app.dump()).toBe(before);
  expect(await bouncesOf(ada)).toEqual([]);
});

test('signed nonsense is told to be that, and changes nothing', async () => {
  for (const request of [viaSendgrid([{ event: 1 }]), viaGeneric([{}]), viaMailgun({}), viaSes({ mail: 1 })])
    expect(await post(request), request.path).toMatchObject({ status: 400 });
});

describe('SNS', () => {
  const subscription = (changes: Sns = {}): Sns => ({
    ...notification({}, { Type: 'SubscriptionConfirmation' }),
    Message: 'You have chosen to subscribe to the topic',
    Token: 'a1b2',
    SubscribeURL: `https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${topicArn}&Token=a1b2`,
    ...changes,
  });

  test('is told that its events are wanted, for a topic that the operator has named', async () => {
    const message = subscription();
    expect(await post(signSns(message))).toMatchObject({ status: 200 });
    expect(fetched).toEqual([certificateUrl, message.SubscribeURL]);
  });

  test.each<[string, () => Request]>([
    ['another topic', () => signSns(subscription({ TopicArn: `${topicArn}2` }))],
    ['another’s key', () => signSns(subscription(), { key: stranger.key })],
    [
      'a certificate of anybody’s',
      () => signSns(subscription({ SigningCertURL: 'https://evil.example/sns.pem' })),
    ],
    [
      'a certificate of another region',
      () => signSns(subscription({ SigningCertURL: certificateUrl.replace('eu-west-1', 'us-east-1') })),
    ],
    [
      'a bucket at Amazon',
      () => signSns(subscription({ SigningCertURL: 'https://s3.eu-west-1.amazonaws.com/evil/sns.pem' })),
    ],
  ])('is not believed with %s', async (_, write) => {
    expect(await post(write())).toMatchObject({ status: 403 });
    expect(fetched.filter((url) => url !== certificateUrl)).toEqual([]);
  });

  test('leads us nowhere but to itself', async () => {
    await post(signSns(subscription({ SubscribeURL: 'https://169.254.169.254/latest/meta-data' })));
    expect(fetched).toEqual([certificateUrl]);
    for (const url of [
      'http://sns.eu-west-1.amazonaws.com/x.pem',
      'https://sns.eu-west-1.amazonaws.com.evil.example/x.pem',
      'https://sns.eu-west-1.amazonaws.com@evil.example/x.pem',
      'https://sns.eu-west-1.amazonaws.com:8443/x.pem',
      'https://evil.example/sns.eu-west-1.amazonaws.com/x.pem',
      'file:///etc/passwd',
      'nonsense',
    ])
      expect(isSnsUrl(url, 'eu-west-1'), url).toBe(false);
    expect(isSnsUrl(certificateUrl, 'eu-west-1')).toBe(true);
  });
});

test('what is fetched is never inside, nor without TLS, nor much', async () => {
  const fetchText = createFetchText();
  await expect(fetchText('https://127.0.0.1/x.pem')).rejects.toThrow('private address');
  await expect(fetchText('https://[::1]/x.pem')).rejects.toThrow('private address');
  await expect(fetchText('https://localhost/x.pem')).rejects.toThrow('fetch failed');
  await expect(fetchText('http://sns.eu-west-1.amazonaws.com/x.pem')).rejects.toThrow('not https');
  for (let n = 0; n < 20; n += 1) await fetchText(`http://host${n}.example/`).catch(() => {});
  await expect(fetchText('https://localhost/y.pem')).rejects.toThrow('too many');
});

test('no hook is there that nobody has configured, and none answers to a look', async () => {
  expect(await post({ path: 'sparkpost', body: '{}', headers: {} })).toMatchObject({ status: 404 });
  for (const name of Object.keys(secrets)) expect((await app.request(`/hooks/${name}`)).status).toBe(404);
  const plain = await startApp();
  const { status } = await plain.post('/hooks/generic');
  await plain.stop();
  expect(status).toBe(404);
});
