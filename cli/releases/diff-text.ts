import { isPlainObject } from "../../site/release/layers";
import type { Colour } from "../view/colours";
import { tableLines } from "../view/table";
import type { FieldChange } from "./field-changes";
import type { NamedChanges } from "./named-changes";
import { isImage, type ReleaseDiff } from "./release-diff";
import type { ObjectAction, SiteDiff } from "./site-diff";

type Paint = (colour: Colour, text: string) => string;

export interface DiffView {
  readonly paint: Paint;
  /** Width of the screen in characters. */
  readonly columns: number;
}

/** How two releases differ, for a person. */
export function releaseDiffText(diff: ReleaseDiff, view: DiffView): readonly string[] {
  const sections = Object.entries(diff.sections);
  return [
    view.paint("bold", `${diff.from} → ${diff.to}`),
    ...(sections.length === 0 ? ["nothing differs but the name"] : []),
    ...sections.flatMap(([key, changes]) =>
      section(titleOf(key), sectionLines(changes, view), view),
    ),
    ...imageLines(diff, view),
  ];
}

/** What changes at a site: by workload, or with `objects` by every object in its cluster. */
export function siteDiffText(diff: SiteDiff, objects: boolean, view: DiffView): readonly string[] {
  const sections = Object.entries(diff.sections);
  const left = diff.notUndone.map(({ what, stays }) => ({ cells: [what, stays] }));
  return [
    view.paint("bold", `${diff.from} → ${diff.to} at ${diff.site}`),
    ...(sections.length === 0 && diff.objects.length === 0 ? ["nothing changes at this site"] : []),
    ...(objects ? section("Objects of workloads", objectLines(diff, view), view) : []),
    ...sections
      .filter(([key]) => !objects || key !== "workloads")
      .flatMap(([key, changes]) => section(titleOf(key), sectionLines(changes, view), view)),
    ...imageLines(diff, view),
    ...(diff.objects.length === 0 ? [] : ["", countsText(diff)]),
    ...(left.length === 0
      ? []
      : section(
          `Going back to ${diff.from} will not undo`,
          tableLines(["", ""], left, view.columns - 2).slice(1),
          view,
        )),
    ...(diff.leftOut.length === 0
      ? []
      : section(
          `Left out of ${diff.site}'s file, for a release that does not have it`,
          diff.leftOut.map(({ release, key }) => `${release}  ${key}`),
          view,
        )),
  ];
}

function section(title: string, lines: readonly string[], { paint }: DiffView): readonly string[] {
  return ["", paint("bold", title), ...lines.map((line) => `  ${line}`)];
}

/** `sharedVolumes` as a heading reads it: Shared volumes. */
function titleOf(key: string): string {
  const words = key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return `${words[0]?.toUpperCase() ?? ""}${words.slice(1)}`;
}

function sectionLines(changes: NamedChanges, view: DiffView): readonly string[] {
  const { paint } = view;
  const green = (line: string) => paint("green", line);
  const red = (line: string) => paint("red", line);
  const rows = [
    ...Object.entries(changes.added).map(([name, value]) => ({
      cells: ["+", name, "", summary(value)],
      paint: green,
    })),
    ...Object.entries(changes.removed).map(([name, value]) => ({
      cells: ["-", name, "", summary(value)],
      paint: red,
    })),
    ...Object.entries(changes.changed).flatMap(([name, fields]) =>
      fields.map((field, at) => ({
        cells: [at === 0 ? "~" : "", at === 0 ? name : "", field.path, changeText(field)],
      })),
    ),
  ];
  return rows.length === 0 ? [] : tableLines(["", "", "", ""], rows, view.columns - 2).slice(1);
}

function objectLines({ objects }: SiteDiff, view: DiffView): readonly string[] {
  const rows = objects.flatMap(({ action, kind, name, fields }) => [
    {
      cells: [marks[action].mark, `${kind} ${name}`, marks[action].note],
      paint: (line: string) => {
        const { colour } = marks[action];
        return colour === undefined ? line : view.paint(colour, line);
      },
    },
    ...fields.map((field) => ({ cells: ["", `  ${field.path}`, changeText(field)] })),
  ]);
  return rows.length === 0 ? [] : tableLines(["", "", ""], rows, view.columns - 2).slice(1);
}

const marks: Readonly<
  Record<ObjectAction, { readonly mark: string; readonly note: string; readonly colour?: Colour }>
> = {
  create: { mark: "+", note: "", colour: "green" },
  update: { mark: "~", note: "" },
  replace: { mark: "±", note: "runs anew", colour: "yellow" },
  delete: { mark: "-", note: "", colour: "red" },
  keep: { mark: "=", note: "stays in the cluster, no longer managed", colour: "yellow" },
};

const verbs: Readonly<Record<ObjectAction, string>> = {
  create: "to create",
  update: "to update",
  replace: "to replace",
  delete: "to delete",
  keep: "to leave behind",
};

function countsText({ objects }: SiteDiff): string {
  const counts = Object.entries(verbs).flatMap(([action, verb]) => {
    const count = objects.filter((one) => one.action === action).length;
    return count === 0 ? [] : [`${count} ${verb}`];
  });
  return `objects of workloads: ${counts.join(", ")}`;
}

function imageLines({ images, to }: ReleaseDiff, view: DiffView): readonly string[] {
  const { added, removed } = images;
  if (added.length + removed.length === 0) return ["", "images: the same ones"];
  const lines = [
    ...added.map((image) => view.paint("green", `+ ${shortImage(image)}`)),
    ...removed.map((image) => view.paint("red", `- ${shortImage(image)}`)),
  ];
  const must = added.length === 0 ? "none is new" : `${added.length} new, in the bundle of ${to}`;
  return section(`Images: ${must}`, lines, view);
}

/** One line that tells what a thing is: by its kind and its image, where it has them. */
function summary(value: unknown): string {
  if (!isPlainObject(value)) return valueText(value);
  const { kind, image } = value;
  const known = [kind, image].filter((one) => typeof one === "string").map(valueText);
  if (known.length > 0) return known.join("  ");
  return Object.keys(value).length === 0 ? "" : valueText(value);
}

const longest = 60;

function changeText({ before, after }: FieldChange): string {
  const [one, other] = [before, after].map(String);
  if (isImage(one ?? "") && isImage(other ?? "") && repository(one) === repository(other)) {
    return `${tagAndDigest(one)} → ${tagAndDigest(other)}`;
  }
  return `${valueText(before)} → ${valueText(after)}`;
}

function valueText(value: unknown): string {
  if (value === undefined) return "none";
  if (typeof value === "string" && isImage(value)) return shortImage(value);
  if (Array.isArray(value) && value.length === 0) return "none";
  const scalars = Array.isArray(value) && value.every((item) => typeof item !== "object");
  const text =
    typeof value === "string" ? value || '""' : scalars ? value.join(" ") : JSON.stringify(value);
  const line = text.replaceAll("\n", "⏎");
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}

/** An image as people read it: name, tag, and enough of its digest to tell it from another. */
export function shortImage(image: string): string {
  return isImage(image) ? `${repository(image)}:${tagAndDigest(image)}` : image;
}

function repository(image = ""): string {
  return image.replace(/:[^:/@]+@.*$/, "");
}

function tagAndDigest(image = ""): string {
  const [, tag = "", digest = ""] = /:([^:/@]+)@sha256:([0-9a-f]{12})/.exec(image) ?? [];
  return `${tag} (${digest})`;
}
