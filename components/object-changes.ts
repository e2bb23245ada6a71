import type { Blueprint } from "../site/blueprint-types";
import { exemptedObjects } from "./support/exempted-objects";
import { fixedFieldManager } from "./support/field-manager";
import type { ObjectChange } from "./support/object-change";
import { siteImages } from "./support/site-images";

/**
 * What is changed about every Kubernetes object of a site, wherever it comes from. One change, since the engine asks for
 * each over the network.
 */
export function objectChanges({
  client,
  images,
  registry,
  exemptions,
}: Pick<Blueprint, "client" | "images" | "registry" | "exemptions">): ObjectChange {
  const changes: readonly ObjectChange[] = [
    fixedFieldManager(client.fieldManager),
    siteImages(images, registry.host),
    exemptedObjects(exemptions),
  ];
  return (object) => {
    let changed: typeof object | undefined;
    for (const change of changes) {
      const own = change(changed ?? object);
      if (own !== undefined) changed = { ...object, ...own };
    }
    return changed && { props: changed.props, opts: changed.opts };
  };
}
