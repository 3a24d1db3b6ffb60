// Reports that are written for people only, of the two mail servers that still write such: qmail (in its own format,
// https://cr.yp.to/proto/qsbmf.txt) and Exim.
import { judgeFailure } from './judge-failure.ts';
import type { BounceReport } from './read-bounce.ts';

const longestReport = 20_000;

/** Null: it is none of these. */
export function readPlainReport(text: string): BounceReport | null {
  const report = text.slice(0, longestReport).replace(/\r\n?/g, '\n').trimStart();
  if (report.startsWith('Hi. This is the ')) return readQmail(report);
  if (report.startsWith('This message was created automatically by mail delivery software.'))
    return readExim(report);
  return null;
}

/** Paragraphs; each that begins with `<address>:` is a recipient. */
function readQmail(report: string): BounceReport {
  const [own = ''] = report.split(/^--- /m);
  const recipient = own.split(/\n\n+/).find((paragraph) => /^<[^>\n]*>:/.test(paragraph));
  const words = recipient?.slice(recipient.indexOf('>:') + 2) ?? null;
  return judgeFailure({ status: null, words: words === null ? null : stripRemark(words) });
}

/** `host does not like recipient. Remote host said: 550 …`: what counts is what it said. */
function stripRemark(words: string): string {
  const at = words.indexOf('Remote host said:');
  return at === -1 ? words : words.slice(at + 'Remote host said:'.length);
}

/** The recipient on an indented line, and what became of it on those below. */
function readExim(report: string): BounceReport {
  const [own = ''] = report.split(/^------ /m);
  if (/\bhas not (?:yet )?been delivered\b/.test(own)) return { kind: 'ignored', because: 'delayed' };
  const lines = own.split('\n');
  const recipient = lines.findIndex((line) => /^[ \t]/.test(line) && line.includes('@'));
  const below = lines.slice(recipient + 1);
  const end = below.findIndex((line) => line.trim() === '');
  const words = below.slice(0, end === -1 ? undefined : end).join(' ');
  return judgeFailure({ status: null, words: recipient === -1 ? null : stripRemote(words) });
}

/** `SMTP error from remote mail server after RCPT TO:<ada@example.org>: 550 …` */
function stripRemote(words: string): string {
  const error = words.indexOf('SMTP error from remote');
  if (error === -1) return words;
  const reply = /: +[245]\d\d[ -]/.exec(words.slice(error));
  return reply === null ? words : words.slice(error + reply.index + 1);
}
