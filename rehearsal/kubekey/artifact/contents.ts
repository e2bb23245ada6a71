import { createCipheriv } from "node:crypto";
import { binaryPaths, components, registryPaths } from "../v3/versions";
import { imageLayout } from "./images";
import { type ArchiveFile, tarOf } from "./tar";

/** What an artifact is made for. */
export interface ArtifactInput {
  readonly kubernetes: string;
  readonly arches: readonly string[];
  /** Public references; digests are left out, as kk does. */
  readonly images: readonly string[];
  /** Operating systems of the hosts, by their os-release words. */
  readonly systems: readonly { readonly id: string; readonly version: string }[];
  /** Bytes that do not compress, so that copying the artifact is a real transfer. */
  readonly fillerMiB: number;
}

/** Programs that the packages of a host's operating system bring; each only says what it is. */
const packages: Readonly<Record<string, readonly string[]>> = {
  socat: ["socat"],
  conntrack: ["conntrack"],
  ipset: ["ipset"],
  ebtables: ["ebtables"],
  chrony: ["chronyd", "chronyc"],
  ipvsadm: ["ipvsadm"],
};

/** A package source for one operating system. It stands for an ISO and is a tar archive. */
export function packageSource(): Buffer {
  const files = Object.entries(packages).flatMap(([name, programs]) =>
    programs.map((program) => ({
      path: `packages/${name}/${program}`,
      content: `#!/bin/sh\necho "${program} of a rehearsal's package ${name}: does nothing"\n`,
      mode: 0o755,
    })),
  );
  return tarOf(files);
}

function repository(input: ArtifactInput): ArchiveFile[] {
  const source = packageSource();
  return input.arches.flatMap((arch) =>
    input.systems.map(({ id, version }) => ({
      path: `repository/${arch}/${id}/${version}/${id}-${version}-${arch}.iso`,
      content: source,
    })),
  );
}

function filler(mebibytes: number): Buffer {
  const cipher = createCipheriv("aes-128-ctr", Buffer.alloc(16, 7), Buffer.alloc(16));
  return cipher.update(Buffer.alloc(Math.round(mebibytes * 1024 * 1024)));
}

/** Files of an artifact of kk v3.1.12, as `artifact export` lays them out. */
export function v3Contents(input: ArtifactInput): ArchiveFile[] {
  const names = input.arches.flatMap((arch) => [
    ...binaryPaths(input.kubernetes, arch),
    ...registryPaths("harbor", arch),
    ...registryPaths("docker-registry", arch),
  ]);
  const binaries = names.map((path) => ({ path, content: `stands for ${path}\n`, mode: 0o755 }));
  const manifest = {
    apiVersion: "kubekey.kubesphere.io/v1alpha2",
    kind: "Manifest",
    metadata: { name: "rehearsal" },
    spec: {
      arches: input.arches,
      kubernetesDistributions: [{ type: "kubernetes", version: input.kubernetes }],
      components: { etcd: { version: components.etcd }, harbor: { version: components.harbor } },
      images: input.images,
    },
  };
  return [
    ...binaries,
    ...repository(input),
    ...imageLayout(input.images, input.arches),
    { path: "manifest.json", content: JSON.stringify(manifest) },
    { path: "filler", content: filler(input.fillerMiB) },
  ];
}

/** Files of an artifact of kk v4.0.6: a tree for each component, images by registry and project. */
export function v4Contents(input: ArtifactInput): ArchiveFile[] {
  const kubernetes = ["kubeadm", "kubelet", "kubectl"];
  const binaries = input.arches.flatMap((arch) => [
    ...kubernetes.map((name) => `kube/${input.kubernetes}/${arch}/${name}`),
    ...["etcd", "cni", "helm", "runc", "containerd", "cri-dockerd", "crictl"].map(
      (name) => `${name}/${arch}/${name}`,
    ),
    `image-registry/harbor/${components.harbor}/${arch}/harbor-offline-installer-${components.harbor}.tgz`,
  ]);
  return [
    ...binaries.map((path) => ({ path, content: `stands for ${path}\n`, mode: 0o755 })),
    ...repository(input),
    ...imageLayout(input.images, input.arches),
    { path: "manifests.yaml", content: input.images.map((image) => `- ${image}\n`).join("") },
    { path: "filler", content: filler(input.fillerMiB) },
  ];
}
