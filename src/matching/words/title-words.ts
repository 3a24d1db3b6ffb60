// Words that papers' titles are made of, and names of people hardly ever: where one stands behind a name, the name has ended.
import { knownAcronyms } from './acronyms.ts';
import { genericStems } from './generic-words.ts';
import { stemWord } from './stem-word.ts';

const words = `abstraction acoustic active adversarial agent agentic aggregate algorithmic alignment animation anomaly
  articulated artificial assistant attention audio augmented autoencoder automated automatic autonomous avatar bandit
  bayesian biological biomedical camera capsule causal chain chatbot chemical circuit climate clinical clustering code
  cognition commonsense compositional compressed concept confidence conditional constrained context contextual continual
  continuous convex convolutional correspondence counterfactual curriculum data decentralized decoder decoding decoupled
  deep denoising dense depth dialog dialogue differentiable diffusion discourse discrete disentangled distilled
  drug economy efficient electronic embedding embodied emergent encoder energy ensemble equivariant ethical expert
  explainable fairness federated feedback finetuning flow forecasting galaxy gaussian gender generalist genetic genomic
  geometric geometry gradient graph graphical grasping grounded guided hallucination hardware health hidden hierarchical
  hyperbolic hyperparameter image implicit incremental inductive intelligence intelligent interpretable invariant invertible
  kernel language large latent lifelong linear linguistic localized logic logical machine manifold manipulation mapping masked
  matching mathematical matrix medical memory mesh metaphor mobile molecular molecule monocular morphology motion multilingual
  multimodal multitask multiview music mutual navigation neuron neuroscience normalizing object ontology optical optimizer
  panoptic parallel parametric partial particle perceptual photorealistic physics planning point policy pose posterior
  preference pretrained pretraining privacy probabilistic probability probing program programming prompt prompting protein
  prototype pruning quantum query radiance random ranking rational reasoning recommender recurrence recurrent residual
  rethinking retrieval revisiting reward robot robotic robotics runtime safety sampling scalable scaling scene scientific
  search segment self semantic sensor sentence sentiment sequence sequential simulated simulator singular skill social
  software space sparse spatial spectral speech spiking splatting stable statistical stereo stochastic supervised superhuman
  symbolic synthetic tabular teacher temporal tensor text textual texture theorem theoretical theory thermal thought
  tokenizer token topic topology trajectory transformer translator trustworthy unsupervised utterance variational vector video
  vision visual vocal voice wavelet weak weakly wireless zero`;
const topicalStems: ReadonlySet<string> = new Set(words.split(/\s+/).map(stemWord));

/** Generic words, or of the stem of one, that people are called by, too: Chang is no change, Fielding no field. */
const alsoNames = new Set(
  `among broad chang common during early field major power prior promise reale sample samed scales sever small strong valid`
    .split(/\s+/)
    .map(stemWord),
);
/** A short stem is in many names: Harding is not hard. */
const isGeneric = (stem: string) => stem.length > 4 && genericStems.has(stem) && !alsoNames.has(stem);
const longEndings =
  /(?:[ai]tion|ction|usion|rsion|ression|ology|ility|ality|ticity|ivity|[st]ive|istic|former|graphy|(?:at|fy|iz|ct)ing|i[zf]i?ed|modal|lingual|modelle|netze|lernen)s?$/;

/** Beside those that have words of their own. */
const models = 'bert clip elmo glove gpt mamba yolo lstm gru mlp svm pca sgd hmm crf ddpm'.split(' ');
const acronyms: ReadonlySet<string> = new Set([...knownAcronyms.map(([acronym]) => acronym), ...models]);

/** Names, too, where nothing follows: Akash Deep, and Hinton Deep Learning. */
const alsoLast = new Set(['deep', 'point']);

/** `before` is the name in front of it, which tells whether it is written in capitals throughout; `after` what follows. */
export function isTitleWord(word: string, { before, after }: { before: string; after: string }): boolean {
  if (after === '' && alsoLast.has(word.toLowerCase())) return false;
  return isAcronym(word, before) || word.split(/[-'.]/).some(isPlainTitleWord);
}

function isPlainTitleWord(word: string): boolean {
  const lower = word.toLowerCase();
  const stem = stemWord(lower);
  return topicalStems.has(stem) || isGeneric(stem) || (lower.length > 7 && longEndings.test(lower));
}

/** `ChatGPT`, `LoRA`, `ResNet`, `LLMs`, as no name is written; `GAN` behind `Goodfellow`, but not behind `ZHE`. Two letters are initials. */
function isAcronym(word: string, before: string): boolean {
  if (/\p{Ll}(?:\p{Lu}{2}|Nets?$)|^\p{Lu}{2,}s$/u.test(word)) return !/^Ma?c/.test(word);
  return /^\p{Lu}{3,}$/u.test(word) && /\p{Ll}/u.test(before) && acronyms.has(word.toLowerCase());
}
