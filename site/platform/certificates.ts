import type { BlueprintInput } from "../blueprint-input";
import type { Site } from "../schema/site";
import type {
  AuthorityBlueprint,
  CertificateBlueprint,
  CertificatesBlueprint,
} from "./certificates-types";
import { chartBlueprint } from "./parts";
import { spreadReplicas } from "./replicas";
import { certificateNames, gateway, standby, standbyInstalled, wildcardSecret } from "./routes";

const namespace = "cert-manager";
/** Who signs for everybody at the site. */
export const siteIssuer = "site-authority";
const bootstrapIssuer = "site-bootstrap";
const authoritySecret = "site-authority";

/** Little work, but the injector and the controller hold every Secret of the cluster in memory. */
const resources = {
  controller: {
    requests: { cpu: "20m", memory: "96Mi" },
    limits: { cpu: "500m", memory: "384Mi" },
  },
  webhook: { requests: { cpu: "10m", memory: "48Mi" }, limits: { cpu: "250m", memory: "128Mi" } },
  cainjector: {
    requests: { cpu: "10m", memory: "96Mi" },
    limits: { cpu: "250m", memory: "384Mi" },
  },
};

/** Everything decided about the site's certificates; undefined where the site has none. */
export function certificatesBlueprint(input: BlueprintInput): CertificatesBlueprint | undefined {
  const { name, site } = input;
  if (site.certificates === undefined) return undefined;
  const replicas = spreadReplicas(site);
  const pod = (podName: string, component: keyof typeof resources) => ({
    name: podName,
    namespace,
    replicas,
    resources: resources[component],
    nodeSelector: {},
    tolerates: [],
  });
  return {
    charts: [chartBlueprint(input, "cert-manager", "cert-manager", namespace)],
    crds: ["cert-manager"],
    programs: [],
    namespaces: [
      { name: namespace, labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
    ],
    pods: [
      pod("cert-manager", "controller"),
      pod("cert-manager-webhook", "webhook"),
      pod("cert-manager-cainjector", "cainjector"),
    ],
    namespace,
    replicas,
    resources,
    authority: authority(name, site.certificates),
    issuer: siteIssuer,
    authoritySecret,
    issued: issued(input),
    monitored: false,
  };
}

function authority(
  site: string,
  { authority: given, authorityLifetime }: NonNullable<Site["certificates"]>,
): AuthorityBlueprint {
  if (given !== undefined) return { kind: "given", ...given };
  return {
    kind: "generated",
    bootstrapIssuer,
    certificate: {
      name: authoritySecret,
      namespace,
      secretName: authoritySecret,
      // X.509 allows 64 letters; a name of our own tells authorities of several sites apart.
      commonName: `${site} authority`.slice(0, 64),
      dnsNames: [],
      days: authorityLifetime.days,
      renewBeforeDays: authorityLifetime.renewBeforeDays,
      authority: true,
      rotation: "Never",
      issuer: bootstrapIssuer,
    },
  };
}

/** One certificate for every name of the site, in each namespace that answers for them: Secrets are not shared. */
function issued({ site, release }: BlueprintInput): readonly CertificateBlueprint[] {
  const dnsNames = certificateNames(site, release);
  const { certificates, mesh } = site;
  if (dnsNames.length === 0 || certificates === undefined) return [];
  const namespaces = [
    ...(mesh === undefined ? [] : [gateway.namespace]),
    ...(standbyInstalled(site) ? [standby.namespace] : []),
  ];
  return namespaces.map((namespace) => ({
    name: wildcardSecret,
    namespace,
    secretName: wildcardSecret,
    dnsNames,
    days: certificates.lifetime.days,
    renewBeforeDays: certificates.lifetime.renewBeforeDays,
    authority: false,
    rotation: "Always",
    issuer: siteIssuer,
  }));
}
