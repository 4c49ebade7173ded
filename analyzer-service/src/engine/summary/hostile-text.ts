/** How text speaks that wants a model to do something: orders, roles of a chat, marks of chat templates. */
const ORDERS: readonly RegExp[] = [
  /\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:instruction|prompt|rule|direction|guideline|above|previous|prior|earlier|context|everything)/i,
  /\b(?:new|updated|real|actual|following|system|developer) (?:instruction|prompt|directive)s?\b/i,
  /\byou (?:are|must|should|shall|will|have to|need to)(?: now| only| always| never)? (?:be|act|pretend|say|answer|respond|reply|output|write|report|tell|state|ignore|claim|conclude|an?\b|the\b)/i,
  /\b(?:act|behave|pretend|respond|answer|reply) (?:as|like|only|with|in the role)\b/i,
  /\b(?:say|tell|report|state|claim|conclude|write|output|print|mention|repeat)\b.{0,30}\b(?:that|only|nothing|exactly|verbatim|the user|the reader|the operator|the summary)\b.{0,80}\b(?:root cause|fine|healthy|resolved|no (?:problem|incident)|ignored?)/i,
  /\b(?:dear|hey|hello|attention|note to)\b.{0,20}\b(?:ai|assistant|llm|language model|chatbot|gpt|claude|model)\b/i,
  /\bas an? (?:ai|assistant|language model)\b/i,
  /<\|?(?:im_start|im_end|system|assistant|user|endoftext|eot_id|start_header_id)\|?>|\[\/?INST\]|<<\/?SYS>>|\bBEGIN (?:SYSTEM|INSTRUCTIONS?)\b/i,
  /(?:^|[\s"'\\])(?:system|assistant|developer)\s?(?:message|prompt)?\s?:\s.{0,80}\b(?:you|must|ignore|say|answer|respond)/i,
  /\b(?:ignoriere|vergiss|ignora|olvida|ignorez|oubliez)\b.{0,40}\b(?:anweisung|vorherig|instruccion|anterior|instruction|précédent)/i,
];
const CHARACTERS_MAX = 20_000;

/**
 * Whether a text of a log speaks to a model rather than about the program. Finds what is usual, not everything: what
 * gets through is still delimited as data, and what a model makes of it is checked against the findings.
 */
export function addressesModel(text: string): boolean {
  const looked = text
    .slice(0, CHARACTERS_MAX)
    .replaceAll(/\p{Cf}/gu, '')
    .replaceAll(/[\s*~`]+/g, ' ');
  return ORDERS.some((order) => order.test(looked));
}
