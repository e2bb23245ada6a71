import type { Path } from "../path";
import type { Site } from "../schema/site";

type Stated = Pick<Site, "delivery" | "tenancy">;

/** Secrets that delivery from repositories refers to, each with the place that names it. */
export function deliverySecrets({
  delivery,
  tenancy,
}: Stated): readonly { readonly path: Path; readonly secret: string }[] {
  const stated = [
    { path: ["delivery", "product", "accessSecret"], secret: delivery?.product?.accessSecret },
    ...Object.entries(tenancy?.workspaces ?? {}).flatMap(([workspace, { delivery: own }]) => {
      const path = ["tenancy", "workspaces", workspace, "delivery"];
      return [
        { path: [...path, "accessSecret"], secret: own?.accessSecret },
        { path: [...path, "runner", "tokenSecret"], secret: own?.runner?.tokenSecret },
      ];
    }),
  ];
  return stated.flatMap(({ path, secret }) => (secret === undefined ? [] : [{ path, secret }]));
}

export function deliverySecretNames(site: Stated): readonly string[] {
  return deliverySecrets(site).map(({ secret }) => secret);
}
