// Readers of one domain that are refused in the same words, one after the other and none served between: hardly all of them are
// gone. Whoever is refused so again after their domain took mail of ours is believed.

export type AlikeRefusals = {
  /** The others that were refused so, once there are enough of them; null: it is to be believed. */
  learn(refusal: { to: string; domain: string; words: string }): string[] | null;
  /** The domain took a mail. */
  forget(domain: string): void;
};

/** Different readers. */
const mostBelieved = 5;
/** Of domains that are in doubt; more are hardly doubted at the same time. */
const mostDomains = 10_000;

type Doubts = { byWords: Map<string, Set<string>>; told: Set<string> };

export function createAlikeRefusals(): AlikeRefusals {
  const domains = new Map<string, Doubts>();

  function doubtsOf(domain: string): Doubts {
    const doubts = domains.get(domain) ?? { byWords: new Map(), told: new Set() };
    // The one that was heard of longest ago goes first.
    domains.delete(domain);
    domains.set(domain, doubts);
    const [oldest] = domains.keys();
    if (domains.size > mostDomains && oldest !== undefined) domains.delete(oldest);
    return doubts;
  }

  return {
    learn({ to, domain, words }) {
      const { byWords, told } = doubtsOf(domain);
      const key = to.toLowerCase();
      if (told.delete(key)) return null;
      const refused = byWords.get(words) ?? new Set();
      byWords.set(words, refused.add(key));
      return refused.size < mostBelieved ? null : [...refused].filter((other) => other !== key);
    },

    forget(domain) {
      const doubts = domains.get(domain);
      if (doubts === undefined) return;
      for (const refused of doubts.byWords.values()) {
        if (refused.size >= mostBelieved) for (const key of refused) doubts.told.add(key);
      }
      doubts.byWords.clear();
      if (doubts.told.size === 0) domains.delete(domain);
    },
  };
}
