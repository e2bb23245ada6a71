import { createHash, randomBytes } from "node:crypto";
import { ProviderFailure } from "../../protocol/failure";
import { ANNOTATION, annotate, isAnnotated } from "./annotations";
import { nameOfUrn } from "./kinds";
import { type KubeObject, nameOf, pluck, pluckString, setAt, UNKNOWN } from "./kube-object";

/** What the engine says about naming: nothing, a name it proposes, or that names must be given. */
export type EngineNaming =
  | { mode: "default" }
  | { mode: "named"; name: string }
  | { mode: "disabled" };

/** Eight hexadecimal digits; the same seed always gives the same ones, no seed random ones. */
export function hexSuffix(seed: Uint8Array): string {
  if (seed.length === 0) return randomBytes(4).toString("hex");
  return createHash("sha512").update(seed).digest("hex").slice(0, 8);
}

/** True when the name is given, even if its value is not known yet. */
export function isNamed(object: KubeObject): boolean {
  return pluck(object, "metadata", "name") === UNKNOWN || nameOf(object) !== "";
}

/** True when the name came from the resource's Pulumi name, not from the user. */
export function isAutonamed(object: KubeObject): boolean {
  return isAnnotated(object, ANNOTATION.autonamed);
}

/** True when the API server is asked to make up the name. */
export function isGeneratedName(object: KubeObject): boolean {
  if (isNamed(object)) return false;
  const generateName = pluck(object, "metadata", "generateName");
  return generateName === UNKNOWN || pluckString(object, "metadata", "generateName") !== "";
}

/** Gives an unnamed new object a name of its own, and marks it so. */
export function assignName(
  object: KubeObject,
  urn: string,
  seed: Uint8Array,
  naming: EngineNaming,
): void {
  if (isNamed(object) || isGeneratedName(object) || object.metadata === UNKNOWN) return;
  if (naming.mode === "disabled") {
    throw new ProviderFailure(
      "autonaming is disabled, resource requires the .metadata.name field to be set",
    );
  }
  const name = naming.mode === "named" ? naming.name : `${nameOfUrn(urn)}-${hexSuffix(seed)}`;
  setAt(object, ["metadata", "name"], name);
  annotate(object, ANNOTATION.autonamed, "true");
}

/** Keeps the name that an earlier run made up, when the user still gives none. */
export function adoptName(object: KubeObject, old: KubeObject): void {
  if (isNamed(object) || !isAutonamed(old) || object.metadata === UNKNOWN) return;
  setAt(object, ["metadata", "name"], nameOf(old));
  annotate(object, ANNOTATION.autonamed, "true");
}
