import fc from "fast-check";
import { type Mutation, oneOf, withChanged } from "../support/mutation";

// biome-ignore lint/suspicious/noExplicitAny: spoilt in ways that no type allows
type Spec = any;

/** What makes the update of each kind a bad one. */
const worse: Readonly<Record<string, readonly ((spec: Spec) => void)[]>> = {
  StatefulSet: [
    (spec) => {
      spec.updateStrategy = { type: "OnDelete" };
    },
    (spec) => {
      spec.updateStrategy = { type: "RollingUpdate", rollingUpdate: { partition: 1 } };
    },
  ],
  DaemonSet: [
    (spec) => {
      spec.updateStrategy = { type: "OnDelete" };
    },
    (spec) => {
      spec.updateStrategy = { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "100%" } };
    },
  ],
};

const ofAny = [
  (spec: Spec) => {
    spec.revisionHistoryLimit = 0;
  },
  (spec: Spec) => {
    spec.revisionHistoryLimit = 1000;
  },
];

export const mutation: Mutation = {
  title: "an update that never ends, takes all Pods down or leaves no way back",
  changed: (site) =>
    oneOf(site, ({ object }) => Object.hasOwn(worse, object?.kind ?? "")).chain((target) =>
      fc
        .constantFrom(...ofAny, ...(worse[target.object?.kind ?? ""] ?? []))
        .map((spoil) => withChanged(site, target, ({ spec }) => spoil(spec))),
    ),
};
