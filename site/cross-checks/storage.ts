import type { CrossCheck } from "../check-input";
import { show, siteProblem } from "../problems";
import { cephChecks } from "./storage-ceph";
import { storageClaims } from "./storage-claims";

/** The settings stated are those of the kind stated. */
const settingsOfKind: CrossCheck = {
  reads: [["storage"]],
  find: ({ site: { storage } }) => {
    if (storage === undefined) return [];
    const { kind } = storage;
    const others = (["ceph", "nfs", "local"] as const).filter(
      (other) => other !== kind && storage[other] !== undefined,
    );
    const missing = kind !== "local" && storage[kind] === undefined;
    return [
      ...(missing
        ? [siteProblem(["storage", kind], `settings, since storage.kind is ${kind}`, "nothing")]
        : []),
      ...others.map((other) =>
        siteProblem(
          ["storage", other],
          `to be absent, since storage.kind is ${kind}`,
          "an object",
          `remove it, or set storage.kind to ${other}`,
        ),
      ),
    ];
  },
};

/** Local volumes bind a Pod to its node; with several workers that must be meant. */
const localOnSeveral: CrossCheck = {
  reads: [["storage"], ["hosts"]],
  find: ({ site: { storage }, hosts }) => {
    if (storage?.kind !== "local") return [];
    const workers = hosts.filter(({ host }) => host.roles.includes("worker")).length;
    const meant = storage.local?.dataStaysOnItsNode === true;
    if (workers <= 1 || meant) return [];
    return [
      siteProblem(
        ["storage", "local", "dataStaysOnItsNode"],
        `true with ${workers} workers: a Pod with a volume cannot leave its node, and its data is lost with it`,
        "false",
        "set it to true if that is meant, or use storage.kind nfs or ceph",
      ),
    ];
  },
};

/** Two classes of one name would be one. */
const distinctClasses: CrossCheck = {
  reads: [["storage"]],
  find: ({ site: { storage } }) => {
    if (storage?.kind !== "ceph" || storage.ceph === undefined) return [];
    const { block, filesystem, object, defaultClass } = storage.ceph;
    const named = [
      { key: "block", name: block.class, present: true },
      { key: "filesystem", name: filesystem.class, present: filesystem.enabled },
      { key: "object", name: object.class, present: object.enabled },
    ].filter(({ present }) => present);
    const twice = named.filter(({ name }, at) =>
      named.slice(0, at).some((earlier) => earlier.name === name),
    );
    const noDefault = defaultClass === "filesystem" && !filesystem.enabled;
    return [
      ...twice.map(({ key, name }) =>
        siteProblem(
          ["storage", "ceph", key, "class"],
          "a name that no other class has",
          show(name),
        ),
      ),
      ...(noDefault
        ? [
            siteProblem(
              ["storage", "ceph", "defaultClass"],
              "block or none, since filesystem.enabled is false",
              show(defaultClass),
            ),
          ]
        : []),
    ];
  },
};

export const storageChecks: readonly CrossCheck[] = [
  settingsOfKind,
  ...cephChecks,
  localOnSeveral,
  distinctClasses,
  storageClaims,
];
