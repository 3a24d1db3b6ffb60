// Papers that were taken back: where no source has a field for it, their own words say so.

const what = '(?:paper|article|submission|manuscript|preprint|work|version|study|note)';
const saysSo = new RegExp(
  [
    String.raw`^\W*(?:arxiv admin note: )?(?:(?:this|the|our) ${what} (?:has been|is(?: being)?|was) |${what} )?(?:temporarily )?withdrawn\b`,
    String.raw`^\W*(?:(?:the|its) authors?|we|i) (?:have |has )?(?:withdrawn?|withdrew|withdraws?|are withdrawing|am withdrawing) (?:this|the|our) ${what}\b`,
    String.raw`\bthis ${what} has been withdrawn(?= by\b| due to\b|\W*$)`,
  ].join('|'),
  'i',
);

/** Where a text begins with it, or says it of itself in a short one: "data were withdrawn" is no such word. */
export function tellsWithdrawal(text: string | null): boolean {
  return text !== null && saysSo.test(text.slice(0, 400));
}
