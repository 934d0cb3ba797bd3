/**
 * The filter box: words that must all occur, `field:word` for one field, a leading `-` for the opposite, and
 * `field>number` or `field<number` for measurements (`cpu>0.5`, `memory>200Mi`).
 */

export interface Term {
  not: boolean;
  field: string | null;
  op: ':' | '>' | '<';
  word: string;
}

const SIZES: Readonly<Record<string, number>> = {
  k: 1e3,
  m: 1e6,
  g: 1e9,
  ki: 1024,
  mi: 1024 ** 2,
  gi: 1024 ** 3,
  ti: 1024 ** 4,
};

/** Splits at blanks outside double quotes. */
export function parseFilter(text: string): Term[] {
  const terms: Term[] = [];
  for (const [, minus = '', field = null, op = ':', quotedWord, plainWord] of text.matchAll(
    /(-?)(?:([a-z_]+)([:<>]))?(?:"([^"]*)"?|([^\s"]+))/gi,
  )) {
    const word = (quotedWord ?? plainWord ?? '').toLowerCase();
    if (word !== '')
      terms.push({ not: minus === '-', field: field?.toLowerCase() ?? null, op: op as Term['op'], word });
  }
  return terms;
}

/** A number with an optional size: `0.5`, `200Mi`; `null` when it is none. */
export function parseSize(word: string): number | null {
  const found = /^(\d+(?:\.\d+)?)\s*(k|m|g|ki|mi|gi|ti)?b?$/i.exec(word);
  if (!found) return null;
  const unit = found[2]?.toLowerCase();
  return Number(found[1]) * (unit === undefined ? 1 : (SIZES[unit] ?? 1));
}

/** What a row offers to the filter: texts for words, numbers for comparisons. */
export interface Fields {
  texts: Readonly<Record<string, string | null>>;
  numbers: Readonly<Record<string, number | null>>;
}

export function fits(terms: readonly Term[], fields: Fields): boolean {
  return terms.every((term) => term.not !== one(term, fields));
}

function one(term: Term, { texts, numbers }: Fields): boolean {
  if (term.op !== ':') {
    const limit = parseSize(term.word);
    const value = numbers[term.field ?? ''];
    if (limit === null || value === null || value === undefined) return false;
    return term.op === '>' ? value > limit : value < limit;
  }
  if (term.field !== null) {
    if (term.field in texts) return texts[term.field]?.toLowerCase().includes(term.word) === true;
    // Not a field of ours: the colon belongs to the word, as in `image:tag`.
    return anywhere(texts, `${term.field}:${term.word}`);
  }
  return anywhere(texts, term.word);
}

function anywhere(texts: Fields['texts'], word: string): boolean {
  return Object.values(texts).some((text) => text?.toLowerCase().includes(word) === true);
}
