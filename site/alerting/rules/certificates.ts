import { jobs } from "../jobs";
import type { RuleGroup } from "../rule-types";
import { systemAlert } from "./rule";

/** Certificates that cert-manager looks after. */

const manager = `job="${jobs.certificates}"`;

export const certificateRules: RuleGroup = {
  name: "certificates",
  rules: [
    systemAlert({
      alert: "CertificateNotRenewed",
      severity: "warning",
      minutes: 6 * 60,
      expr: `certmanager_certificate_renewal_timestamp_seconds{${manager}} > 0 and time() - certmanager_certificate_renewal_timestamp_seconds{${manager}} > 0`,
      summary:
        "Certificate {{ $labels.exported_namespace }}/{{ $labels.name }} should have been renewed",
      description: "It is still valid; nobody notices until it ends.",
      runbook: [
        "`kubectl -n <namespace> describe certificate` and its CertificateRequest: which word of refusal?",
        "`kubectl -n cert-manager logs deploy/cert-manager`; is the issuer ready (`kubectl get clusterissuers`)?",
      ],
    }),
    systemAlert({
      alert: "CertificateExpires",
      severity: "critical",
      minutes: 15,
      expr: `certmanager_certificate_expiration_timestamp_seconds{${manager}} > 0 and certmanager_certificate_expiration_timestamp_seconds{${manager}} - time() < 7 * 86400`,
      summary: "Certificate {{ $labels.exported_namespace }}/{{ $labels.name }} ends within a week",
      description: "Then browsers and clients refuse what it serves.",
      runbook: [
        "As for CertificateNotRenewed, today; `cmctl renew` or `kubectl delete secret` of it makes a new one.",
      ],
    }),
    systemAlert({
      alert: "CertificateNotReady",
      severity: "warning",
      minutes: 15,
      expr: `max by (name, exported_namespace) (certmanager_certificate_ready_status{${manager},condition!="True"} == 1)`,
      summary: "Certificate {{ $labels.exported_namespace }}/{{ $labels.name }} is not ready",
      description: "What it is for serves none, or an old one.",
      runbook: ["As for CertificateNotRenewed."],
    }),
    systemAlert({
      alert: "CertificateManagerDown",
      severity: "critical",
      minutes: 10,
      expr: `absent(up{${manager}} == 1)`,
      summary: "cert-manager does not answer",
      description: "No certificate is made or renewed.",
      runbook: ["`kubectl -n cert-manager get pods` and their logs."],
    }),
  ],
};
