import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { manyWorkloads } from "./workloads";

/**
 * Writes what a team without Sitewright would have: one chart that ranges over the same workloads in its values, and
 * renders for each its Pods' controller, environment, Services, disruption budget and route. No checks, no platform.
 */
export function writeChart(folder: string, count: number): void {
  mkdirSync(join(folder, "templates"), { recursive: true });
  writeFileSync(
    join(folder, "Chart.yaml"),
    stringify({ apiVersion: "v2", name: "product", version: "1.0.0" }),
  );
  const workloads = manyWorkloads(count, "parcels");
  writeFileSync(join(folder, "values.yaml"), stringify({ workloads }));
  writeFileSync(join(folder, "templates", "workloads.yaml"), template);
}

const template = `{{- define "pod" -}}
metadata:
  labels: {app: {{ .name }}}
  annotations: {checksum/config: {{ .workload.env | toJson | sha256sum }}}
spec:
  automountServiceAccountToken: false
  securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
  affinity:
    podAntiAffinity:
      preferredDuringSchedulingIgnoredDuringExecution:
        - weight: 100
          podAffinityTerm: {topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: {{ .name }}}}}
  containers:
    - name: {{ .name }}
      image: {{ .workload.image | replace "docker.io" "registry.site.example" }}
      {{- with .workload.command }}
      command: {{ toJson . }}
      {{- end }}
      {{- if .workload.env }}
      envFrom: [{configMapRef: {name: {{ .name }}-config}}]
      {{- end }}
      {{- with .workload.ports }}
      ports:
        {{- range . }}
        - {name: {{ .name }}, containerPort: {{ .port }}}
        {{- end }}
      {{- end }}
      {{- with .workload.probe }}
      readinessProbe: {tcpSocket: {port: {{ .port }}}}
      livenessProbe: {tcpSocket: {port: {{ .port }}}}
      {{- end }}
      resources: {{ toJson .workload.resources }}
{{- end -}}
{{- range $name, $workload := .Values.workloads }}
{{- $pod := include "pod" (dict "name" $name "workload" $workload) }}
{{- $meta := printf "{name: %s, namespace: %s, labels: {app: %s}}" $name $workload.namespace $name }}
---
apiVersion: {{ if eq $workload.kind "CronJob" }}batch/v1{{ else }}apps/v1{{ end }}
kind: {{ $workload.kind }}
metadata: {{ $meta }}
spec:
  {{- if eq $workload.kind "CronJob" }}
  schedule: {{ $workload.schedule | quote }}
  jobTemplate:
    spec:
      template:
{{ $pod | indent 8 }}
          restartPolicy: Never
  {{- else }}
  replicas: {{ $workload.replicas | default 1 }}
  selector: {matchLabels: {app: {{ $name }}}}
  {{- if eq $workload.kind "StatefulSet" }}
  serviceName: {{ $name }}-headless
  volumeClaimTemplates:
    {{- range $workload.claims }}
    - metadata: {name: {{ .name }}}
      spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: {{ .sizeGiB }}Gi}}}
    {{- end }}
  {{- end }}
  template:
{{ $pod | indent 4 }}
  {{- end }}
{{- if $workload.env }}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: {{ $name }}-config, namespace: {{ $workload.namespace }}}
data: {{ toJson $workload.env }}
{{- end }}
{{- if $workload.ports }}
---
apiVersion: v1
kind: Service
metadata: {{ $meta }}
spec: {selector: {app: {{ $name }}}, ports: {{ toJson $workload.ports }}}
{{- end }}
{{- if gt (int $workload.replicas) 1 }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {{ $meta }}
spec: {maxUnavailable: 1, selector: {matchLabels: {app: {{ $name }}}}}
{{- end }}
{{- if $workload.expose }}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {{ $meta }}
spec:
  rules: [{host: {{ $name }}.apps.site.example, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: {{ $name }}, port: {name: http}}}}]}}]
{{- end }}
{{- end }}
`;
