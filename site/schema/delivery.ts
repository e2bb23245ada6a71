import { z } from "zod";
import {
  certificateField,
  cidrField,
  domainField,
  list,
  nameField,
  secretNameField,
  text,
  whole,
} from "./fields";
import { viaField } from "./ingress";

/** The site's `delivery` key, and what a workspace states of it: who deploys from a repository. */

const folderNeeded = "a folder below the repository's own, such as site-a or teams/sorting";

/** Where the configuration of some namespaces stands, apart from the code that their images are built from. */
const repositoryFields = {
  repository: text(
    /^(https?:\/\/[A-Za-z0-9.-]+(:\d{1,5})?\/[A-Za-z0-9_.~/-]+|ssh:\/\/([A-Za-z0-9_.-]+@)?[A-Za-z0-9.-]+(:\d{1,5})?\/[A-Za-z0-9_.~/-]+|[A-Za-z0-9_.-]+@[A-Za-z0-9.-]+:[A-Za-z0-9_.~/-]+)$/,
    "the address of a Git repository without a password in it, such as https://git.example.com/sorting/configuration.git",
  ).describe(
    "Git repository with the configuration: what runs, not what it is built from. Its server stands in `delivery.servers`.",
  ),
  path: text(/^(?!.*(^|\/)\.\.?(\/|$))[A-Za-z0-9_.-]+(\/[A-Za-z0-9_.-]+)*$/, folderNeeded)
    .optional()
    .describe(
      "Folder that holds one folder for each namespace, by the namespace's short name. Default: the repository's own.",
    ),
  revision: text(/^[A-Za-z0-9][A-Za-z0-9_./-]{0,199}$/, "a branch or tag such as main")
    .default("main")
    .describe("Branch or tag that is followed."),
  user: text(/^[A-Za-z0-9_.-]{1,100}$/, "a user name such as git")
    .default("git")
    .describe("User for a repository over https; one over ssh names its own."),
  accessSecret: secretNameField
    .optional()
    .describe(
      "Secret that reads the repository: a password or token over https, a private key over ssh. Absent: anybody may read it.",
    ),
  codeRepository: text(
    /^[!-~]{4,300}$/,
    "the address of the repository with the code, without spaces",
  )
    .optional()
    .describe(
      "Repository that the images are built from. Never the same: whoever may change code would deploy it too.",
    ),
};

/** What a workspace says of its delivery. */
export const workspaceDeliverySchema = z.strictObject({
  mode: z
    .literal("gitops", { error: "gitops, or no delivery at all" })
    .describe("With `gitops` Argo CD deploys what stands in the configuration repository."),
  ...repositoryFields,
  runner: z
    .strictObject({
      tokenSecret: secretNameField.describe(
        "Secret with the runner's authentication token (glrt-…), which GitLab gives out once.",
      ),
      concurrent: whole(1, 100, "jobs").default(4).describe("Jobs at the same time."),
    })
    .optional()
    .describe(
      "A GitLab runner for the workspace's own pipelines, in a namespace `<site>-<workspace>-runner` of its own. Absent: none.",
    ),
});

const serverSchema = z.strictObject({
  ca: certificateField
    .optional()
    .describe("Authority of its certificate, where no public one signed it."),
  publicCertificate: z
    .boolean({ error: "true or false" })
    .default(false)
    .describe("Whether its certificate is signed by an authority that everybody knows."),
  hostKeys: list(
    text(
      /^(ssh-(ed25519|rsa)|ecdsa-sha2-nistp(256|384|521)) [A-Za-z0-9+/]+={0,2}$/,
      "a host key such as ssh-ed25519 AAAA…",
    ),
    10,
    "host keys",
  )
    .default([])
    .describe("Its host keys, for repositories over ssh."),
  networks: list(cidrField, 20, "networks")
    .default([])
    .describe("Networks that it answers in; what runners may reach."),
});

export const deliverySchema = z.strictObject({
  host: nameField
    .default("argocd")
    .describe("Name of Argo CD's pages below the site's domain, at sites that have an ingress."),
  via: viaField.optional().describe("Who serves its pages. Default: as the site says."),
  servers: z
    .record(domainField, serverSchema, { error: "an object of host name and settings" })
    .default({})
    .describe("Git servers by host name, and why they are believed."),
  gitlab: z
    .strictObject({
      url: text(
        /^https?:\/\/[A-Za-z0-9.-]+(:\d{1,5})?$/,
        "an address with its scheme, such as https://git.example.com",
      ).describe("Address of GitLab; its host is one of `servers`."),
      image: text(
        /^[a-z0-9]+([._-][a-z0-9]+)*(\/[a-z0-9]+([._-]+[a-z0-9]+)*)+:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/,
        "an image of the site's registry by project, name and tag, such as builds/toolbox:2026.11",
      ).describe("Image of the site's own registry that jobs run in which name none."),
    })
    .optional()
    .describe("The GitLab that runners take their jobs from. Absent: no runners."),
  product: z
    .strictObject({
      ...repositoryFields,
      namespaces: z
        .record(
          nameField,
          z.strictObject({
            mode: z
              .enum(["deploy", "hand-over", "gitops"], {
                error: "deploy, hand-over or gitops",
              })
              .describe(
                "Who makes the workloads: with `deploy` the deployment, with `gitops` Argo CD. With `hand-over` still the deployment, which would leave them running if they went: the step between the two.",
              ),
          }),
          { error: "an object of the release's namespaces and modes" },
        )
        .default({})
        .describe("Who deploys a namespace of the release, where the site differs from it."),
    })
    .optional()
    .describe(
      "Configuration repository of the product, for those of its namespaces that Argo CD deploys.",
    ),
});

/** A namespace of a release: who deploys its workloads. */
export const namespaceDeliverySchema = z.strictObject({
  mode: z
    .enum(["deploy", "gitops"], { error: "deploy or gitops" })
    .describe(
      "Who makes the workloads: with `deploy` the deployment itself, with `gitops` Argo CD from the site's configuration repository.",
    ),
});

export type Delivery = z.output<typeof deliverySchema>;
export type WorkspaceDelivery = z.output<typeof workspaceDeliverySchema>;
export type DeliveryServer = z.output<typeof serverSchema>;
export type DeliveryMode = NonNullable<Delivery["product"]>["namespaces"][string]["mode"];
