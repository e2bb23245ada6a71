import { pick, type Source } from "./source";

const adverbs = [
  ..."boldly briefly brightly calmly clearly closely evenly fairly firmly freely".split(" "),
  ..."gently gladly kindly largely lightly merely mildly neatly nicely openly".split(" "),
  ..."partly plainly poorly promptly quickly quietly rarely readily safely simply".split(" "),
];

const adjectives = [
  ..."able agile alert apt awake bold brave brief bright calm".split(" "),
  ..."civil clean clear close cool crisp deep eager early even".split(" "),
  ..."exact fair fast fine firm fleet fond frank free fresh".split(" "),
  ..."full glad good grand great happy keen kind large light".split(" "),
  ..."merry mild neat noble patient plain quick quiet rapid rare".split(" "),
];

const names = [
  ..."ant badger bass bear bee bison boar camel carp cat".split(" "),
  ..."cobra cod colt crab crane crow deer dog dove duck".split(" "),
  ..."eagle eel elk falcon finch fox frog goat goose grouse".split(" "),
  ..."gull hare hawk heron horse ibex jay kite koala lamb".split(" "),
  ..."lark lion llama lynx mole moose moth mule newt otter".split(" "),
];

/** A pet's name of so many words: adverbs, an adjective, an animal. */
export function petName(words: number, separator: string, source: Source): string {
  const parts = Array.from({ length: Math.max(words - 2, 0) }, () => pick(adverbs, source));
  if (words > 1) parts.push(pick(adjectives, source));
  parts.push(pick(names, source));
  return parts.join(separator);
}
