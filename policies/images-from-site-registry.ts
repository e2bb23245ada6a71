import { containersOf, podTemplate } from "./support/pods";
import { subjectRule } from "./support/rule";

/** Nodes reach one registry only, and a tag may be another image tomorrow. */
export const imagesFromSiteRegistry = subjectRule({
  name: "images-from-site-registry",
  description: "Every container's image comes from the site's own registry, by tag and digest.",
  why: "Nodes reach no other registry, which shows only when a Pod is scheduled; and without a digest nobody can say afterwards what ran.",
  severity: "high",
  remedy:
    "name the image with tag and digest in the release, so that it is in the bundle and is renamed",
  *judge({ object }, { blueprint }) {
    const template = podTemplate(object);
    if (template === undefined) return;
    const { host } = blueprint.registry;
    for (const { path, container } of containersOf(template)) {
      const { image } = container;
      const at = `${path}.image`;
      if (typeof image !== "string") {
        yield { path: at, needed: "an image", given: "nothing", absent: true };
      } else if (!image.startsWith(`${host}/`)) {
        yield { path: at, needed: `an image from ${host}`, given: image };
      } else if (!/@sha256:[0-9a-f]{64}$/.test(image)) {
        yield { path: at, needed: "a digest (@sha256:…)", given: image };
      } else {
        const tag = /:([^/:@]+)@/.exec(image)?.[1];
        if (tag === undefined || tag === "latest") {
          yield { path: at, needed: "a tag other than latest before the digest", given: image };
        }
      }
    }
  },
});
