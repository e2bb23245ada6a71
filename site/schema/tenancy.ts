import { z } from "zod";
import { workspaceDeliverySchema } from "./delivery";
import {
  cidrField,
  cpuField,
  list,
  memoryField,
  nameField,
  portField,
  secretNameField,
  text,
  whole,
} from "./fields";

/** The site's `tenancy` key. */

/** Without hyphens, so that `<site>-<workspace>-<namespace>` can be read in one way only. */
const plainNameField = text(
  /^[a-z][a-z0-9]{0,19}$/,
  "a name of at most 20 lower-case letters and digits, beginning with a letter",
);

const subject = (what: string, example: string) =>
  text(
    /^(?!system:)[!-~]{1,253}$/,
    `the name of a ${what} such as ${example}: no spaces, and none of Kubernetes' own that begin with system:`,
  );

const subjectsSchema = z.strictObject({
  users: list(subject("user", "shift-lead@example.com"), 200, "users")
    .default([])
    .describe("Users, by the names under which the API server knows them."),
  groups: list(subject("group", "sorting-developers"), 200, "groups")
    .default([])
    .describe("Groups, by the names under which the API server knows them."),
});

const rolesSchema = z.strictObject({
  operator: subjectsSchema
    .prefault({})
    .describe(
      "Who may do everything in the workspace's namespaces, roles included, but change quotas, limit ranges and network policies.",
    ),
  developer: subjectsSchema
    .prefault({})
    .describe("Who may deploy: workloads, Services, configuration, secrets and routes."),
  viewer: subjectsSchema.prefault({}).describe("Who may look at everything but secrets."),
});

const amounts = (cpu: string, memory: string) =>
  z
    .strictObject({
      cpu: cpuField.default(cpu).describe("Cores, for example 500m or 4."),
      memory: memoryField.default(memory).describe("Memory, for example 256Mi or 8Gi."),
    })
    .prefault({});

const quotaSchema = z.strictObject({
  requests: amounts("4", "8Gi").describe("What all Pods together may ask the scheduler for."),
  limits: amounts("8", "16Gi").describe("What all Pods together may use at most."),
  pods: whole(1, 10_000, "Pods").default(50).describe("Pods at the same time."),
  claims: whole(0, 10_000, "claims").default(20).describe("Volume claims."),
  storageGiB: whole(0, 1_048_576, "storage in GiB")
    .default(100)
    .describe("Size of all volume claims together, in GiB."),
  nodePorts: whole(0, 1000, "node ports")
    .default(0)
    .describe("Ports that Services may open on every node."),
});

const containersSchema = z.strictObject({
  requests: amounts("50m", "64Mi").describe("What a container that states nothing asks for."),
  limits: amounts("500m", "512Mi").describe("What a container that states nothing may use."),
  most: amounts("4", "8Gi").describe("The highest limits that a container may state."),
});

const endSchema = z.strictObject({
  namespace: text(
    /^([a-z][a-z0-9]{0,19}\/[a-z][a-z0-9]{0,19}|[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)$/,
    "a namespace: workspace/namespace as in sorting/web, or one of the release's",
  )
    .optional()
    .describe("A tenant's namespace as `workspace/namespace`, or one of the release's."),
  cidr: cidrField.optional().describe("A network outside the cluster, such as 192.0.2.128/28."),
});

const allowSchema = z.strictObject({
  from: endSchema.optional().describe("Who may open connections to the namespace."),
  to: endSchema.optional().describe("What the namespace may open connections to."),
  ports: list(portField, 50, "ports")
    .min(1, { error: "at least one port" })
    .optional()
    .describe("TCP ports. Default: every port."),
});

const namespaceFields = {
  containers: containersSchema.prefault({}).describe("Defaults and bounds of single containers."),
  allow: list(allowSchema, 100, "exceptions")
    .default([])
    .describe(
      "Connections besides those within the namespace and to the platform. Between two namespaces of the site one statement opens both ends.",
    ),
  callsApi: z
    .boolean({ error: "true or false" })
    .default(false)
    .describe("Whether its Pods may reach the API server."),
};

const namespaceSchema = z.strictObject({
  quota: quotaSchema.prefault({}).describe("What the namespace may use at most."),
  ...namespaceFields,
  mesh: z
    .boolean({ error: "true or false" })
    .default(false)
    .describe("Whether its Pods are in the service mesh."),
  baselineBecause: text(/^[ -~]{8,200}$/, "a reason of 8 to 200 letters, such as what needs it")
    .optional()
    .describe(
      "Why its Pods may keep to the level `baseline` instead of `restricted`; kept on the namespace for whoever audits it.",
    ),
});

const productNamespaceSchema = z.strictObject({
  quota: quotaSchema
    .optional()
    .describe(
      "What the namespace may use at most; room for its Pods is checked. Absent: no bound.",
    ),
  ...namespaceFields,
});

/** Settings of a namespace of the release that the site says nothing of. */
export const productNamespaceDefaults = productNamespaceSchema.parse({});

const kubesphereSchema = z.strictObject({
  acceptLicence: z
    .boolean({ error: "true or false" })
    .default(false)
    .describe(
      "Whether the customer has the producer's permission: KubeSphere 4's licence restricts commercial use, embedding and distribution.",
    ),
  adminPasswordSecret: secretNameField
    .optional()
    .describe(
      "Secret with the first password of the user admin. Default: a random one, kept in state.",
    ),
  consoleNodePort: whole(30_000, 32_767, "a node port")
    .default(30_880)
    .describe("Port on every node that the console answers on."),
});

export const tenancySchema = z.strictObject({
  operators: subjectsSchema
    .prefault({})
    .describe("Who is operator of every workspace, the product's included."),
  product: z
    .strictObject({
      roles: rolesSchema.prefault({}).describe("Who may do what in the product's namespaces."),
      namespaces: z
        .record(nameField, productNamespaceSchema, {
          error: "an object of the release's namespaces and settings",
        })
        .default({})
        .describe("Settings of the release's namespaces, by their names."),
    })
    .prefault({})
    .describe("The product's own workspace: the release's namespaces, under their own names."),
  workspaces: z
    .record(
      plainNameField,
      z.strictObject({
        roles: rolesSchema.prefault({}).describe("Who may do what in the workspace."),
        namespaces: z
          .record(plainNameField, namespaceSchema, {
            error: "an object of namespace name and settings",
          })
          .describe(
            "Namespaces by short name; in Kubernetes `<site>-<workspace>-<namespace>`, which no other site has.",
          ),
        delivery: workspaceDeliverySchema
          .optional()
          .describe(
            "How the workspace deploys from a repository, at sites with the key `delivery`. Absent: it deploys by itself, as its roles allow.",
          ),
      }),
      { error: "an object of workspace name and settings" },
    )
    .default({})
    .describe("Workspaces of teams that deploy for themselves, by name."),
  kubesphere: kubesphereSchema
    .optional()
    .describe("KubeSphere's console over the cluster. Absent: none."),
});

export type Tenancy = z.output<typeof tenancySchema>;
export type TenancyNamespace = z.output<typeof namespaceSchema>;
export type TenancyQuota = z.output<typeof quotaSchema>;
export type TenancyContainers = z.output<typeof containersSchema>;
export type TenancyRoles = z.output<typeof rolesSchema>;
export type TenancySubjects = z.output<typeof subjectsSchema>;
export type TenancyException = z.output<typeof allowSchema>;
export type RoleName = keyof TenancyRoles;
