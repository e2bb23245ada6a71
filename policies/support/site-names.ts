import type { Blueprint } from "../../site/blueprint-types";
import { ofBlueprint } from "./of-blueprint";
import type { Finding } from "./rule";
import { siteRedirects, siteRoutes } from "./site-routes";

/** Under which names a site may be reached, and how. */
export interface SiteNames {
  /** Domains that names may be below. */
  readonly domains: readonly string[];
  /** Names that the site states, wherever they are. */
  readonly stated: ReadonlySet<string>;
  /** Whether requests may come unencrypted, and stay so: the site has no certificates, or sends nothing on. */
  readonly plain: boolean;
  /** Middlewares of the standby that send plain HTTP on to HTTPS, each `namespace/name`. */
  readonly redirects: ReadonlySet<string>;
}

const own = ofBlueprint((blueprint): SiteNames | undefined => {
  const { ingress, mesh, certificates } = blueprint.platform;
  if (ingress === undefined) return undefined;
  const { server, passthroughHosts = [] } = mesh?.gateway ?? {};
  const redirects = siteRedirects(blueprint);
  const routes = siteRoutes(blueprint).flatMap(({ route }) => route.hosts);
  return {
    domains: ingress.domain === undefined ? [] : [ingress.domain],
    // All names of the domain at once are for the gateway alone.
    stated: new Set(
      [...(server?.hosts ?? []), ...passthroughHosts, ...routes].filter((host) => host[0] !== "*"),
    ),
    plain: certificates === undefined || (server?.httpsRedirect !== true && redirects.size === 0),
    redirects,
  };
});

/** Names of a site; undefined where it serves none. `further` is what it has beside its own. */
export function siteNames(
  blueprint: Blueprint,
  further: Readonly<Record<"domains" | "redirects", readonly string[]>>,
): SiteNames | undefined {
  const names = own(blueprint);
  if (names === undefined) return undefined;
  return {
    ...names,
    domains: [...names.domains, ...further.domains],
    redirects: new Set([...names.redirects, ...further.redirects]),
  };
}

/** What is wrong with a host name at `path`. */
export function* nameFaults(
  path: string,
  host: unknown,
  { domains, stated }: SiteNames,
): Iterable<Finding> {
  const below = domains.length > 0 ? `below ${domains.join(" or ")}` : "that the site states";
  const needed = `a host name ${below}`;
  if (typeof host !== "string" || host === "") {
    yield { path, needed, given: "nothing, which means any", absent: true };
    return;
  }
  const name = host.toLowerCase();
  const first = name.startsWith("*.") ? name.slice(2) : name;
  const isBelow = domains.some(
    (domain) => first.endsWith(`.${domain}`) || (first === domain && first === name),
  );
  if (!isBelow && !stated.has(name)) yield { path, needed, given: host };
}
