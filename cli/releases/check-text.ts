import type { Presence } from "../step/registry-images";
import type { Colour } from "../view/colours";
import { tableLines } from "../view/table";
import { shortImage } from "./diff-text";

/** What a site's registry has of a release. */
export interface CheckedRelease {
  readonly site: string;
  readonly release: string;
  /** The registry's name. */
  readonly registry: string;
  readonly images: readonly {
    /** Public reference. */
    readonly image: string;
    /** What needs it: workloads, charts or the cluster. */
    readonly neededBy: string;
    readonly presence: Presence;
  }[];
}

/** The result for a person: a line when all is well, else what is missing and what needs it. */
export function checkedText(
  { site, release, registry, images }: CheckedRelease,
  paint: (colour: Colour, text: string) => string,
  columns: number,
): readonly string[] {
  const of = (presence: Presence) => images.filter((one) => one.presence === presence);
  const [missing, hidden, other] = [of("missing"), of("hidden"), of("other digest")];
  const seen = images.length - missing.length - hidden.length;
  const rows = [...missing, ...hidden].map(({ image, neededBy, presence }) => ({
    cells: [presence, neededBy, shortImage(image)],
    paint: (line: string) => paint(presence === "missing" ? "red" : "yellow", line),
  }));
  const all = missing.length + hidden.length === 0;
  return [
    `${registry} has ${all ? paint("green", `all ${seen}`) : `${seen} of ${images.length}`} images of release ${release} at ${site}`,
    ...(other.length === 0
      ? []
      : [
          `${other.length} of them by tag, under another digest than the release pins: KubeKey joins architectures anew`,
        ]),
    ...(rows.length === 0 ? [] : ["", ...tableLines(["", "needed by", "image"], rows, columns)]),
    ...(missing.length === 0
      ? []
      : ["", `  next: bring them in the bundle of ${release}: ./sitewright check ${site}`]),
    ...(hidden.length === 0
      ? []
      : ["", "  next: name the registry's password in the site file: registry.passwordSecret"]),
  ];
}

/** The same for a program. */
export function checkedJson(checked: CheckedRelease) {
  const { images, ...rest } = checked;
  const missing = images.filter(({ presence }) => presence === "missing").length;
  const hidden = images.filter(({ presence }) => presence === "hidden").length;
  return { ok: missing + hidden === 0, ...rest, missing, hidden, images };
}
