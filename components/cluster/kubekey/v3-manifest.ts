import { z } from "zod";
import { isKnownToV3 } from "./kubernetes-version";
import { duplicates, schemaProblems } from "./problems";
import { fromYaml } from "./yaml-text";

/** Component versions compiled into kk v3.1.12. An artifact with others sends kk to the Internet. */
export const V3_COMPONENTS = {
  helm: { version: "v3.18.5" },
  cni: { version: "v1.2.0" },
  etcd: { version: "v3.5.24" },
  containerRuntimes: [{ type: "containerd", version: "1.7.13" }],
  crictl: { version: "v1.29.0" },
  "docker-registry": { version: "2" },
  harbor: { version: "v2.10.2" },
  "docker-compose": { version: "v2.26.1" },
  calicoctl: { version: "v3.27.4" },
} as const;

/** A package source for one operating system of the hosts, by its os-release words. */
export interface ManifestSystem {
  readonly arch: "amd64" | "arm64";
  readonly id: string;
  readonly version: string;
  readonly osImage: string;
  /** ISO with packages, on the machine that exports the artifact. */
  readonly isoPath: string;
}

export interface ManifestInput {
  readonly name: string;
  readonly arches: readonly ("amd64" | "arm64")[];
  readonly kubernetes: string;
  readonly images: readonly string[];
  readonly systems: readonly ManifestSystem[];
}

/** The Manifest object (v1alpha2) that kk v3 exports an artifact from. */
export function v3Manifest(input: ManifestInput): unknown {
  return {
    apiVersion: "kubekey.kubesphere.io/v1alpha2",
    kind: "Manifest",
    metadata: { name: input.name },
    spec: {
      arches: input.arches,
      operatingSystems: input.systems.map((system) => ({
        arch: system.arch,
        type: "linux",
        id: system.id,
        version: system.version,
        osImage: system.osImage,
        repository: { iso: { localPath: system.isoPath, url: "" } },
      })),
      kubernetesDistributions: [{ type: "kubernetes", version: input.kubernetes }],
      components: V3_COMPONENTS,
      images: [...new Set(input.images)].sort(),
      registry: { auths: {} },
    },
  };
}

const component = z.strictObject({ version: z.string().min(1) });
const arch = z.enum(["amd64", "arm64"]);

const schema = z.strictObject({
  apiVersion: z.literal("kubekey.kubesphere.io/v1alpha2"),
  kind: z.literal("Manifest"),
  metadata: z.strictObject({ name: z.string().min(1) }),
  spec: z.strictObject({
    arches: z.array(arch).min(1),
    operatingSystems: z.array(
      z.strictObject({
        arch,
        type: z.literal("linux"),
        id: z.string().min(1),
        version: z.string().min(1),
        osImage: z.string(),
        repository: z.strictObject({
          iso: z.strictObject({ localPath: z.string(), url: z.string() }),
        }),
      }),
    ),
    kubernetesDistributions: z
      .array(z.strictObject({ type: z.literal("kubernetes"), version: z.string() }))
      .min(1),
    components: z.strictObject({
      helm: component,
      cni: component,
      etcd: component,
      containerRuntimes: z.array(
        z.strictObject({ type: z.literal("containerd"), version: z.string().min(1) }),
      ),
      crictl: component,
      "docker-registry": component,
      harbor: component,
      "docker-compose": component,
      calicoctl: component,
    }),
    images: z.array(z.string()).min(1),
    registry: z.strictObject({ auths: z.record(z.string(), z.unknown()) }),
  }),
});

/** Everything wrong with the text of a v3 Manifest. */
export function v3ManifestProblems(file: string, text: string): string[] {
  const parsed = schema.safeParse(fromYaml(text));
  if (!parsed.success) return schemaProblems(file, parsed.error);
  const { spec } = parsed.data;
  const versions = spec.kubernetesDistributions.map((distribution) => distribution.version);
  const found = [
    ...versions
      .filter((version) => !isKnownToV3(version))
      .map((version) => `Kubernetes ${version} is not among those of kk v3.1.12`),
    ...spec.images
      .filter((image) => !isPushable(image))
      .map((image) => `image ${image} needs the form host/project/name:tag, without a digest`),
    ...duplicates("image", spec.images),
  ];
  if (JSON.stringify(spec.components) !== JSON.stringify(V3_COMPONENTS)) {
    found.push("components differ from those compiled into kk v3.1.12; it would try the Internet");
  }
  return found.map((problem) => `${file}: ${problem}`);
}

/** kk wants at least two slashes and exactly one colon after the last one. */
function isPushable(image: string): boolean {
  const parts = image.split("/");
  const last = parts.at(-1) ?? "";
  return parts.length >= 3 && last.split(":").length === 2 && !image.includes("@");
}
