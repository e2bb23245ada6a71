import type { Path } from "../path";
import type { Site } from "../schema/site";

/** Secrets that Nightingale refers to, each with the place that names it. */
export function nightingaleSecrets({
  nightingale,
}: Pick<Site, "nightingale">): readonly { readonly path: Path; readonly secret: string }[] {
  if (nightingale === undefined) return [];
  const { rootPasswordSecret, database, redis } = nightingale;
  const stated: readonly (readonly [Path, string | undefined])[] = [
    [["rootPasswordSecret"], rootPasswordSecret],
    [
      ["database", "passwordSecret"],
      database.kind === "external" ? database.passwordSecret : undefined,
    ],
    [["redis", "passwordSecret"], redis.kind === "external" ? redis.passwordSecret : undefined],
  ];
  return stated.flatMap(([path, secret]) =>
    secret === undefined ? [] : [{ path: ["nightingale", ...path], secret }],
  );
}
