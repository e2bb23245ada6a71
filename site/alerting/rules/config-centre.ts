import { jobs } from "../jobs";
import type { RuleGroup } from "../rule-types";
import { systemAlert } from "./rule";

/** The config centre, asked from within the cluster. */
export const configCentreRules: RuleGroup = {
  name: "config-centre",
  rules: [
    systemAlert({
      alert: "ConfigCentreDown",
      severity: "critical",
      minutes: 5,
      expr: `probe_success{job="${jobs.configCentre}"} == 0`,
      summary: "The config centre does not answer",
      description:
        "Workloads that read their configuration from it do not start, or keep what they have.",
      runbook: [
        "Our own Consul: `kubectl -n consul get pods -o wide`; two of three servers must agree on a leader (`consul operator raft list-peers`).",
        "The customer's: is it reached from the cluster, and does its certificate hold?",
      ],
    }),
  ],
};
