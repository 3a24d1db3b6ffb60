// Certificates for TLS: those of an operator, read from their files again when these change, and one of our own making for
// encryption that nobody asks a name of, as between mail servers (RFC 7435).
import { createPrivateKey, generateKeyPairSync, randomBytes, sign, X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';

/** As PEM. */
export type Certificate = { cert: string; key: string };

export type CertificateFiles = { certFile: string; keyFile: string };

/** Rejects when they cannot be read, or do not belong together. */
export async function readCertificate({ certFile, keyFile }: CertificateFiles): Promise<Certificate> {
  const [cert, key] = await Promise.all([readFile(certFile, 'utf8'), readFile(keyFile, 'utf8')]);
  createSecureContext({ cert, key });
  // A file that is being written may be empty, which is no key, and nothing that the line above minds.
  if (!new X509Certificate(cert).checkPrivateKey(createPrivateKey(key)))
    throw new Error(`${keyFile} is not the key of ${certFile}`);
  return { cert, key };
}

/**
 * Looks every now and then whether the files have changed, as they do when a certificate is renewed. What cannot be used is
 * told, and changes nothing. Returns what ends it.
 */
export function watchCertificate(
  files: CertificateFiles,
  {
    everyMs,
    onChange,
    onProblem,
  }: { everyMs: number; onChange: (certificate: Certificate) => void; onProblem: (error: Error) => void },
): () => void {
  const readVersion = async () => {
    const found = await Promise.all([files.certFile, files.keyFile].map((file) => stat(file)));
    return found.map(({ mtimeMs, ino }) => `${mtimeMs}:${ino}`).join(' ');
  };
  let seen: string | null = null;
  let current: Certificate | null = null;
  const look = async () => {
    const version = await readVersion();
    const isFirst = seen === null;
    if (version === seen) return;
    seen = version;
    const found = await readCertificate(files);
    const isOther = found.cert !== current?.cert || found.key !== current.key;
    current = found;
    if (!isFirst && isOther) onChange(found);
  };
  look().catch(onProblem);
  const timer = setInterval(() => look().catch(onProblem), everyMs).unref();
  return () => clearInterval(timer);
}

const dayMs = 24 * 60 * 60 * 1000;
const validDays = 10 * 365;

/** Signed by itself, for `name`, with an ECDSA key (P-256): RFC 5280 in its smallest form. */
export function makeCertificate(name: string, now: Date): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const who = sequence(element(tags.set, sequence(oids.commonName, utf8(name.slice(0, 64)))));
  const serial = randomBytes(16);
  // Positive, and as short as it can be written.
  serial[0] = 0x40 | ((serial[0] ?? 0) & 0x3f);
  const names = sequence(element(tags.dnsName, Buffer.from(name)));
  const content = sequence(
    element(tags.version, element(tags.integer, Buffer.from([2]))),
    element(tags.integer, serial),
    sequence(oids.ecdsaWithSha256),
    who,
    sequence(time(new Date(now.getTime() - dayMs)), time(new Date(now.getTime() + validDays * dayMs))),
    who,
    publicKey.export({ type: 'spki', format: 'der' }),
    element(tags.extensions, sequence(sequence(oids.subjectAltName, element(tags.octetString, names)))),
  );
  const signature = sign('sha256', content, privateKey);
  const certificate = sequence(
    content,
    sequence(oids.ecdsaWithSha256),
    element(tags.bitString, Buffer.from([0]), signature),
  );
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${certificate.toString('base64').replace(/.{1,64}/g, '$&\n')}-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/** Of DER (X.690). */
const tags = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  utf8: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
  dnsName: 0x82,
  version: 0xa0,
  extensions: 0xa3,
} as const;

const oids = {
  /** 1.2.840.10045.4.3.2 */
  ecdsaWithSha256: Buffer.from('06082a8648ce3d040302', 'hex'),
  /** 2.5.4.3 */
  commonName: Buffer.from('0603550403', 'hex'),
  /** 2.5.29.17 */
  subjectAltName: Buffer.from('0603551d11', 'hex'),
};

function element(tag: number, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...contents: Buffer[]) => element(tags.sequence, ...contents);
const utf8 = (text: string) => element(tags.utf8, Buffer.from(text));

/** Years from 2050 on need their century (RFC 5280 section 4.1.2.5). */
function time(instant: Date): Buffer {
  const digits = instant.toISOString().replace(/\D/g, '').slice(0, 14);
  return instant.getUTCFullYear() < 2050
    ? element(tags.utcTime, Buffer.from(`${digits.slice(2)}Z`))
    : element(tags.generalizedTime, Buffer.from(`${digits}Z`));
}
