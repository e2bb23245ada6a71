import { type Command, type Flag, many, on, text } from "../engine/command-line";

const file = text("filename", "f");
const artifact = text("artifact", "a");

/** Flags of every command that works on hosts. */
export const commonFlags: readonly Flag[] = [
  on("debug"),
  on("yes", "y"),
  on("ignore-err"),
  text("namespace"),
];

/** kk v3.1.12's commands with their flags. */
export const commands: readonly Command[] = [
  {
    words: ["version"],
    summary: "print the client version information",
    flags: [text("output", "o"), on("show-supported-k8s")],
  },
  {
    words: ["create", "config"],
    summary: "Create cluster configuration file",
    flags: [text("name"), file, text("with-kubernetes"), on("from-cluster"), text("kubeconfig")],
  },
  {
    words: ["create", "manifest"],
    summary: "Create an offline installation package configuration file",
    flags: [
      text("name"),
      file,
      text("kubeconfig"),
      many("with-kubernetes"),
      on("with-registry"),
      many("arch"),
    ],
  },
  {
    words: ["create", "cluster"],
    summary: "Create a Kubernetes or KubeSphere cluster",
    flags: [
      ...[
        file,
        artifact,
        on("with-packages"),
        on("skip-push-images"),
        on("skip-pull-images"),
        on("skip-install-addons"),
      ],
      ...[on("with-local-storage"), on("with-security-enhancement"), text("container-manager")],
      ...[text("with-kubernetes"), text("download-cmd"), on("with-kubesphere")],
    ],
  },
  {
    words: ["artifact", "import"],
    summary: "Import a KubeKey offline installation package",
    flags: [artifact, on("with-packages")],
  },
  {
    words: ["artifact", "export"],
    summary: "Export a KubeKey offline installation package",
    flags: [
      text("manifest", "m"),
      text("output", "o"),
      text("download-cmd"),
      text("image-start-index"),
      text("image-transport"),
      on("skip-remove-artifact"),
    ],
  },
  {
    words: ["artifact", "images", "push"],
    summary: "push images to a registry from an artifact",
    flags: [file, artifact, text("images-dir"), text("image-transport")],
  },
  { words: ["init", "os"], summary: "Init operating system", flags: [file, artifact] },
  {
    words: ["init", "registry"],
    summary: "Init a local image registry",
    flags: [file, artifact, text("download-cmd")],
  },
  {
    words: ["add", "nodes"],
    summary:
      "Add nodes to the cluster according to the new nodes information from the specified configuration file",
    flags: [
      ...[file, artifact, on("with-packages"), on("skip-pull-images"), on("skip-etcd")],
      ...[text("container-manager"), text("download-cmd")],
    ],
  },
  { words: ["delete", "node"], summary: "delete a node", flags: [file], positional: true },
  {
    words: ["delete", "cluster"],
    summary: "Delete a cluster",
    flags: [file, on("all", "A"), text("with-kubernetes")],
  },
  {
    words: ["upgrade"],
    summary: "Upgrade your cluster smoothly to a newer version with this command",
    flags: [
      ...[
        file,
        artifact,
        text("with-kubernetes"),
        on("with-etcd"),
        on("skip-pull-images"),
        on("skip-dependency-check"),
      ],
      ...[text("download-cmd"), on("with-kubesphere")],
    ],
  },
  {
    words: ["certs", "check-expiration"],
    summary: "Check certificates expiration for a Kubernetes cluster",
    flags: [file],
  },
  { words: ["certs", "renew"], summary: "renew a cluster certs", flags: [file] },
  {
    words: ["cluster-info", "dump"],
    summary: "Dumping key cluster configurations and files",
    flags: [text("output-dir"), on("tar"), file],
    positional: true,
  },
];
