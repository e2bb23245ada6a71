{{- define "stack.name" -}}{{ .Values.fullnameOverride | default (printf "%s-kube-prometheus-stack" .Release.Name | trunc 26 | trimSuffix "-") }}{{- end }}
{{/* Affinity of the operator's Pods: root, name of the program, name of the object, kind of affinity, label. */}}
{{- define "stack.affinity" -}}
{{- $term := dict "topologyKey" "kubernetes.io/hostname" "labelSelector" (dict "matchExpressions" (list
      (dict "key" "app.kubernetes.io/name" "operator" "In" "values" (list .program))
      (dict "key" .program "operator" "In" "values" (list .object)))) }}
{{- if eq .kind "hard" }}
podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{{ toJson $term }}] }
{{- else }}
podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: {{ toJson $term }} }] }
{{- end }}
{{- end }}
{{- define "stack.budget" -}}
{{- if .of.podDisruptionBudget.enabled }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: {{ .name }}, namespace: {{ .root.Release.Namespace }} }
spec:
  minAvailable: {{ .of.podDisruptionBudget.minAvailable }}
  selector: { matchLabels: { app.kubernetes.io/name: {{ .program }}, {{ .program }}: {{ .name }} } }
{{- end }}
{{- end }}
{{/* A Service with what reads it: root, name, namespace, ports, selector, relabelings, further fields of the endpoint. */}}
{{- define "stack.read" -}}
---
apiVersion: v1
kind: Service
metadata: { name: {{ .name }}, namespace: {{ .namespace | default .root.Release.Namespace }}, labels: { app: {{ .name }}, jobLabel: {{ .job }} } }
spec:
  {{- if .headless }}
  clusterIP: None
  {{- end }}
  {{- with .selector }}
  selector: {{ toJson . }}
  {{- end }}
  ports: {{ toJson .ports }}
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: { name: {{ .name }}, namespace: {{ .root.Release.Namespace }} }
spec:
  jobLabel: jobLabel
  selector: { matchLabels: { app: {{ .name }} } }
  namespaceSelector: { matchNames: [{{ .namespace | default .root.Release.Namespace }}] }
  endpoints: [{{ toJson (merge (dict "port" (index .ports 0).name) (.endpoint | default dict)) }}]
{{- end }}
