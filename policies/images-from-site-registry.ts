import { z } from "zod";
import type { Blueprint } from "../site/blueprint-types";
import { fields } from "./support/objects";
import { ofBlueprint } from "./support/of-blueprint";
import { containersOf, type PodTemplate, podTemplate } from "./support/pods";
import { subjectRule } from "./support/rule";

const knownImages = ofBlueprint(({ images }) => new Set(images.map(({ siteImage }) => siteImage)));

/** What Istio's chart of gateways states in the place of an image: the injector puts the site's own proxy in. */
const injectedImage = "auto";

function isInjected({ metadata }: PodTemplate, { platform }: Blueprint): boolean {
  const { "sidecar.istio.io/inject": inject } = fields(fields(metadata).labels);
  return platform.mesh !== undefined && inject === "true";
}

export const imagesFromSiteRegistry = subjectRule({
  name: "images-from-site-registry",
  description: "Every container's image comes from the site's own registry, by tag and digest.",
  why: "Nodes reach no other registry, which shows only when a Pod is scheduled; and without a digest nobody can say afterwards what ran.",
  severity: "high",
  remedy:
    "name the image with tag and digest in the release, so that it is in the bundle and gets its name at the site",
  settings: z.strictObject({
    digests: z
      .enum(["known", "all"], { error: "known or all" })
      .default("known")
      .describe(
        "`known`: an image of the platform for which the catalogue has a tag alone goes by that very tag; `all`: none does.",
      ),
  }),
  *judge({ object }, { blueprint, settings: { digests } }) {
    const template = podTemplate(object);
    if (template === undefined) return;
    const { host } = blueprint.registry;
    for (const { path, container } of containersOf(template)) {
      const { image } = container;
      const at = `${path}.image`;
      if (typeof image !== "string" || image === "") {
        yield { path: at, needed: "an image", given: "nothing", absent: true };
        continue;
      }
      if (image === injectedImage && isInjected(template, blueprint)) continue;
      const [, , tag, digest] =
        /^(.+?)(?::([^:/@]+))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(image) ?? [];
      const isKnown = digests === "known" && knownImages(blueprint).has(image);
      if (!image.startsWith(`${host}/`)) {
        yield { path: at, needed: `an image from ${host}`, given: image };
      } else if (tag === undefined || tag === "latest") {
        yield { path: at, needed: "a tag other than latest", given: image };
      } else if (digest === undefined && !isKnown) {
        yield { path: at, needed: "a digest (@sha256:…)", given: image };
      }
    }
  },
});
