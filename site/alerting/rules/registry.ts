import { jobs } from "../jobs";
import type { RuleGroup } from "../rule-types";
import { systemAlert } from "./rule";

/** Harbor, the only place that nodes pull images from; asked for its health, since it shows no figures. */

const harbor = `job="${jobs.harbor}"`;

export const registryRules: RuleGroup = {
  name: "registry",
  rules: [
    systemAlert({
      alert: "RegistryDown",
      severity: "critical",
      minutes: 5,
      expr: `probe_success{${harbor}} == 0`,
      summary: "Harbor does not answer, or says that it is unwell",
      description:
        "Nodes pull no image that they do not have yet, so no Pod moves to another node.",
      runbook: [
        "`curl -k https://<registry>/api/v2.0/health` from a node: which component?",
        "On the registry host: `docker ps -a`, `docker logs` of what is not healthy, `df -h` of its data folder.",
        "`docker compose -f /opt/harbor/docker-compose.yml up -d` starts what is down.",
      ],
    }),
    systemAlert({
      alert: "RegistrySlow",
      severity: "warning",
      minutes: 15,
      expr: `avg_over_time(probe_duration_seconds{${harbor}}[5m]) > 5`,
      summary: "Harbor takes {{ $value | humanizeDuration }} to say how it is",
      description: "Pulls take long as well; Pods start late.",
      runbook: [
        "On the registry host: `iostat -x 5`, `docker stats`: disk or processor?",
        "Does garbage collection or a scan run? Move its schedule to the night (`registry` in the site file).",
      ],
    }),
    systemAlert({
      alert: "RegistryCertificateExpires",
      severity: "critical",
      minutes: 60,
      expr: `probe_ssl_earliest_cert_expiry{${harbor}} - time() < 30 * 86400`,
      summary: "Harbor's certificate ends in {{ $value | humanizeDuration }}",
      description: "Then no node pulls an image any more.",
      runbook: [
        "KubeKey made it, for ten years: renew it with its authority on the installer host, put it into /etc/docker/certs.d and containerd's certs.d of every node, and restart Harbor.",
      ],
    }),
  ],
};
