import { pick, type Source, shuffled } from "./source";

/** Which characters a random string is made of, and how many at least of each kind. */
export interface TextSettings {
  readonly length: number;
  readonly lower: boolean;
  readonly minLower: number;
  readonly upper: boolean;
  readonly minUpper: number;
  readonly numeric: boolean;
  readonly minNumeric: number;
  readonly special: boolean;
  readonly minSpecial: number;
  /** Replaces the special characters; "" for the usual ones. */
  readonly overrideSpecial: string;
}

const lowerCharacters = [..."abcdefghijklmnopqrstuvwxyz"];
const upperCharacters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
const numericCharacters = [..."0123456789"];
const specialCharacters = [..."!@#$%&*()-_=+[]{}<>:?"];

/** A random string. The least counts hold even for kinds that are off, as in the real provider. */
export function randomText(settings: TextSettings, source: Source): string {
  const special =
    settings.overrideSpecial === "" ? specialCharacters : [...settings.overrideSpecial];
  const kinds = [
    { on: settings.upper, least: settings.minUpper, characters: upperCharacters },
    { on: settings.lower, least: settings.minLower, characters: lowerCharacters },
    { on: settings.numeric, least: settings.minNumeric, characters: numericCharacters },
    { on: settings.special, least: settings.minSpecial, characters: special },
  ];
  const any = kinds.flatMap(({ on, characters }) => (on ? characters : []));
  if (any.length === 0) throw new Error("the character set specified is empty");

  const drawn = kinds.flatMap(({ least, characters }) => draw(characters, least, source));
  drawn.push(...draw(any, settings.length - drawn.length, source));
  return shuffled(drawn, source).join("");
}

function draw(characters: readonly string[], count: number, source: Source): string[] {
  return Array.from({ length: Math.max(count, 0) }, () => pick(characters, source));
}
