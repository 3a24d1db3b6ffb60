// Words that say nothing about what a paper is about: those that hold sentences together, and those that most papers could
// have, as they say how papers are written.
import { functionWords, wordPrefixes } from './function-words.ts';
import { stemWord } from './stem-word.ts';

const words = `ability able acceptable accessible accordance according accuracy accurate achieve additional address
  advance advantage aim algorithm allow analysis analyze application apply approach architecture art aspect assess
  available average based baseline behavior belong benchmark benefit best better billion broad build built
  capability capable capture case challenge challenging change characteristic choose classical code combine common
  comparable compare comparison competitive complex component comprehensive computational compute concept condition
  consecutive consider consist consistent consistently construct contain contribute contribution control
  conventional core cost create critical crucial current data dataset day deep degree demonstrate dependent deploy
  deployment describe design detail detailed develop development different difficult direct discover distinct
  diverse domain drop due dynamic early easily effect effective effectively effectiveness efficiency efficient
  eight eliminate emerge empirical employ enable encourage end enhance ensure entire equal essential establish
  estimate evaluate evaluation evidence exact examine example exhibit existing expensive experiment experimental
  explicit explore extend extensive extract extreme fact factor fail family fast faster feature field final find
  finding five focus follow formulate foundation four framework full fully fundamental fundamentally future gain
  gap general generalize generate github goal good great group growing guide hard high higher highest highlight
  highly hour huge human hundred idea identify impact implement implementation important improve improvement
  include including increase increasingly indicate individual inevitable infer information inherent input insight
  inspire instance integrate interest introduce investigate involve issue joint key kind knowledge known lack large
  larger latest lead learn learning led level leverage like limit limitation limited list low lower main maintain
  major matter mechanism member method methodology metric million model modern module month multiple naive natural
  necessary necessitate network neural new nine notable novel number numerous observe obtain offer online open
  optimal order original outperform output overcome paper paradigm parameter part particular particularly perform
  performance perspective pipeline plausible poor popular possess possible potential power powerful practical
  practice precise precisely present prevent previous principle prior problem procedure process produce project
  promising propose provide public publicly quality quantitative question range rate reach real reason recent
  recently reduce related relative release relevant reliable rely remain remarkable replace report represent
  require requirement research respective result retain reveal revisit rich rigorous robust robustly role sample
  scale scenario set setting seven show significant significantly similar simple simply simultaneous single six
  slightly small solution solve source specific specifically specified stage standard start state step strategy
  strong structure study subject substantial substantially success successful suffer sufficient suggest suitable
  superior support survey system systematic tackle take target task technique ten tend test thousand three time
  total tradition traditional train training trillion true two type typical understand understanding unified unify
  unique unlock usage useful user validate valuable value vary vast verify version week wide widely work world year
  yield zero`;

/** As in flow matching, tool calling and fine tuning. */
const wordsOfTwo = `aware call choice commercial community compact complete correct count cover driven expect
  express fine fixed form free frequent half handle line live long match mean measure measurement oriented pair
  phase place play prove random ratio rule run select separate series share side size style term top view way wise`;

const stemAll = (all: Iterable<string>) => new Set(Array.from(all, stemWord));

/** Also beside another word. */
export const genericStems: ReadonlySet<string> = stemAll([...functionWords, ...words.split(/\s+/)]);

/** By themselves: they say something beside a word that does. */
export const partialStems: ReadonlySet<string> = stemAll([...wordPrefixes, ...wordsOfTwo.split(/\s+/)]);
