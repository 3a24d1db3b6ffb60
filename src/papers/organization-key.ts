// Which spellings mean the same organisation, in papers and in what readers follow.

/**
 * Letters and digits only, in small letters without accents: `Carnegie-Mellon University` is `carnegiemellonuniversity`,
 * and so is `CarnegieMellonU Carnegie Mellon University`, as listings have it. Empty when there is neither.
 */
export function organizationKey(name: string): string {
  const words = name
    .slice(0, longestName)
    .split(/\s+/)
    .filter((word) => squeeze(word) !== '');
  const [first = '', ...others] = words;
  return squeeze((isHandleOf(first, others) ? others : words).join(''));
}

const longestName = 500;

/** `CarnegieMellonU` of Carnegie Mellon University, `MIT` of Massachusetts Institute of Technology, `google` of Google. */
function isHandleOf(handle: string, name: string[]): boolean {
  const short = squeeze(handle);
  const full = squeeze(name.join(''));
  const initials = squeeze(name.map((word) => word.charAt(0)).join(''));
  if (short.length < 2 || full.length < 2) return false;
  return (
    full.startsWith(short) ||
    (full.length >= 4 && short.startsWith(full.slice(0, 4))) ||
    (short.length > 2 ? initials.startsWith(short) : initials === short)
  );
}

function squeeze(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}
