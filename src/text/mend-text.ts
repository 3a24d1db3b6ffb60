// Mends, for display only, what the way from LaTeX through a web page did to a text: `3.0\%`, `1.35times`,
// `10^5--10^6`, `SAP^{2}`. Every pattern is bounded, so that the time is linear whatever comes.
import { cleanText, dropInvisible } from './clean-text.ts';
import { openFormulas } from './formulas.ts';
import { readReferences } from './html-references.ts';
import { readTexLetters } from './tex-letters.ts';

/** No title or abstract is longer; what is gets cut. */
const maxChars = 20_000;

const nothingToMend = /^[^\\^_$~`{}]*$/;
const lostMarkup =
  /--|\d(?:times|pm)|(?:sim|approx|leq|geq)\d|ldots|cdot|(?:right|left)arrow|&(?:amp|lt|gt|quot|apos|nbsp|#39);/;

/** The text as its authors meant it, on one line, without markup; never longer than it was. Empty stays empty. */
export function mendText(text: string): string {
  const clean = dropInvisible(text.slice(0, maxChars));
  if (nothingToMend.test(clean) && !lostMarkup.test(clean)) return clean;
  return cleanText(
    unwrapLinks(readEntities(clean))
      .split(/(https?:\/\/[^\s<>{}]+)/)
      // Every second piece is a URL: its tildes, underscores and dashes mean themselves.
      .map((piece, index) => (index % 2 === 1 ? piece : mendMarkup(piece)))
      .join(''),
  );
}

/** Escaped once too often on the way here. */
function readEntities(text: string): string {
  return text.replace(/&(?:amp|lt|gt|quot|apos|nbsp|#39);/g, readReferences);
}

function unwrapLinks(text: string): string {
  return text
    .replace(/\\url\s?\{([^\s{}]{0,300})\}/g, '$1')
    .replace(/\\href\s?\{[^{}]{0,300}\}\s?\{([^{}]{0,300})\}/g, '$1');
}

type Step = (text: string) => string;

/** In this order; each only where there is something for it, since most of its patterns look back from every letter. */
const steps: readonly [trace: RegExp, step: Step][] = [
  [/\\/, hideEscapes],
  [/\\/, mendAccents],
  [/[\\$]/, mendMath],
  [/\\/, mendSigns],
  [/\{/, openWrappings],
  [/\\/, showCommands],
  [/\{|\d(?:times|pm)|(?:sim|approx|leq|geq)\d|ldots|cdot|arrow/, mendLostBackslashes],
  [/[_^]/, mendScripts],
  [/\{/, dropCaseBraces],
  [/[`~]|--/, mendPunctuation],
  [/ [,.;]/, closeUpPunctuation],
  [/[\ue000-\ue008]/, showEscapes],
];

function mendMarkup(text: string): string {
  return steps.reduce((mended, [trace, step]) => (trace.test(mended) ? step(mended) : mended), text);
}

// An escaped character means itself in every later step; until the last one it is a private-use character,
// which cleanText let none of through.
const escapable = '%&_#$^~{}';
const hiddenFrom = 0xe000;

function hideEscapes(text: string): string {
  return text
    .replace(/\\\\/g, ' ')
    .replace(/\\([%&_#$])|\\([{}])/g, (_, plain: string | undefined, brace: string | undefined) =>
      String.fromCharCode(hiddenFrom + escapable.indexOf(plain ?? brace ?? '')),
    );
}

function showEscapes(text: string): string {
  return text.replace(/[\ue000-\ue008]/g, (char) => escapable.charAt(char.charCodeAt(0) - hiddenFrom));
}

/** Letters with accents, as LaTeX writes them; what is none is an escaped quotation mark, as in `a \"b\"`. */
function mendAccents(text: string): string {
  return readTexLetters(text).replace(/\\(["'])/g, '$1');
}

// `$\geq$90`, `$>$10`, `$sim$95`: a sign alone is no money, whatever follows.
const loneSign = /\$ ?(\\[A-Za-z]{2,20}|sim|approx|times|leq|geq|pm|[<>=≤≥≈∼±×]) ?\$/g;

function mendMath(text: string): string {
  const plain = text.replace(
    loneSign,
    (_, sign: string) => symbols.get(sign.replace('\\', '')) ?? sign.replace(/^\\.*/, '$&{}'),
  );
  // A command ends with its formula: `$x\mu$BooNE`.
  return openFormulas(plain, (inside) => openSubscripts(inside).replace(/\\[A-Za-z]+$/, '$&{}'));
}

/** Within mathematics `x_i` has a subscript, elsewhere `snake_case` is a name. */
function openSubscripts(math: string): string {
  return math.replace(/_([\p{L}\p{N}])/gu, '_{$1}');
}

function mendSigns(text: string): string {
  return text
    .replace(/\\textsuperscript\s?(?=\{)/g, '^')
    .replace(/\\textsubscript\s?(?=\{)/g, '_')
    .replace(/\\\|/g, '‖')
    .replace(/\\(?:begin|end)\s?\{[a-z]{1,20}\*?\}/g, ' ')
    .replace(/\\(?:cite[a-z]{0,8}|ref|eqref|label|footnote|vspace|hspace)\*?\s?\{[^{}]{0,300}\}/g, '');
}

function openWrappings(text: string): string {
  return (
    text
      .replace(/(?:\\[dt]?|(?<![\p{L}\\]))frac\s?\{([^{}]{1,60})\}\s?\{([^{}]{1,60})\}/gu, '$1/$2')
      .replace(/(?:\\|(?<![\p{L}\\]))sqrt\s?\{([^{}]{1,60})\}/gu, '√$1')
      // Nested ones come off from the inside, a few layers deep.
      .replace(wrapping, unwrap)
      .replace(wrapping, unwrap)
      .replace(wrapping, unwrap)
      .replace(lostWrapping, '$1')
      .replace(lostWrapping, '$1')
  );
}

function showCommands(text: string): string {
  return text
    .replace(/\\([A-Za-z]{1,30})(?:\{\})?/g, (_, name: string) => showCommand(name))
    .replace(/\\[!,:;> ]/g, ' ')
    .replace(/\\/g, '');
}

const wrapping =
  /\\(?:text[a-z]{0,6}|math[a-z]{0,6}|emph|operatorname|mbox|hbox|underline|overline|boldsymbol|bm|hat|tilde|bar|vec|widehat|widetilde|bf|it|em|sc|tt|rm|sf)\*?\s?\{([^{}]{0,300})\}|\{\\(?:bf|it|em|sc|tt|rm|sf)\s([^{}]{0,300})\}/g;
/** The same where a page dropped the backslash: no English goes on with a brace like that. */
const lostWrapping =
  /(?<![\p{L}\p{N}\\])(?:text(?:bf|it|tt|sc|rm|sf|sl)?|math(?:bb|bf|cal|rm|it|sf|tt|frak)|emph|underline|boldsymbol|operatorname)\{([^{}]{1,300})\}/gu;

function unwrap(_: string, argument: string | undefined, group: unknown): string {
  return argument ?? (typeof group === 'string' ? group : '');
}

function showCommand(name: string): string {
  return symbols.get(name) ?? (switches.has(name) ? '' : name);
}

/** Some pages drop the backslash: `{approx}5{times}`, `82times/3.6times`, `sim5`, `(x, ldots, y)`. */
function mendLostBackslashes(text: string): string {
  return text
    .replace(/\{([A-Za-z]{2,14})\}/g, (all, name: string) => symbols.get(name) ?? all)
    .replace(/times(?<=\dtimes)(?!\p{L})/gu, '×')
    .replace(/pm(?<=\d\.\d{1,3}pm)(?=\d)/g, '±')
    .replace(
      /(?<![\p{L}\p{N}_])(?:(?:sim|approx|leq|geq)(?=\d)|(?:ldots|cdots?|(?:left|right|leftright)arrow)(?!\p{L}))/gu,
      showCommand,
    );
}

function mendScripts(text: string): string {
  return (
    text
      .replace(/_(?<=[\p{L}\p{N})\]}|‖∑∏∫\ue008]_)\{([^{}]{1,40})\}/gu, (_, group: string) => {
        const content = group.trim();
        return lower(content) ?? `_${bracket(content)}`;
      })
      .replace(superscript, (_, group: string | undefined, bare: string | undefined) => {
        const content = (group ?? bare ?? '').trim();
        return raise(content) ?? `^${bracket(content)}`;
      })
      // CO_2, L_2, F_1: too short to be anybody's identifier.
      .replace(
        /(?<![\p{L}\p{N}_])[A-Za-z]{1,2}_\d(?![\d_])/gu,
        (all) => all.slice(0, -2) + (lower(all.slice(-1)) ?? ''),
      )
  );
}

/** {BERT} was a brace against lower-casing; sets such as {a, b} keep theirs. */
function dropCaseBraces(text: string): string {
  return text.replace(/\{{1,2}(\p{Lu}[\p{L}\p{N}-]{0,30})\}{1,2}/gu, '$1');
}

// Each pattern begins with its own character and looks back from there: the engine skips to it.
const superscript =
  /\^(?<=[\p{L}\p{N})\]}|‖∑∏∫\ue008]\^)(?:\{([^{}]{1,40})\}|([+−-]?\d{1,6}|[\p{L}*∗∘°′†+](?![\p{L}\p{N}])|th(?!\p{L})))/gu;

function bracket(content: string): string {
  return /^[\p{L}\p{N}]*$/u.test(content) ? content : `(${content})`;
}

function mendPunctuation(text: string): string {
  return (
    text
      .replace(/``(?<!```)(?!`)([^`]{1,300}?)''/g, '“$1”')
      .replace(/(?<![\p{L}\p{N}`])`([^\s`'][^`']{0,80})'(?![\p{L}\p{N}'])/gu, '‘$1’')
      .replace(/---(?<!----)(?!-)/g, '—')
      // Not ` --flag`: that is somebody's command line.
      .replace(/--(?:(?<=[^\s-]--)(?=[^\s-])|(?<=\s--)(?=\s))/g, '–')
      .replace(/~(?:(?<=[\p{L})\].,;:]~)(?=\S)|(?<=\d~)(?=\p{L}))/gu, ' ')
  );
}

function closeUpPunctuation(text: string): string {
  return text.replace(/ (?=[,.;](?:\s|$))/g, '');
}

// What LaTeX names stand for, as far as titles and abstracts use them.

function pairs(table: string): Map<string, string> {
  return new Map(
    table
      .trim()
      .split(/\s+/)
      .map((entry): [string, string] => {
        // The sign may be a name of its own: `==⁼`.
        const end = entry.indexOf('=', 1);
        return [entry.slice(0, end), entry.slice(end + 1)];
      }),
  );
}

/** `\alpha` and the like. Names that are not here are shown as they are, without the backslash. */
const symbols = pairs(`
  alpha=α beta=β gamma=γ delta=δ epsilon=ε varepsilon=ε zeta=ζ eta=η theta=θ vartheta=ϑ iota=ι kappa=κ lambda=λ
  mu=μ nu=ν xi=ξ pi=π rho=ρ sigma=σ tau=τ upsilon=υ phi=φ varphi=φ chi=χ psi=ψ omega=ω
  Gamma=Γ Delta=Δ Theta=Θ Lambda=Λ Xi=Ξ Pi=Π Sigma=Σ Upsilon=Υ Phi=Φ Psi=Ψ Omega=Ω
  times=× div=÷ pm=± mp=∓ cdot=· ast=∗ star=⋆ circ=∘ bullet=• oplus=⊕ otimes=⊗ odot=⊙
  leq=≤ le=≤ geq=≥ ge=≥ neq=≠ ne=≠ ll=≪ gg=≫ approx=≈ sim=∼ simeq=≃ equiv=≡ propto=∝
  to=→ rightarrow=→ leftarrow=← Rightarrow=⇒ Leftarrow=⇐ leftrightarrow=↔ Leftrightarrow=⇔ mapsto=↦
  uparrow=↑ downarrow=↓ longrightarrow=⟶ implies=⇒ iff=⇔
  in=∈ notin=∉ subset=⊂ subseteq=⊆ supset=⊃ supseteq=⊇ cup=∪ cap=∩ setminus=∖ emptyset=∅ varnothing=∅
  forall=∀ exists=∃ neg=¬ land=∧ lor=∨ wedge=∧ vee=∨ infty=∞ partial=∂ nabla=∇ sum=∑ prod=∏ int=∫
  ldots=… dots=… cdots=⋯ prime=′ dagger=† ddagger=‡ ell=ℓ Re=ℜ Im=ℑ aleph=ℵ hbar=ℏ
  langle=⟨ rangle=⟩ lfloor=⌊ rfloor=⌋ lceil=⌈ rceil=⌉ Vert=‖ lVert=‖ rVert=‖ vert=| lvert=| rvert=| mid=|
  item=• degree=° textdegree=° checkmark=✓ cmark=✓ xmark=✗ copyright=© S=§ pounds=£ euro=€ textasciitilde=~ textasciicircum=^
  ss=ß ae=æ AE=Æ oe=œ OE=Œ aa=å AA=Å o=ø O=Ø l=ł L=Ł i=ı
`);

/** What a name such as `approx` or `Delta` stands for; null where it is nobody's. */
export function findSign(name: string): string | null {
  return symbols.get(name) ?? null;
}

/** Commands that only change how the following looks: nothing is shown for them. */
const switches = new Set(
  `left right big Big bigg Bigg bigl bigr bf it em rm sc tt sf sl bfseries itshape scshape ttfamily sffamily
   displaystyle textstyle scriptstyle small large Large footnotesize normalsize xspace noindent centering limits
   nolimits protect relax nonumber quad qquad`.split(/\s+/),
);

const raised = pairs(`
  0=⁰ 1=¹ 2=² 3=³ 4=⁴ 5=⁵ 6=⁶ 7=⁷ 8=⁸ 9=⁹ +=⁺ -=⁻ −=⁻ ==⁼ (=⁽ )=⁾ ∘=° °=° *=* ∗=* ′=′ †=† ‡=‡ ⋆=⋆
  a=ᵃ b=ᵇ c=ᶜ d=ᵈ e=ᵉ f=ᶠ g=ᵍ h=ʰ i=ⁱ j=ʲ k=ᵏ l=ˡ m=ᵐ n=ⁿ o=ᵒ p=ᵖ r=ʳ s=ˢ t=ᵗ u=ᵘ v=ᵛ w=ʷ x=ˣ y=ʸ z=ᶻ
  A=ᴬ B=ᴮ D=ᴰ E=ᴱ G=ᴳ H=ᴴ I=ᴵ J=ᴶ K=ᴷ L=ᴸ M=ᴹ N=ᴺ O=ᴼ P=ᴾ R=ᴿ T=ᵀ U=ᵁ V=ⱽ W=ᵂ β=ᵝ γ=ᵞ δ=ᵟ
`);

const lowered = pairs(`
  0=₀ 1=₁ 2=₂ 3=₃ 4=₄ 5=₅ 6=₆ 7=₇ 8=₈ 9=₉ +=₊ -=₋ −=₋ ==₌ (=₍ )=₎
  a=ₐ e=ₑ h=ₕ i=ᵢ j=ⱼ k=ₖ l=ₗ m=ₘ n=ₙ o=ₒ p=ₚ r=ᵣ s=ₛ t=ₜ u=ᵤ v=ᵥ x=ₓ β=ᵦ γ=ᵧ ρ=ᵨ φ=ᵩ χ=ᵪ
`);

function convertAll(table: ReadonlyMap<string, string>, text: string): string | null {
  const converted = Array.from(text, (char) => (char === ' ' ? '' : table.get(char)));
  return converted.every((char) => char !== undefined) ? converted.join('') : null;
}

/** `5` is `⁵`. Null when a character has no raised form. */
const raise = (text: string): string | null => convertAll(raised, text);

/** `i` is `ᵢ`. Null when a character has no lowered form. */
const lower = (text: string): string | null => convertAll(lowered, text);
