import type { Blueprint } from "../../site/blueprint-types";
import type { RedirectBlueprint, RouteBlueprint } from "../../site/platform/ingress-types";
import { ofBlueprint } from "./of-blueprint";

/** A route that the site is meant to have, and the namespace that it belongs to. */
export interface SiteRoute {
  readonly namespace: string;
  readonly route: RouteBlueprint;
}

/** Routes to the product and to the platform's pages. */
export const siteRoutes = ofBlueprint((blueprint): readonly SiteRoute[] => [
  ...blueprint.workloads.flatMap(({ namespace, routes = [] }) =>
    routes.map((route) => ({ namespace, route })),
  ),
  ...pagesOf(blueprint).flatMap(({ namespace, routes }) =>
    routes.map((route) => ({ namespace, route })),
  ),
]);

/** Middlewares of the standby that send plain HTTP on to HTTPS, each `namespace/name`. */
export const siteRedirects = ofBlueprint((blueprint): ReadonlySet<string> => {
  const redirects = [
    ...blueprint.namespaces.map(({ name: namespace, redirect }) => ({ namespace, redirect })),
    ...pagesOf(blueprint),
  ];
  return new Set(
    redirects.flatMap(({ namespace, redirect }) =>
      redirect === undefined ? [] : [`${namespace}/${redirect.name}`],
    ),
  );
});

interface Pages {
  readonly namespace: string;
  readonly routes: readonly RouteBlueprint[];
  readonly redirect: RedirectBlueprint | undefined;
}

function pagesOf({ platform }: Blueprint): readonly Pages[] {
  const { delivery, logging, monitoring, nightingale, tracing } = platform;
  const pages = (
    namespace: string,
    redirect: RedirectBlueprint | undefined,
    ...routes: readonly (RouteBlueprint | undefined)[]
  ): Pages => ({
    namespace,
    redirect,
    routes: routes.filter((route) => route !== undefined),
  });
  return [
    ...(monitoring === undefined
      ? []
      : [
          pages(
            monitoring.namespace,
            monitoring.redirect,
            ...monitoring.pages.map(({ route }) => route),
          ),
        ]),
    ...(logging?.store === undefined
      ? []
      : [pages(logging.namespace, logging.store.redirect, logging.store.route)]),
    ...[nightingale, tracing, delivery?.argo].flatMap((part) =>
      part === undefined ? [] : [pages(part.namespace, part.redirect, part.route)],
    ),
  ];
}
