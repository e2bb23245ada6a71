/** Uids of all dashboards that a site can have. */
export const uids = {
  overview: "site-overview",
  hosts: "site-hosts",
  windows: "site-windows",
  workloads: "site-workloads",
  mesh: "site-mesh",
  ceph: "site-ceph",
  harbor: "site-harbor",
  logging: "site-logging",
  delivery: "site-delivery",
  business: "site-business",
  edge: "site-edge",
  controlPlane: "site-control-plane",
  monitoring: "site-monitoring",
  tracing: "site-tracing",
} as const;

/** Folders that dashboards are kept in. */
export const folders = {
  site: "Site",
  platform: "Platform",
  product: "Product",
} as const;
