// The colours of pages and mails by what they are for, and whether text can be read on them (WCAG 2.2, 1.4.3 and 1.4.11).

export const schemes = ['light', 'dark'] as const;
export type Scheme = (typeof schemes)[number];

export const roles = [
  ...(['desk', 'paper', 'sheet', 'tint', 'ink', 'soft', 'rule', 'edge'] as const),
  ...(['accent', 'accentStrong', 'onAccent', 'mark'] as const),
] as const;
/** `desk` is around a mail, `paper` under all else, `sheet` under forms, `tint` under what is chosen. */
export type Role = (typeof roles)[number];

/** As #rrggbb, in small letters. */
export type Colours = Readonly<Record<Scheme, Readonly<Partial<Record<Role, string>>>>>;

/** As templates/assets/styles.css has them. */
export const pageColours = {
  light: {
    paper: '#faf8f3',
    sheet: '#fffdf9',
    tint: '#f4eee3',
    ink: '#1f1c17',
    soft: '#625b4f',
    rule: '#ddd5c6',
    edge: '#8a8172',
    accent: '#a3341f',
    accentStrong: '#842713',
    onAccent: '#fffdf9',
    mark: '#efd093',
  },
  dark: {
    paper: '#171613',
    sheet: '#1f1d19',
    tint: '#292620',
    ink: '#ebe5d9',
    soft: '#b3aa98',
    rule: '#3a362e',
    edge: '#877e6e',
    accent: '#f0987f',
    accentStrong: '#f8b9a6',
    onAccent: '#2a100a',
    mark: '#80672b',
  },
} as const satisfies Colours;

/** As templates/*.mjml have them: each stands for one thing in a mail. */
export const mailColours = {
  light: {
    desk: '#efe9de',
    paper: '#faf8f3',
    ink: '#1f1c17',
    soft: '#625b4f',
    rule: '#ddd5c6',
    accent: '#a3341f',
    onAccent: '#fffdf9',
    mark: '#efd093',
  },
  dark: {
    desk: '#12110f',
    paper: '#1c1a17',
    ink: '#ebe5d9',
    soft: '#b3aa98',
    rule: '#453f35',
    accent: '#f0987f',
    onAccent: '#2a100a',
    mark: '#80672b',
  },
} as const satisfies Colours;

type Pair = { front: Role; back: Role; atLeast: number };

const text = 4.5;
/** What shows where a field is. */
const edge = 3;

const pagePairs: readonly Pair[] = [
  ...(['paper', 'sheet', 'tint'] as const).flatMap((back): Pair[] => [
    { front: 'ink', back, atLeast: text },
    { front: 'soft', back, atLeast: text },
    { front: 'accentStrong', back, atLeast: text },
  ]),
  ...(['paper', 'sheet'] as const).flatMap((back): Pair[] => [
    { front: 'accent', back, atLeast: text },
    { front: 'edge', back, atLeast: edge },
  ]),
  { front: 'onAccent', back: 'accent', atLeast: text },
  { front: 'onAccent', back: 'accentStrong', atLeast: text },
];
const mailPairs = pagePairs.filter(
  ({ front, back }) => Object.hasOwn(mailColours.light, front) && Object.hasOwn(mailColours.light, back),
);

/** Which pairs cannot be read well enough where these colours take the place of ours, each in a sentence. */
export function listFaintPairs(own: Colours): string[] {
  const sets = [
    { where: 'on pages', ours: pageColours, pairs: pagePairs },
    { where: 'in mails', ours: mailColours, pairs: mailPairs },
  ];
  return sets.flatMap(({ where, ours, pairs }) =>
    schemes.flatMap((scheme) => {
      const colours: Partial<Record<Role, string>> = { ...ours[scheme], ...own[scheme] };
      return pairs.flatMap(({ front, back, atLeast }) => {
        const [over, under] = [colours[front] ?? '', colours[back] ?? ''];
        const contrast = measureContrast(over, under);
        if (contrast >= atLeast) return [];
        const shown = (Math.floor(contrast * 100) / 100).toFixed(2);
        return [
          `${scheme}: ${front} (${over}) on ${back} (${under}) has a contrast of ${shown} ${where}, and needs ${atLeast}`,
        ];
      });
    }),
  );
}

/** From 1 to 21, of two colours as #rrggbb. */
export function measureContrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Own colours for pages, to stand behind styles.css; empty where there are none. */
export function writeColourRules(own: Colours): string {
  const rules = (scheme: Scheme) =>
    Object.entries(own[scheme])
      .filter(([role]) => role !== 'desk')
      .map(
        ([role, colour]) => `--${role.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}: ${colour};`,
      )
      .join(' ');
  const [light, dark] = [rules('light'), rules('dark')];
  return [
    ...(light === '' ? [] : [`:root { ${light} }`]),
    // Ours are named again: the rule above would be stronger than that of styles.css.
    ...(light === '' && dark === ''
      ? []
      : [`@media (prefers-color-scheme: dark) { :root { ${writeOurs(own)} ${dark} } }`]),
  ].join('\n');
}

const writeOurs = (own: Colours): string =>
  Object.keys(own.light)
    .flatMap((role) => {
      const colour = (pageColours.dark as Partial<Record<string, string>>)[role];
      const name = role.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      return colour === undefined ? [] : [`--${name}: ${colour};`];
    })
    .join(' ');

/** Mail markup with own colours in the place of ours. */
export function paintMail(html: string, own: Colours): string {
  const changes = new Map<string, string>();
  for (const scheme of schemes) {
    for (const [role, ours] of Object.entries(mailColours[scheme])) {
      const colour = own[scheme][role as Role];
      if (colour !== undefined) changes.set(ours, colour);
    }
  }
  return html.replace(/#[\da-f]{6}\b/gi, (colour) => changes.get(colour.toLowerCase()) ?? colour);
}
