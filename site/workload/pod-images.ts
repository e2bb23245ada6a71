import type { Path } from "../path";
import type { Release } from "../schema/release";
import { releasedCanary } from "./traffic";

/** An image that a workload of the release starts, with its place in the file. */
export interface PlacedImage {
  readonly image: string;
  readonly path: Path;
  /** Who starts it, for the list of images. */
  readonly neededBy: string;
}

/** Every image that workloads start: their own and those of their canaries, those of what runs before them, and those that folders come from. */
export function releaseImages({ workloads }: Pick<Release, "workloads">): readonly PlacedImage[] {
  const byName = Object.entries(workloads).sort(([one], [other]) => (one < other ? -1 : 1));
  return byName.flatMap(([name, workload]) => {
    const { image, init, volumes } = workload;
    const canary = releasedCanary(workload);
    const path = ["workloads", name];
    const neededBy = `workload ${name}`;
    return [
      { image, path: [...path, "image"], neededBy },
      // Whatever its weight: one field of the site switches between the two images, at sites without a way out.
      ...(canary === undefined
        ? []
        : [
            {
              image: canary.image,
              path: [...path, "canary", "image"],
              neededBy: `canary of ${name}`,
            },
          ]),
      ...init.map((one, at) => ({
        image: one.image,
        path: [...path, "init", at, "image"],
        neededBy: `${one.name} of ${neededBy}`,
      })),
      ...Object.entries(volumes).flatMap(([volume, { image: source }]) =>
        source === undefined
          ? []
          : [
              {
                image: source.image,
                path: [...path, "volumes", volume, "image", "image"],
                neededBy: `volume ${volume} of ${neededBy}`,
              },
            ],
      ),
    ];
  });
}
