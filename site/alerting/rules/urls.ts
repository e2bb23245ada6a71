import { jobs } from "../jobs";
import type { RuleGroup } from "../rule-types";
import { systemAlert } from "./rule";

/** Addresses that clients use, asked from within the site, and the standby ingress. */

const urls = `job="${jobs.urls}"`;

const asked = [
  "`curl -vk` it from a host of the site: no connection, a wrong certificate, or an answer of the workload?",
  "Look at its Pods, its route (`kubectl get virtualservices,ingressroutes -A`) and the edge's rules.",
];

export const urlRules: RuleGroup = {
  name: "urls",
  rules: [
    systemAlert({
      alert: "UrlFails",
      severity: "critical",
      minutes: 3,
      expr: `probe_success{${urls}} == 0`,
      summary: "{{ $labels.instance }} does not answer as it should",
      description: "Who uses it sees a fault, or nothing.",
      runbook: asked,
    }),
    systemAlert({
      alert: "UrlSlow",
      severity: "warning",
      minutes: 15,
      expr: `avg_over_time(probe_duration_seconds{${urls}}[5m]) > 3`,
      summary: "{{ $labels.instance }} takes {{ $value | humanizeDuration }} to answer",
      description: "It is so from within the site; clients wait longer.",
      runbook: asked,
    }),
    systemAlert({
      alert: "UrlCertificateExpires",
      severity: "warning",
      minutes: 60,
      expr: `probe_ssl_earliest_cert_expiry{${urls}} - time() < 20 * 86400`,
      summary: "The certificate of {{ $labels.instance }} ends in {{ $value | humanizeDuration }}",
      description: "Then browsers and clients refuse it.",
      runbook: [
        "One of the site's own authority: see CertificateNotRenewed; it should have been renewed.",
        "One of the customer's, or of Harbor: ask for a new one and put it where it is served.",
      ],
    }),
    systemAlert({
      alert: "UrlCertificateExpiresNow",
      severity: "critical",
      minutes: 15,
      expr: `probe_ssl_earliest_cert_expiry{${urls}} - time() < 5 * 86400`,
      summary: "The certificate of {{ $labels.instance }} ends in {{ $value | humanizeDuration }}",
      description: "Then browsers and clients refuse it.",
      runbook: ["As for UrlCertificateExpires, today."],
    }),
  ],
};

const standby = `job="${jobs.standby}"`;

export const standbyRules: RuleGroup = {
  name: "standby",
  rules: [
    systemAlert({
      alert: "StandbyIngressDown",
      severity: "warning",
      minutes: 10,
      expr: `absent(up{${standby}} == 1)`,
      summary: "The standby ingress does not answer",
      description:
        "It could not take over from the gateways; where it serves itself, nobody reaches anything.",
      runbook: ["`kubectl get pods -A -l app.kubernetes.io/name=traefik -o wide` and their logs."],
    }),
    systemAlert({
      alert: "StandbyIngressErrors",
      severity: "warning",
      minutes: 10,
      expr: `sum by (service) (rate(traefik_service_requests_total{${standby},code=~"5.."}[5m])) / sum by (service) (rate(traefik_service_requests_total{${standby}}[5m])) > 0.05`,
      summary:
        "The standby ingress answers {{ $value | humanizePercentage }} of the requests for {{ $labels.service }} with a fault",
      description: "Those who use it see faults.",
      runbook: [
        "Logs of the workload behind it, then of traefik.",
        "Status 502 or 504: no Pod was reached; look at its network policies.",
      ],
    }),
  ],
};
