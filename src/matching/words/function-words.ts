// Words of grammar: they hold a sentence together, and say nothing by themselves. For what is shown only; which words count for
// a match `commonWords` says.
import { commonWords } from './split-words.ts';

const words = `about above across after again against ago all almost alone along already also although always amid among
  amongst another any anybody anyone anything anywhere apart around aside away back became because become becoming before
  began behind being below beneath beside besides between beyond both cannot concerning could despite down during each
  either else elsewhere enough especially etc even ever every everybody everyone everything everywhere except far few
  fewer first former formerly forth further furthermore get getting give given giving had half hardly hence her here hereby
  herein hers herself him himself his however i ie indeed inside instead itself just largely last later latter least less
  let like likewise little lot made mainly make making many may maybe me meanwhile mere merely might more moreover most
  mostly much must my myself namely near nearly need neither never nevertheless next nobody none nonetheless nor nothing
  notwithstanding now nowhere of off often once one ones only onto other others otherwise ought ourselves out outside over
  overall own per perhaps plus quite rather really regarding regardless same second seem seems several shall she should since
  so solely some somebody somehow someone something sometimes somewhere soon still such thanks themselves thereby therefore
  therein thereof third thorough though through throughout thus till together too toward towards under underneath unless
  unlike until unto up upon us use used using usually various versus very vs was well went were whatever whenever where
  whereas whereby wherein whereupon wherever whether whichever while whilst whither whoever whole whom whomever whose within
  without would yes yet yours yourself yourselves`;

export const functionWords: ReadonlySet<string> = new Set([...commonWords, ...words.split(/\s+/)]);

/** What stands in front of a hyphen: nothing by itself, and part of what it begins. */
export const wordPrefixes: ReadonlySet<string> = new Set(
  `anti auto bi co counter cross de dis ex extra hyper in inter intra macro mega meso meta micro mid mini mis mono multi
  non omni over para poly post pre pro pseudo quasi re self semi sub super supra trans tri ultra un under uni`.split(
    /\s+/,
  ),
);
