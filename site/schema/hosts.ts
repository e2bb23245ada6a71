import { z } from "zod";
import {
  addressField,
  labelsField,
  list,
  nameField,
  portField,
  roleField,
  secretNameField,
  taintField,
  text,
  whole,
} from "./fields";

/** The site's machines, and how to log in to them. */

const login = {
  user: text(/^[a-z_][a-z0-9_-]{0,31}$/, "a Linux user name such as deliver").describe(
    "User that logs in over SSH.",
  ),
  port: portField.default(22).describe("TCP port of the SSH server."),
  passwordSecret: secretNameField
    .optional()
    .describe("Secret with the user's password, which is also what sudo asks for."),
  privateKeySecret: secretNameField
    .optional()
    .describe("Secret with the user's private key in OpenSSH or PEM form, without a passphrase."),
};

export const accessSchema = z.strictObject({
  ...login,
  sudo: z
    .enum(["none", "nopasswd", "password"], { error: "none, nopasswd or password" })
    .default("none")
    .describe(
      "What it takes to become root: `none` when the user is root already, `nopasswd` when sudo asks nothing, `password` when sudo asks for the login's password.",
    ),
  bastion: z
    .strictObject({
      address: addressField.describe(
        "Address of the jump host as the operator's machine reaches it.",
      ),
      ...login,
    })
    .optional()
    .describe("Jump host before the site's own network. Absent when every host answers directly."),
});

export const hostSchema = z.strictObject({
  name: nameField.describe("Becomes the host's own name and its Kubernetes node name."),
  address: addressField.describe("Address within the site, for SSH and for Kubernetes alike."),
  roles: list(roleField, 6, "roles").describe(
    "What the host does. Only `worker` hosts run the product's Pods: a node without that role is tainted for its own. `registry` stands alone. An empty list is allowed for the installer only.",
  ),
  arch: z
    .enum(["amd64", "arm64"], { error: "amd64 or arm64" })
    .default("amd64")
    .describe("Processor architecture; checked before anything is installed."),
  cpus: whole(1, 4096, "cores").describe("Cores the host has; checked, and the base of capacity."),
  memoryGiB: whole(1, 65_536, "memory in GiB").describe(
    "Memory in GiB; checked, and the base of capacity.",
  ),
  diskGiB: whole(1, 1_048_576, "disk in GiB").describe(
    "Size in GiB of the file system that holds /var/lib; checked.",
  ),
  zone: text(/^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/, "a short name such as rack-1")
    .optional()
    .describe(
      "Rack or room that fails as one; Pods are spread over zones. All nodes state one, or none does.",
    ),
  labels: labelsField.default({}).describe("Further labels of the Kubernetes node."),
  taints: list(taintField, 20, "taints")
    .default([])
    .describe("Further taints of the Kubernetes node."),
  user: login.user
    .optional()
    .describe("SSH user of this host where it differs from `access.user`."),
  port: portField.optional().describe("SSH port of this host where it differs from `access.port`."),
});
