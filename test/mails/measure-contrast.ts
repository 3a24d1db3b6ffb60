// How well the text of a page is read: contrast as WCAG 2 defines it, of all that is shown.
import type { Page } from 'playwright-core';

export type Contrast = { ratio: number; text: string; color: string; background: string };

/** The text that is hardest to read; of large letters 3 is as good as 4.5, and its ratio is given one and a half times. */
export async function findWorstContrast(page: Page): Promise<Contrast> {
  const shown: Contrast[] = await page.evaluate(`(${measureAll})()`);
  const [worst] = shown.toSorted((one, other) => one.ratio - other.ratio);
  if (worst === undefined) throw new Error('the page shows no text');
  return worst;
}

/** Runs in the page: in JavaScript, since it is sent there as text. */
const measureAll = `() => {
  const channels = (color) => color.match(/[\\d.]+/g).map(Number);
  const light = (color) => {
    const [r, g, b] = channels(color).map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const isOpaque = (color) => { const [, , , alpha = 1] = channels(color); return alpha === 1; };
  const backgroundOf = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const { backgroundColor } = getComputedStyle(at);
      if (isOpaque(backgroundColor)) return backgroundColor;
    }
    return 'rgb(255, 255, 255)';
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    const element = walker.currentNode.parentElement;
    if (text === '' || !element.checkVisibility() || element.closest('style, title')) continue;
    const { color, fontSize, fontWeight } = getComputedStyle(element);
    const background = backgroundOf(element);
    const [low, high] = [light(color), light(background)].sort((one, other) => one - other);
    const size = parseFloat(fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(fontWeight) >= 700);
    found.push({ ratio: ((high + 0.05) / (low + 0.05)) * (isLarge ? 1.5 : 1), text, color, background });
  }
  return found;
}`;
