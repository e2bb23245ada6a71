import { type Command, type Flag, many, on, text } from "../engine/command-line";

/** Flags that every command takes. */
export const commonFlags: readonly Flag[] = [
  ...[
    text("inventory", "i"),
    text("config", "c"),
    text("artifact", "a"),
    many("set"),
    text("workdir"),
  ],
  ...[text("namespace", "n"), text("v", "v")],
];
const erase = [on("all"), on("with-data"), text("with-kubernetes")];

/** kk v4.0.6's commands. There is no `upgrade` and no `-y`: nothing ever asks. */
export const commands: readonly Command[] = [
  { words: ["version"], summary: "Print the version", flags: [on("short", "s")] },
  {
    words: ["precheck"],
    summary: "Check if the nodes is eligible for cluster deployment.",
    flags: [],
    positional: true,
  },
  { words: ["init", "os"], summary: "Init operating system", flags: [] },
  { words: ["init", "registry"], summary: "Init a local image registry", flags: [] },
  {
    words: ["artifact", "images"],
    summary: "push images to a registry from an artifact",
    flags: [on("push"), on("pull")],
  },
  {
    words: ["create", "cluster"],
    summary: "Create a Kubernetes cluster",
    flags: [text("with-kubernetes")],
  },
  {
    words: ["add", "nodes"],
    summary: "Add nodes to the cluster",
    flags: [
      text("control-plane"),
      text("worker"),
      text("etcd"),
      on("override"),
      text("with-kubernetes"),
    ],
    positional: true,
  },
  {
    words: ["delete", "nodes"],
    summary: "Delete nodes of the cluster",
    flags: [...erase, on("override")],
    positional: true,
  },
  { words: ["delete", "cluster"], summary: "Delete a cluster", flags: erase },
  {
    words: ["delete", "registry"],
    summary: "Delete a image registry which create by kubekey.",
    flags: erase,
  },
  { words: ["certs", "renew"], summary: "renew a cluster certs", flags: [] },
];
