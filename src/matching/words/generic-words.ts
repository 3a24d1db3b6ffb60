// Words that most papers could have: they say how papers are written, and nothing about what a paper is about.
import { stemWord } from './stem-word.ts';

const words = `ability able about above accuracy accurate achieve across additional address advance advantage aim
  algorithm allow also although among analysis analyze application apply approach architecture art aspect assess
  available average based baseline because before behavior benchmark benefit best better between beyond both broad
  build capability capable capture case challenge challenging change characteristic code combine common compare
  comparable comparison competitive complex component compute computational comprehensive concept condition consider
  consistent consistently construct contain contribution contribute control core cost could create critical current
  data dataset deep demonstrate dependent deploy deployment describe design despite detail develop development
  different difficult direct discover diverse do domain dynamic due during each easily effect effective effectively
  effectiveness efficiency efficient eight eliminate emerge empirical enable encourage end enhance ensure especially
  essential establish estimate evaluate evaluation even evidence example existing expensive experiment experimental
  explicit explore extend extensive extract factor fail feature few field final find finding first five focus follow
  formulate foundation four framework full fully fundamental further furthermore future gain gap general generalize
  generate github given goal good great group growing guide hard high highlight highly however huge human idea identify
  impact implement implementation important improve improvement include including increase increasingly indicate
  individual information infer inherent input insight inspire instance instead integrate introduce investigate issue
  itself joint key knowledge known lack large lead learn learning level leverage limit limitation limited list low made
  main maintain major make many mechanism method methodology metric model modern module more moreover most much multi
  multiple must namely natural need network neural new novel number observe obtain offer often one online only
  open optimal order original other output outperform overall overcome paper paradigm parameter part particular
  particularly perform performance pipeline plus popular possible potential power powerful practical practice precise
  present prevent previous principle prior problem procedure process produce project promising propose provide public
  publicly quality quantitative question range rate reach real recent recently reduce related relative release
  reliable rely remain remarkable report represent require requirement research result retain reveal rich rigorous
  robust robustly role same sample scale scenario second set setting seven several show significant significantly
  similar simple simply simultaneous single six small solution solve some source specific specifically stage standard
  state step still strategy strong structure study substantial substantially success successful suffer suggest
  superior support survey system systematic tackle target task technique ten test their therefore these this thorough
  three through thus time together toward towards tradition traditional train training true two type typical
  under understand understanding unified unify unique unlike up use useful user using validate valuable value
  various vary verify very via wide widely without work world yet zero`;

export const genericStems: ReadonlySet<string> = new Set(words.split(/\s+/).map(stemWord));
