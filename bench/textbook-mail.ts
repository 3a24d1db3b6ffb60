// A digest as MJML, the way the textbook writes mails: one document per mail.
import type { Digest, Pick as DigestPick } from '../src/digests/digest.ts';
import { escapeHtml } from '../src/text/html.ts';
import { baseUrl, siteName } from './setting.ts';

export type TextbookMail = { subject: string; mjml: string; text: string };

export function writeTextbookMail(digest: Digest, unsubscribeUrl: string): TextbookMail {
  const subject = `${digest.picks[0]?.paper.title ?? siteName} and ${digest.picks.length - 1} more`;
  return {
    subject,
    mjml: `<mjml lang="en"><mj-head><mj-title>${escapeHtml(subject)}</mj-title>
<mj-attributes><mj-all font-family="Georgia, serif" /><mj-text font-size="16px" line-height="1.5" /></mj-attributes>
</mj-head><mj-body background-color="#faf7f0"><mj-section><mj-column>
<mj-text align="center" font-size="30px">${siteName}</mj-text><mj-divider border-width="1px" />
${digest.picks.map(writeCard).join('\n')}
<mj-text font-size="13px"><a href="${unsubscribeUrl}">Unsubscribe</a> from ${siteName}</mj-text>
</mj-column></mj-section></mj-body></mjml>`,
    text: [...digest.picks.map(writeText), `Unsubscribe: ${unsubscribeUrl}`].join('\n\n'),
  };
}

function writeCard(pick: DigestPick): string {
  const { paper } = pick;
  return `<mj-text font-size="21px"><a href="${linkOf(pick)}">${escapeHtml(paper.title)}</a></mj-text>
<mj-text font-size="13px" color="#a3341f">${escapeHtml(writeReasons(pick))}</mj-text>
<mj-text>${escapeHtml(paper.abstract ?? '')}</mj-text><mj-divider border-width="1px" />`;
}

function writeText(pick: DigestPick): string {
  return [pick.paper.title, linkOf(pick), writeReasons(pick), pick.paper.abstract ?? ''].join('\n');
}

function linkOf({ paper }: DigestPick): string {
  return `${baseUrl}/paper/${paper.seq}`;
}

function nameReason(reason: DigestPick['reasons'][number]): string {
  if (reason.type === 'alike') return reason.like ?? '';
  return reason.type === 'query' ? reason.query : reason.name;
}

function writeReasons({ reasons }: DigestPick): string {
  return reasons.map((reason) => `${nameReason(reason)}: ${reason.because.join(', ')}`).join(' · ');
}
