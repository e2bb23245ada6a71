import type { ImageUse } from "../../site/blueprint-types";
import { rewriteImages, unknownImages } from "../../site/image-references";
import { RunError } from "../../site/run-error";
import type { ObjectChange } from "./object-change";

/** Definitions hold no image that anything would start, and are by far the largest objects. */
const LEFT_ALONE = /^kubernetes:(apiextensions\.k8s\.io|helm\.sh|kustomize|yaml)/;

/**
 * Leads every image below a component to the site's registry, wherever an object names it: in Pods, arguments,
 * ConfigMaps and custom resources alike. The list of the blueprint is the only source of names.
 * Throws RunError for a Pod with an image that is not on the list: no node could pull it.
 */
export function siteImages(images: readonly ImageUse[], registryHost: string): ObjectChange {
  const rewrite = rewriteImages(images);
  return ({ type, name, props, opts }) => {
    if (!type.startsWith("kubernetes:") || LEFT_ALONE.test(type)) return undefined;
    const rewritten = rewrite(props);
    const [unknown] = unknownImages(rewritten, registryHost);
    if (unknown !== undefined) {
      throw new RunError(
        `${name} starts the image ${unknown}, which is not among the site's images`,
        {
          exitCode: 3,
          nextStep:
            "add it to the chart's images in catalogue/platform.yaml, and build the bundle again",
        },
      );
    }
    return { props: rewritten, opts };
  };
}
