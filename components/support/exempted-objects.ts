import { type ExemptionBlueprint, exemptionPrefix, exemptionText } from "../../site/exemptions";
import type { ObjectChange } from "./object-change";

/**
 * Says on objects of third parties which rules of the policy pack they need not keep, and why: charts have no key for
 * annotations of every object, and these have to stand where whoever looks at the cluster finds them.
 */
export function exemptedObjects(exemptions: readonly ExemptionBlueprint[]): ObjectChange {
  const byObject = new Map<string, ExemptionBlueprint[]>();
  for (const exemption of exemptions) {
    const object = `${exemption.kind} ${exemption.name}`;
    byObject.set(object, [...(byObject.get(object) ?? []), exemption]);
  }
  return ({ type, props, opts }) => {
    if (!type.startsWith("kubernetes:")) return undefined;
    const { kind, metadata } = props;
    // What has no namespace is the cluster's, and has its name for itself.
    const own = byObject
      .get(`${kind} ${metadata?.name}`)
      ?.filter(({ namespace }) => [undefined, namespace].includes(metadata.namespace));
    if (own === undefined || own.length === 0) return undefined;
    const said = own.map((exemption) => [
      `${exemptionPrefix}${exemption.rule}`,
      exemptionText(exemption),
    ]);
    const annotations = { ...metadata.annotations, ...Object.fromEntries(said) };
    return { props: { ...props, metadata: { ...metadata, annotations } }, opts };
  };
}
